namespace Deeplay;

/// <summary>Something that watches runs, as a value. What it is to remember beyond a run belongs to the application:
/// <see cref="TrainingRun.Remember"/>.</summary>
public abstract record Callback
{
    private protected Callback() { }

    internal abstract Torch.Callback Inner { get; }

    /// <summary>Is called after each epoch.</summary>
    public static Callback OnEpochEnd(Action<TrainingRun, Epoch> work)
    {
        work.Given();
        return Create(run => new() { EpochEnd = epoch => work(run, epoch) });
    }

    /// <summary>Is called after each validation, within an epoch too.</summary>
    public static Callback OnValidationEnd(Action<TrainingRun, Epoch> work)
    {
        work.Given();
        return Create(run => new() { ValidationEnd = validation => work(run, validation) });
    }

    /// <summary>Is called after each batch.</summary>
    public static Callback OnBatchEnd(Action<TrainingRun, Batch> work)
    {
        work.Given();
        return Create(run => new() { BatchEnd = batch => work(run, batch) });
    }

    /// <summary>What is begun for each run, and remembers something of it.</summary>
    public static Callback Create(Func<TrainingRun, Watcher> start) => new Own(start.Given(), Saves: false);

    /// <summary>The same of what saves the application: it is told of everything after all others, so that a file has what they
    /// remember by then.</summary>
    public static Callback CreateSaving(Func<TrainingRun, Watcher> start) =>
        new Own(start.Given(), Saves: true);

    private sealed record Own(Func<TrainingRun, Watcher> Start, bool Saves) : Callback
    {
        internal override Torch.Callback Inner =>
            new(
                nameof(Callback),
                Saves,
                Interop.Fun<Torch.TrainingRun, Torch.Watcher>(run => Start(new(run)).Gave().Inner)
            );
    }
}

/// <summary>What is told of a run to whoever watches it.</summary>
public sealed record Watcher
{
    /// <summary>After each batch.</summary>
    public Action<Batch>? BatchEnd { get; init; }

    /// <summary>After each validation, within an epoch too: with what it measured.</summary>
    public Action<Epoch>? ValidationEnd { get; init; }

    /// <summary>After each epoch, when it is in the history, with its last validation.</summary>
    public Action<Epoch>? EpochEnd { get; init; }

    /// <summary>When the run ends, however it does.</summary>
    public Action? End { get; init; }

    internal Torch.Watcher Inner =>
        new(
            FuncConvert.FromAction<Torch.BatchRecord>(batch => BatchEnd?.Invoke(new(batch))),
            FuncConvert.FromAction<Torch.EpochRecord>(measured => ValidationEnd?.Invoke(new(measured))),
            FuncConvert.FromAction<Torch.EpochRecord>(epoch => EpochEnd?.Invoke(new(epoch))),
            FuncConvert.FromAction(() => End?.Invoke())
        );
}

/// <summary>A run as it goes on.</summary>
public sealed class TrainingRun
{
    private readonly Torch.TrainingRun inner;

    internal TrainingRun(Torch.TrainingRun inner) => this.inner = inner;

    /// <summary>What is trained.</summary>
    public Application Application => new(inner.Application);

    /// <summary>Whether there are data to validate with.</summary>
    public bool HasValidation => inner.HasValidation;

    /// <summary>How many batches an epoch has; null where that is not known beforehand.</summary>
    public long? Batches => inner.Batches?.Value;

    /// <summary>How many epochs there are when it ends, at the latest, with those of earlier runs.</summary>
    public long Epochs => inner.Epochs;

    /// <summary>What was remembered under this key, in this run, an earlier one of this application, or the one whose file was
    /// loaded; null where nothing was. As Lightning's load_state_dict.</summary>
    public string? Recall(string key) => inner.Recall(key.Given())?.Value;

    /// <summary>Remembers a text under a key beyond this run. It is saved with the application, so that a run that is gone on with is
    /// the run. As Lightning's state_dict; a key should name the callback and its settings.</summary>
    public void Remember(string key, string text) => inner.Remember(key.Given(), text.Given());

    /// <summary>Why it ends before its time; null where it does not, or does not yet.</summary>
    public string? Stopped => inner.Stopped?.Value;

    /// <summary>Lets the run end after this epoch, or before the next step, when it has the least number of epochs and steps: why
    /// is kept in <see cref="Application.Stopped"/>. The first reason stays.</summary>
    public void Stop(string reason) => inner.Stop(reason.Given());
}

/// <summary>A batch that was trained on.</summary>
public sealed class Batch
{
    private readonly Torch.BatchRecord inner;

    internal Batch(Torch.BatchRecord inner) => this.inner = inner;

    /// <summary>The number of the epoch, counted from 0.</summary>
    public int Epoch => inner.Epoch;

    /// <summary>The number of the batch in the epoch, counted from 0.</summary>
    public long Number => inner.Batch;

    /// <summary>Optimizer steps made so far.</summary>
    public long Step => inner.Step;

    /// <summary>Its loss, for which a GPU is waited for; only as long as the callback runs.</summary>
    public double Loss => inner.Loss;
}
