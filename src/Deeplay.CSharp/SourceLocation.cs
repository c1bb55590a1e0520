namespace Deeplay;

/// <summary>A place in a program: where a change was called from.</summary>
/// <param name="File">The name of the file, without its folder.</param>
/// <param name="Line">The line, counted from 1.</param>
public sealed record SourceLocation(string File, int Line)
{
    /// <summary>The name of the file and the line: <c>Program.cs:12</c>.</summary>
    public override string ToString() => $"{File}:{Line}";

    internal static SourceLocation? From(FSharpOption<Core.Location>? at) =>
        at is null ? null : new(at.Value.File, at.Value.Line);
}
