using System.Collections;

namespace Deeplay;

/// <summary>The course of a training, an entry for each epoch.</summary>
public sealed class History : IReadOnlyList<Epoch>
{
    private readonly Torch.History inner;

    internal History(Torch.History inner) => this.inner = inner;

    /// <summary>The number of epochs.</summary>
    public int Count => inner.Epochs.Length;

    /// <summary>An epoch, counted from 0.</summary>
    public Epoch this[int index] => new(inner.Epochs[index]);

    /// <summary>The course of one metric, by epoch: <c>train_loss</c>, <c>val_accuracy</c>, ….</summary>
    public IReadOnlyList<double> Series(string name) => [.. inner.Series(name.Given())];

    /// <summary>The epochs, in order.</summary>
    public IEnumerator<Epoch> GetEnumerator() =>
        inner.Epochs.Select(epoch => new Epoch(epoch)).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>The history as CSV: epoch, step, and a column for each metric.</summary>
    public string ToCsv() => Torch.HistoryModule.toCsv(inner);

    /// <summary>Writes the history as a CSV file.</summary>
    public void Save(string path) => Torch.HistoryModule.save(path.Given(), inner);

    /// <summary>A line for each epoch.</summary>
    public override string ToString() => string.Join("\n", this);
}
