namespace Deeplay;

/// <summary>The changes of a module, in order, as data.</summary>
public sealed class Tape : ReadOnlyCollection<Step>
{
    internal Tape(IEnumerable<Step> steps)
        : base([.. steps]) { }

    internal Tape(IEnumerable<Core.Step> steps)
        : this(steps.Select(step => new Step(step))) { }

    internal FSharpList<Core.Step> Inner => Interop.List(this.Select(step => step.Inner));

    /// <summary>Some of the steps, to be replayed.</summary>
    public Tape Slice(int start, int length) => new(this.Skip(start).Take(length));

    /// <summary>The tape as JSON.</summary>
    public string ToJson() => Core.Fail.unwrap(Core.Codec.encodeTape(Inner));

    /// <summary>The tape that a JSON text describes. Ids are looked up in the registry and nowhere else.</summary>
    public static Tape FromJson(string json, Registry? registry = null) =>
        new(Core.Fail.unwrap(Core.Codec.decodeTape((registry ?? Registry.Standard).Inner, json.Given())));

    /// <summary>A line for each step.</summary>
    public override string ToString() => string.Join("\n", this);
}
