namespace Deeplay;

/// <summary>One change of a module: what was changed, where, and from which place of the user's program.</summary>
public sealed record Step
{
    internal Step(Core.Step step) => Inner = step;

    internal Core.Step Inner { get; }

    /// <summary>The tags of the modules that were changed; the root's is empty.</summary>
    public IReadOnlyList<string> Targets => [.. Inner.Targets.Select(tag => tag.ToString())];

    /// <summary>The step as a line: <c>blocks.0.layer: bias = False</c>.</summary>
    public string Description => Core.Tape.describe(Inner);

    /// <summary>The name it is grouped under.</summary>
    public string? Group => Inner.Group?.Value;

    /// <summary>Where it was called from.</summary>
    public SourceLocation? Location => SourceLocation.From(Inner.Location);

    /// <summary>The description, and the place it was called from.</summary>
    public override string ToString() => Location is null ? Description : $"{Description} at {Location}";
}
