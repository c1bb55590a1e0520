namespace Deeplay;

/// <summary>How a good step size is looked for: a short run, in which it grows from step to step. Names, defaults and rules are
/// those of Lightning's <c>Tuner.lr_find</c>.</summary>
public sealed record LearningRateFinder
{
    /// <summary>The step size of the first step.</summary>
    public double MinLr { get; init; } = 1e-8;

    /// <summary>The step size that the last step comes to.</summary>
    public double MaxLr { get; init; } = 1;

    /// <summary>How many steps are made.</summary>
    public int NumTraining { get; init; } = 100;

    /// <summary>Whether it grows by a factor, rather than by a difference.</summary>
    public bool IsExponential { get; init; } = true;

    /// <summary>The run ends where the loss is larger than the least one by this factor; null for all steps.</summary>
    public double? EarlyStopThreshold { get; init; } = 4;

    internal Torch.LearningRateFinder Inner =>
        new(MinLr, MaxLr, NumTraining, IsExponential, Interop.Option(EarlyStopThreshold));
}

/// <summary>What a <see cref="LearningRateFinder"/> found.</summary>
public sealed record LearningRateCurve
{
    internal LearningRateCurve(Torch.LearningRateCurve inner) =>
        (Rates, Losses, Suggestion) = ([.. inner.Rates], [.. inner.Losses], inner.Suggestion?.Value);

    /// <summary>The step size of each step.</summary>
    public IReadOnlyList<double> Rates { get; }

    /// <summary>The loss of its batch, as a running mean in which 0.98 of what was stays.</summary>
    public IReadOnlyList<double> Losses { get; }

    /// <summary>The step size at which the loss falls fastest, as its logarithm grows; null where too few steps were made to
    /// tell.</summary>
    public double? Suggestion { get; }
}
