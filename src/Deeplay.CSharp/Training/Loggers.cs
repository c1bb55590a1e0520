namespace Deeplay;

/// <summary>Writes what a run measures into <c>save_dir/name/version_N/metrics.csv</c>: a row after every so many steps, and one for
/// each epoch with all that it measured. Each has the number of the epoch and of the step, counted from 0. Names and defaults are
/// those of Lightning's CSVLogger.</summary>
/// <param name="SaveDir">The folder of all logs, which is made where it is not there.</param>
public sealed record CsvLogger(string SaveDir) : Callback
{
    /// <summary>The folder in it; may be empty.</summary>
    public string Name
    {
        get;
        init => field = value.Given();
    } = "lightning_logs";

    /// <summary>The version, in whose file a run goes on; null for a new one for each run.</summary>
    public int? Version { get; init; }

    /// <summary>After every how many steps there is a row with the loss of the batch, <c>train_loss_step</c>.</summary>
    public int LogEveryNSteps { get; init; } = 50;

    internal override Torch.Callback Inner =>
        Torch.CsvLoggerModule.callback(new(SaveDir.Given(), Name, Interop.Option(Version), LogEveryNSteps));
}

/// <summary>Writes what a run measures for TensorBoard, into <c>save_dir/name/version_N</c>: the loss after every so many steps, and
/// all that an epoch measured, with the number of the epoch, by the step, which is counted from 0. Names and defaults are those of
/// Lightning's TensorBoardLogger.</summary>
/// <param name="SaveDir">The folder of all logs, which is made where it is not there.</param>
public sealed record TensorBoardLogger(string SaveDir) : Callback
{
    /// <summary>The folder in it; may be empty.</summary>
    public string Name
    {
        get;
        init => field = value.Given();
    } = "lightning_logs";

    /// <summary>The version, to which a run adds a file; null for a new one for each run.</summary>
    public int? Version { get; init; }

    /// <summary>After every how many steps the loss of the batch is written, as <c>train_loss_step</c>.</summary>
    public int LogEveryNSteps { get; init; } = 50;

    internal override Torch.Callback Inner =>
        Torch.TensorBoardLoggerModule.callback(
            new(SaveDir.Given(), Name, Interop.Option(Version), LogEveryNSteps)
        );
}

/// <summary>When a learning rate is logged.</summary>
public enum LoggingInterval
{
    /// <summary>With the rows of steps.</summary>
    Step,

    /// <summary>With the rows of epochs.</summary>
    Epoch,
}

/// <summary>Gives loggers the learning rate, as <c>lr-Adam</c> for Adam; of parameter groups as <c>lr-Adam/pg1</c> and so on, in their
/// order, those that are frozen left out, and last that of the parameters in none. Names and defaults are Lightning's. A run without a
/// logger is an error.</summary>
public sealed record LearningRateMonitor : Callback
{
    /// <summary>With which rows; null for those by which an optimizer's schedule counts its time, and for both where it has
    /// none.</summary>
    public LoggingInterval? LoggingInterval { get; init; }

    internal override Torch.Callback Inner =>
        Torch.LearningRateMonitorModule.callback(new(Interop.Option(Of(LoggingInterval))));

    private static Torch.LoggingInterval? Of(LoggingInterval? interval) =>
        interval switch
        {
            null => null,
            Deeplay.LoggingInterval.Step => Torch.LoggingInterval.Step,
            _ => Torch.LoggingInterval.Epoch,
        };
}
