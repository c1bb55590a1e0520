namespace Deeplay;

/// <summary>The course of a training, an entry for each epoch.</summary>
public sealed class History : ReadOnlyCollection<Epoch>
{
    internal History(Torch.History inner)
        : base([.. inner.Epochs.Select(epoch => new Epoch(epoch))]) => Inner = inner;

    internal Torch.History Inner { get; }

    /// <summary>The course of one metric, by epoch: <c>train_loss</c>, <c>val_accuracy</c>, ….</summary>
    public IReadOnlyList<double> Series(string name) => [.. Inner.Series(name.Given())];

    /// <summary>The history as CSV (RFC 4180): epoch, step, and a column for each metric. A cell of what an epoch did not measure
    /// is empty; <c>NaN</c>, <c>Infinity</c> and <c>-Infinity</c> are written so.</summary>
    public string ToCsv() => Torch.HistoryModule.toCsv(Inner);

    /// <summary>The history that such a CSV text holds.</summary>
    public static History FromCsv(string csv) => new(Torch.HistoryModule.ofCsv(csv.Given()));

    /// <summary>The history as JSON: a list of <c>{"epoch": 0, "step": 45, "metrics": {"train_loss": 0.5}}</c>. What an epoch did
    /// not measure is not among its metrics; numbers that are not finite are the texts <c>"NaN"</c>, <c>"Infinity"</c> and
    /// <c>"-Infinity"</c>.</summary>
    public string ToJson() => Torch.HistoryModule.toJson(Inner);

    /// <summary>The history that such a JSON text holds.</summary>
    public static History FromJson(string json) => new(Torch.HistoryModule.ofJson(json.Given()));

    /// <summary>Writes the history as a CSV file, which appears whole or not at all.</summary>
    public void SaveCsv(string path) => Torch.HistoryModule.saveCsv(path.Given(), Inner);

    /// <summary>Writes the history as a JSON file, which appears whole or not at all.</summary>
    public void SaveJson(string path) => Torch.HistoryModule.saveJson(path.Given(), Inner);

    /// <summary>Reads what <see cref="SaveCsv"/> wrote. What is wrong with the file is an error that tells the line.</summary>
    public static History LoadCsv(string path) => new(Torch.HistoryModule.loadCsv(path.Given()));

    /// <summary>Reads what <see cref="SaveJson"/> wrote.</summary>
    public static History LoadJson(string path) => new(Torch.HistoryModule.loadJson(path.Given()));

    /// <summary>A line for each epoch.</summary>
    public override string ToString() => string.Join("\n", this);
}
