namespace Deeplay;

/// <summary>A tensor of a module for which a file has another one.</summary>
/// <param name="Name">The module's name of it.</param>
/// <param name="Expected">Shape and dtype in the module: <c>(2, 3) float32</c>.</param>
/// <param name="Found">Shape and dtype in the file.</param>
public sealed record TensorDifference(string Name, string Expected, string Found)
{
    internal static IReadOnlyList<TensorDifference> All(IEnumerable<Torch.TensorDifference> all) =>
        [.. all.Select(one => new TensorDifference(one.Name, one.Expected, one.Found))];
}

/// <summary>What of a file is in a module, and what is not. Names are the module's, in the order of its state dict, but for those that
/// only the file has.</summary>
public sealed class StateDictReport
{
    private readonly Torch.StateDictReport inner;

    internal StateDictReport(Torch.StateDictReport inner) => this.inner = inner;

    /// <summary>What was loaded, or can be.</summary>
    public IReadOnlyList<string> Loaded => [.. inner.Loaded];

    /// <summary>What the module has and the file has not.</summary>
    public IReadOnlyList<string> Missing => [.. inner.Missing];

    /// <summary>What is left over: the file has it and the module has not. Names are those that the rules made of the file's.</summary>
    public IReadOnlyList<string> Unexpected => [.. inner.Unexpected];

    /// <summary>What has another shape in the file, or complex numbers where the module has real ones.</summary>
    public IReadOnlyList<TensorDifference> Mismatched => TensorDifference.All(inner.Mismatched);

    /// <summary>What is loaded and has another dtype in the file: its numbers were converted.</summary>
    public IReadOnlyList<TensorDifference> Converted => TensorDifference.All(inner.Converted);

    /// <summary>Rules that spoke of no name of the file.</summary>
    public NameMap UnusedRules => new(inner.UnusedRules);

    /// <summary>Whether module and file have the same names and shapes, and every rule was used.</summary>
    public bool IsExact => inner.IsExact;

    /// <summary>Everything, a line for each name, with the names that are near.</summary>
    public override string ToString() => inner.ToString();
}
