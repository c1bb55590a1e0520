namespace Deeplay;

/// <summary>A tensor of a forward pass that has no numbers yet: what a forward function is traced over.</summary>
public sealed partial class Sym
{
    internal Sym(Core.Sym inner) => Inner = inner;

    internal Core.Sym Inner { get; }

    internal static FSharpList<Core.Sym> All(IEnumerable<Sym> tensors) =>
        Interop.List(tensors.Select(tensor => tensor.Given().Inner));

    private static (Sym Values, Sym Indices) Pair(Tuple<Core.Sym, Core.Sym> pair) =>
        (new(pair.Item1), new(pair.Item2));

    internal static Sym[] All(IEnumerable<Core.Sym> tensors) =>
        [.. tensors.Select(tensor => new Sym(tensor))];
}
