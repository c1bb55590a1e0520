namespace Deeplay;

/// <summary>The value of a parameter that is to be inferred, as opposed to null: "nothing, on purpose".</summary>
public sealed class Unset
{
    private Unset() { }

    /// <summary>The only one there is.</summary>
    public static Unset Value { get; } = new();

    /// <summary>"unset".</summary>
    public override string ToString() => "unset";
}
