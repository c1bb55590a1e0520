namespace Deeplay;

/// <content>Lists of modules, and what makes one tensor of several.</content>
public static partial class Layers
{
    /// <summary>Modules in a list.</summary>
    /// <param name="layers">The modules, in order; they are named 0, 1, ….</param>
    public static ModuleSpec LayerList(params ModuleSpec[] layers) =>
        Factory.Make(FSharp.LayerList.definition, ("layers", layers));

    /// <summary>Modules that run one after another.</summary>
    /// <param name="layers">The modules, in order; they are named 0, 1, ….</param>
    public static ModuleSpec Sequential(params ModuleSpec[] layers) =>
        Factory.Make(FSharp.Sequential.definition, ("layers", layers));

    /// <summary>Modules that all run on the same input.</summary>
    /// <param name="layers">The modules, in order; they are named 0, 1, ….</param>
    /// <param name="keys">The names of the outputs, one for each module; null for none.</param>
    public static ModuleSpec Parallel(IReadOnlyList<ModuleSpec> layers, IReadOnlyList<string>? keys = null) =>
        Factory.Make(FSharp.Parallel.definition, ("layers", layers), ("keys", keys));

    /// <summary>The sum of its inputs.</summary>
    /// <param name="inputs">The number of inputs.</param>
    public static ModuleSpec Add(long inputs = 2) => Factory.Make(FSharp.Add.definition, ("inputs", inputs));

    /// <summary>Its inputs joined along a dimension.</summary>
    /// <param name="dim">The dimension along which they are joined.</param>
    /// <param name="inputs">The number of inputs.</param>
    public static ModuleSpec Cat(long dim = 1, long inputs = 2) =>
        Factory.Make(FSharp.Cat.definition, ("dim", dim), ("inputs", inputs));

    /// <summary>A function over tensors, as a module.</summary>
    /// <param name="function">The function over the inputs.</param>
    /// <param name="inputs">The number of inputs.</param>
    public static ModuleSpec Lambda(TensorFunction function, long inputs = 1) =>
        Factory.Make(FSharp.Lambda.definition, ("function", function), ("inputs", inputs));
}
