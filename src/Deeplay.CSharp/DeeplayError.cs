namespace Deeplay;

/// <summary>One typed error.</summary>
public sealed class DeeplayError
{
    internal DeeplayError(Core.Error error)
    {
        Message = Core.ErrorModule.describe(error);
        (Kind, Tag, Expected, Found, Suggestions) = Read(error);
    }

    /// <summary>What is wrong.</summary>
    public ErrorKind Kind { get; }

    /// <summary>The tag of the module that the error is about; empty for the root.</summary>
    public string Tag { get; }

    /// <summary>The error as a sentence that a person can act on.</summary>
    public string Message { get; }

    /// <summary>What was expected; the names there are, where a name is unknown.</summary>
    public string Expected { get; }

    /// <summary>What was found.</summary>
    public string Found { get; }

    /// <summary>The valid names nearest to an unknown one.</summary>
    public IReadOnlyList<string> Suggestions { get; }

    /// <summary>The message.</summary>
    public override string ToString() => Message;

    private static (ErrorKind, string, string, string, IReadOnlyList<string>) Read(Core.Error error) =>
        error switch
        {
            Core.Error.UnknownName e => (
                ErrorKind.UnknownName,
                $"{e.tag}",
                string.Join(", ", e.known),
                e.name,
                [.. Core.Nearest.names(e.name, e.known)]
            ),
            Core.Error.ParameterBelow e => (
                ErrorKind.UnknownName,
                $"{e.tag}",
                e.selector,
                e.name,
                [e.selector]
            ),
            Core.Error.UnknownTag e => (
                ErrorKind.UnknownTag,
                $"{e.tag}",
                string.Join(", ", e.known),
                $"{e.tag}",
                [.. Core.Nearest.names(e.tag.Names.ElementAtOrDefault(e.at.Depth) ?? "", e.known)]
            ),
            Core.Error.WrongValue e => (ErrorKind.WrongValue, $"{e.tag}", e.expected, e.found, []),
            Core.Error.Missing e => (ErrorKind.Missing, $"{e.tag}", e.name, "not set", []),
            Core.Error.WrongShape e => (ErrorKind.WrongShape, $"{e.tag}", e.expected, e.found, []),
            Core.Error.EmptySelection e => (ErrorKind.EmptySelection, "", e.selector, e.because, [.. e.near]),
            Core.Error.Malformed e => (ErrorKind.Malformed, "", e.expected, e.found, []),
            Core.Error.WrongStructure e => (ErrorKind.WrongStructure, $"{e.tag}", "", e.problem, []),
            Core.Error.UnusedSettings e => (
                ErrorKind.UnusedSettings,
                "",
                "",
                string.Join(", ", e.Item.Select(setting => $"{setting.Item1}: {setting.Item2}")),
                []
            ),
            Core.Error.StepFailed e => Failed(e),
            Core.Error.ActionFailed e => Read(e.because),
            Core.Error.CallFailed e => (
                ErrorKind.CallFailed,
                $"{e.tag}",
                "",
                $"{string.Join(", ", e.inputs)}: {e.because}",
                []
            ),
            Core.Error.NotSaveable e => (ErrorKind.NotSaveable, $"{e.tag}", "", e.what, []),
            Core.Error.Unavailable e => (ErrorKind.Unavailable, "", "", e.problem, []),
            _ => throw new System.Diagnostics.UnreachableException(error.ToString()),
        };

    private static (ErrorKind, string, string, string, IReadOnlyList<string>) Failed(
        Core.Error.StepFailed step
    )
    {
        var (_, tag, expected, found, suggestions) = Read(step.because);
        return (ErrorKind.StepFailed, tag, expected, found, suggestions);
    }
}
