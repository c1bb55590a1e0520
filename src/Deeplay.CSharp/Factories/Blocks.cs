namespace Deeplay;

/// <summary>Blocks: named children that run in order, and are there to be edited.</summary>
public static class Blocks
{
    /// <summary>A linear layer with its activation, normalization and dropout.</summary>
    /// <param name="inFeatures">The input's last size; inferred where null.</param>
    /// <param name="outFeatures">The output's last size.</param>
    /// <param name="bias">Whether a learned bias is added.</param>
    /// <param name="activation">The activation; none where null.</param>
    /// <param name="normalization">The normalization; none where null.</param>
    /// <param name="dropout">The dropout: its probability, or a module; none where null.</param>
    /// <param name="order">The names of the children in the order they run; null for the usual
    /// order.</param>
    public static ModuleSpec LinearBlock(
        long? inFeatures,
        long outFeatures,
        bool bias = true,
        ModuleSpec? activation = null,
        ModuleSpec? normalization = null,
        double? dropout = null,
        IReadOnlyList<string>? order = null
    ) =>
        Factory.Make(
            FSharp.LinearBlock.definition,
            ("in_features", inFeatures),
            ("out_features", outFeatures),
            ("bias", bias),
            ("activation", activation),
            ("normalization", normalization),
            ("dropout", dropout),
            ("order", order)
        );

    /// <summary>Named children that run in order.</summary>
    /// <param name="layers">The modules, in order.</param>
    /// <param name="names">The names of the layers, one for each.</param>
    /// <param name="order">The names of the children in the order they run; null for the usual
    /// order.</param>
    public static ModuleSpec SequentialBlock(
        IReadOnlyList<ModuleSpec> layers,
        IReadOnlyList<string>? names = null,
        IReadOnlyList<string>? order = null
    ) =>
        Factory.Make(
            FSharp.SequentialBlock.definition,
            ("layers", layers),
            ("names", names),
            ("order", order)
        );

    /// <summary>Named children that run in order.</summary>
    /// <param name="children">The names and the modules, in order.</param>
    public static ModuleSpec SequentialBlock(params (string Name, ModuleSpec Layer)[] children) =>
        SequentialBlock(
            [.. children.Select(child => child.Layer)],
            [.. children.Select(child => child.Name)]
        );
}
