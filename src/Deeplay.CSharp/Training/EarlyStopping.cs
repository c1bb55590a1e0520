namespace Deeplay;

/// <summary>Which of two values of a metric is better.</summary>
public enum MonitorMode
{
    /// <summary>The smaller one.</summary>
    Min,

    /// <summary>The larger one.</summary>
    Max,
}

/// <summary>Ends a run when a metric no longer gets better. Names, defaults and rules are Lightning's.</summary>
public sealed record EarlyStopping : Callback
{
    /// <summary>The metric that is followed.</summary>
    public string Monitor
    {
        get;
        init => field = value.Given();
    } = "val_loss";

    /// <summary>Only what is better by more than this counts as better; at least 0.</summary>
    public double MinDelta { get; init; }

    /// <summary>After how many epochs that were no better it ends.</summary>
    public int Patience { get; init; } = 3;

    /// <summary>Which of two values is better.</summary>
    public MonitorMode Mode { get; init; }

    /// <summary>Whether it ends where the metric is no finite number.</summary>
    public bool CheckFinite { get; init; } = true;

    /// <summary>It ends where the metric is better than this.</summary>
    public double? StoppingThreshold { get; init; }

    /// <summary>It ends where the metric is worse than this.</summary>
    public double? DivergenceThreshold { get; init; }

    /// <summary>Whether a metric that is not measured is an error; else it is passed over.</summary>
    public bool Strict { get; init; } = true;

    internal static Torch.MonitorMode Of(MonitorMode mode) =>
        mode == MonitorMode.Min ? Torch.MonitorMode.Min : Torch.MonitorMode.Max;

    internal override Torch.Callback Inner =>
        Torch.EarlyStoppingModule.callback(
            new(
                Monitor,
                MinDelta,
                Patience,
                Of(Mode),
                CheckFinite,
                Interop.Option(StoppingThreshold),
                Interop.Option(DivergenceThreshold),
                Strict
            )
        );
}
