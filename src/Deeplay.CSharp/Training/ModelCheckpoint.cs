namespace Deeplay;

/// <summary>Saves an application while it is trained. Names, defaults and rules are Lightning's. What was saved and kept is in
/// <see cref="Application.Saved"/>.</summary>
/// <param name="Directory">The folder of the files, which is made where it is not there.</param>
public sealed record ModelCheckpoint(string Directory) : Callback
{
    /// <summary>The name of a file, without its extension: <c>{epoch}</c>, <c>{step}</c> or the name of a metric, perhaps with a
    /// number of digits as in <c>{val_loss:.2f}</c>, stand for <c>epoch=3</c> and so on.</summary>
    public string FileName
    {
        get;
        init => field = value.Given();
    } = "{epoch}-{step}";

    /// <summary>The metric by which the best are kept; null keeps the newest.</summary>
    public string? Monitor { get; init; }

    /// <summary>Which of two values is better.</summary>
    public MonitorMode Mode { get; init; }

    /// <summary>How many are kept: 0 for none, -1 for all.</summary>
    public int SaveTopK { get; init; } = 1;

    /// <summary>Whether the newest is saved as <c>last</c> besides.</summary>
    public bool SaveLast { get; init; }

    /// <summary>After every how many epochs it saves.</summary>
    public int EveryEpochs { get; init; } = 1;

    internal override Torch.Callback Inner =>
        Torch.ModelCheckpointModule.callback(
            new(
                Directory.Given(),
                FileName,
                Interop.Option(Monitor),
                EarlyStopping.Of(Mode),
                SaveTopK,
                SaveLast,
                EveryEpochs
            )
        );
}

/// <summary>A file that a run saved.</summary>
public sealed record SavedModel
{
    internal SavedModel(Torch.SavedModel inner) =>
        (Path, Score, Epoch, Step) = (inner.Path, inner.Score?.Value, inner.Epoch, inner.Step);

    /// <summary>Where it is.</summary>
    public string Path { get; }

    /// <summary>What it was judged by; null where it was the newest alone.</summary>
    public double? Score { get; }

    /// <summary>The epoch after which it was saved.</summary>
    public int Epoch { get; }

    /// <summary>Optimizer steps made until then.</summary>
    public long Step { get; }
}
