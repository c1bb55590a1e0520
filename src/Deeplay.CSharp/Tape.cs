using System.Collections;

namespace Deeplay;

/// <summary>The changes of a module, in order, as data.</summary>
public sealed class Tape : IReadOnlyList<Step>
{
    internal Tape(IReadOnlyList<Core.Step> steps) => Steps = steps;

    internal IReadOnlyList<Core.Step> Steps { get; }

    /// <summary>The number of steps.</summary>
    public int Count => Steps.Count;

    /// <summary>A step, counted from 0.</summary>
    public Step this[int index] => new(Steps[index]);

    /// <summary>Some of the steps, to be replayed.</summary>
    public Tape Slice(int start, int length) => new([.. Steps.Skip(start).Take(length)]);

    /// <summary>The steps, the oldest first.</summary>
    public IEnumerator<Step> GetEnumerator() => Steps.Select(step => new Step(step)).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>The tape as JSON.</summary>
    public string ToJson() => Interop.Run(() => Core.Fail.unwrap(Core.Codec.encodeTape(Interop.List(Steps))));

    /// <summary>The tape that a JSON text describes. Ids are looked up in the registry and nowhere else.</summary>
    public static Tape FromJson(string json, Registry? registry = null) =>
        Interop.Run(() =>
            new Tape([
                .. Core.Fail.unwrap(
                    Core.Codec.decodeTape((registry ?? Registry.Standard).Inner, json.Given())
                ),
            ])
        );

    /// <summary>A line for each step.</summary>
    public override string ToString() => string.Join("\n", this);
}
