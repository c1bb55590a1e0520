using Why = Deeplay.Core.Explain;

namespace Deeplay;

/// <summary>Why a parameter has the value it has.</summary>
public sealed class Explanation
{
    private readonly Why.Explanation core;

    internal Explanation(Why.Explanation core) => this.core = core;

    /// <summary>The tag of the module.</summary>
    public string Tag => core.Tag.ToString();

    /// <summary>The id of its kind.</summary>
    public string Kind => core.Kind;

    /// <summary>The name of the parameter.</summary>
    public string Name => core.Name;

    /// <summary>The value that the module has, after everything.</summary>
    public object? Value => Values.Object(core.Value);

    /// <summary>All values there were to choose from: the one that won first, the one that matters least last.</summary>
    public IReadOnlyList<Candidate> Candidates => [.. core.Candidates.Select(one => new Candidate(one))];

    /// <summary>The explanation as text, the winner first.</summary>
    public override string ToString() => core.ToString();
}

/// <summary>Where a candidate for the value of a parameter comes from.</summary>
public enum Origin
{
    /// <summary>Set by the user.</summary>
    User,

    /// <summary>Set by a module on the way from the root, while it constructed itself.</summary>
    Derived,

    /// <summary>Given as an argument.</summary>
    Argument,

    /// <summary>The parameter's default.</summary>
    Default,

    /// <summary>Nothing was said.</summary>
    NotSet,
}

/// <summary>One value that a parameter could have had.</summary>
public sealed record Candidate
{
    internal Candidate(Why.Candidate candidate)
    {
        Value = Values.Object(candidate.Value);
        Location = SourceLocation.From(candidate.Location);
        Because = candidate.Because.Length == 0 ? null : candidate.Because;
        (Origin, By) = candidate.Origin switch
        {
            Why.Origin.Setting { Item1: Core.Source.Derived by } => (Origin.Derived, by.Item.ToString()),
            Why.Origin.Setting => (Origin.User, null),
            { IsArgument: true } => (Origin.Argument, null),
            { IsDefault: true } => (Origin.Default, null),
            _ => (Origin.NotSet, (string?)null),
        };
    }

    /// <summary>The value.</summary>
    public object? Value { get; }

    /// <summary>Where it comes from.</summary>
    public Origin Origin { get; }

    /// <summary>The tag of the module that set it; null where no module did.</summary>
    public string? By { get; }

    /// <summary>The place in the user's program that set it.</summary>
    public SourceLocation? Location { get; }

    /// <summary>Why it lost; null for the winner.</summary>
    public string? Because { get; }
}
