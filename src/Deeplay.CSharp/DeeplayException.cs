namespace Deeplay;

/// <summary>What is wrong with a spec, a change, a selection or a file, as typed errors: all of them, not the first
/// alone. The message says where, what was expected, what was found, and the nearest valid names.</summary>
public sealed class DeeplayException : Exception
{
    internal DeeplayException(Core.SpecException failure)
        : base(failure.Message, failure) => Errors = [.. failure.errors.Select(e => new DeeplayError(e))];

    /// <summary>The errors, in the order in which they were found; at least one.</summary>
    public IReadOnlyList<DeeplayError> Errors { get; }

    /// <summary>The kind of the first error.</summary>
    public ErrorKind Kind => Errors[0].Kind;
}
