using System.Collections;

namespace Deeplay;

/// <summary>What differs between two modules.</summary>
public sealed class Diff : IReadOnlyList<string>
{
    private readonly IReadOnlyList<string> lines;

    private Diff(IReadOnlyList<string> lines) => this.lines = lines;

    /// <summary>What differs between the trees of two modules, in tree order. A part that is on one side alone is
    /// named once, without what it contains.</summary>
    public static Diff Between(ModuleSpec before, ModuleSpec after) =>
        Interop.Run(() =>
            new Diff([
                .. Core
                    .Diff.specs(before.Given().Spec, after.Given().Spec)
                    .Select(difference => Core.Diff.describe(Interop.List([difference]))),
            ])
        );

    /// <summary>Whether nothing differs.</summary>
    public bool IsEmpty => lines.Count == 0;

    /// <summary>The number of differences.</summary>
    public int Count => lines.Count;

    /// <summary>A difference as a line.</summary>
    public string this[int index] => lines[index];

    /// <summary>The differences as lines.</summary>
    public IEnumerator<string> GetEnumerator() => lines.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>The differences, one a line; "no difference" where there are none.</summary>
    public override string ToString() => IsEmpty ? "no difference" : string.Join("\n", lines);
}
