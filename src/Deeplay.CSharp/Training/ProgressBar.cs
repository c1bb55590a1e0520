using Spectre.Console;

namespace Deeplay;

/// <summary>Shows how a run goes on. A terminal has a line that is kept up to date: epoch, batches, remaining time, rate, loss and
/// metrics. What goes into a file or a pipe, runs in CI (<c>CI</c> is set) or on a terminal that is none (<c>TERM=dumb</c>) is a plain
/// line for each epoch, without control characters.</summary>
public sealed record ProgressBar : Callback
{
    /// <summary>Whether the line of each epoch stays when the next begins, as in Lightning.</summary>
    public bool Leave { get; init; }

    /// <summary>Where it is shown; null for the program's standard output.</summary>
    public IAnsiConsole? Console { get; init; }

    internal override Torch.Callback Inner =>
        Torch.ProgressBarModule.callback(new(Leave, Interop.Option(Console)));
}
