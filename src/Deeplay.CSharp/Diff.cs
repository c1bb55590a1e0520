namespace Deeplay;

/// <summary>What differs between two modules: a line for each difference.</summary>
public sealed class Diff : ReadOnlyCollection<string>
{
    private Diff(IEnumerable<string> lines)
        : base([.. lines]) { }

    /// <summary>What differs between the trees of two modules, in tree order. A part that is on one side alone is
    /// named once, without what it contains.</summary>
    public static Diff Between(ModuleSpec before, ModuleSpec after) =>
        new(
            Core.Diff.specs(before.Given().Spec, after.Given().Spec)
                .Select(difference => Core.Diff.describe(Interop.List([difference])))
        );

    /// <summary>Whether nothing differs.</summary>
    public bool IsEmpty => Count == 0;

    /// <summary>The differences, one a line; "no difference" where there are none.</summary>
    public override string ToString() => IsEmpty ? "no difference" : string.Join("\n", this);
}
