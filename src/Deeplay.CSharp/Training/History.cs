namespace Deeplay;

/// <summary>The course of a training, an entry for each epoch.</summary>
public sealed class History : ReadOnlyCollection<Epoch>
{
    private readonly Torch.History inner;

    internal History(Torch.History inner)
        : base([.. inner.Epochs.Select(epoch => new Epoch(epoch))]) => this.inner = inner;

    /// <summary>The course of one metric, by epoch: <c>train_loss</c>, <c>val_accuracy</c>, ….</summary>
    public IReadOnlyList<double> Series(string name) => [.. inner.Series(name.Given())];

    /// <summary>The history as CSV: epoch, step, and a column for each metric.</summary>
    public string ToCsv() => Torch.HistoryModule.toCsv(inner);

    /// <summary>Writes the history as a CSV file.</summary>
    public void Save(string path) => Torch.HistoryModule.save(path.Given(), inner);

    /// <summary>A line for each epoch.</summary>
    public override string ToString() => string.Join("\n", this);
}
