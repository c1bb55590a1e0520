namespace Deeplay;

/// <summary>A parameter of a definition or an action, whatever its type.</summary>
public abstract class ModuleParameter
{
    private protected ModuleParameter(Core.Parameter core) => Inner = core;

    internal Core.Parameter Inner { get; }

    /// <summary>Its name, as PyTorch or Deeplay write it: <c>out_features</c>.</summary>
    public string Name => Inner.Name;

    /// <summary>What it takes, in words.</summary>
    public string Type => Core.ValueModule.describeType(Inner.Type);

    /// <summary>The value it has where none is given; <see cref="Unset"/> where it must be given or inferred.</summary>
    public object? Default => Values.Object(Inner.Default);

    /// <summary>What it means.</summary>
    public string Documentation => Inner.Documentation;

    /// <summary>As it is listed: <c>p: a float = 0.5</c>.</summary>
    public override string ToString() => Core.Listing.parameter(Inner).ToString();

    internal static IReadOnlyList<ModuleParameter> Of(Core.Signature signature) =>
        [.. signature.Parameters.Select(parameter => new Parameter<object>(parameter))];

    internal static FSharpList<Core.Param> All(IEnumerable<ModuleParameter> parameters) =>
        Interop.List(parameters.Select(Core.Param (p) => new Key(p.Inner)));

    private sealed class Key(Core.Parameter parameter) : Core.Param(parameter);
}
