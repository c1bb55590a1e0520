namespace Deeplay;

/// <summary>One change of a module: what was changed, where, and from which place of the user's program.</summary>
public sealed record Step
{
    internal Step(Core.Step step)
    {
        Targets = [.. step.Targets.Select(tag => tag.ToString())];
        Description = Core.Tape.describe(step);
        Group = Interop.OrNull(step.Group);
        Location = SourceLocation.From(step.Location);
    }

    /// <summary>The tags of the modules that were changed; the root's is empty.</summary>
    public IReadOnlyList<string> Targets { get; }

    /// <summary>The step as a line: <c>blocks.0.layer: bias = False</c>.</summary>
    public string Description { get; }

    /// <summary>The name it is grouped under.</summary>
    public string? Group { get; }

    /// <summary>Where it was called from.</summary>
    public SourceLocation? Location { get; }

    /// <summary>The description, and the place it was called from.</summary>
    public override string ToString() => Location is null ? Description : $"{Description} at {Location}";
}
