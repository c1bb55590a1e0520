using System.Diagnostics.CodeAnalysis;

namespace Deeplay;

/// <summary>A run that was stopped by an error in what watches it: a callback, or the progress. What was trained until then is not
/// lost.</summary>
[SuppressMessage("Design", "CA1032", Justification = "Only a run makes one, of what was trained.")]
public sealed class TrainingStoppedException : Exception
{
    internal TrainingStoppedException(Torch.TrainingStoppedException inner)
        : base(inner.Message, inner.InnerException) => Application = new(inner.Application);

    /// <summary>What was trained, which whoever catches this disposes.</summary>
    public Application Application { get; }
}
