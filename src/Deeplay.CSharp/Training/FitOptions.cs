namespace Deeplay;

/// <summary>How an application is trained. A step is one of the optimizer. Options combine by <c>with</c>:
/// <c>options with { MaxEpochs = 5 }</c>.</summary>
public sealed record FitOptions
{
    /// <summary>How often it sees all of the data.</summary>
    public int MaxEpochs { get; init; } = 10;

    /// <summary>After how many steps in all it ends at the latest, within an epoch too; null for no limit.</summary>
    public long? MaxSteps { get; init; }

    /// <summary>For how many epochs it goes on at the least, whatever callbacks say; null for no limit. What is cancelled
    /// ends.</summary>
    public int? MinEpochs { get; init; }

    /// <summary>The same in steps in all.</summary>
    public long? MinSteps { get; init; }

    /// <summary>How many examples there are in a batch.</summary>
    public long BatchSize { get; init; } = 32;

    /// <summary>Measured after an epoch, where there is one.</summary>
    public Dataset? Validation { get; init; }

    /// <summary>After every how many epochs validation is measured.</summary>
    public int ValidateEvery { get; init; } = 1;

    /// <summary>After which batches it is measured, in these epochs; null for after the last one. The history has the last one of an
    /// epoch, loggers and callbacks are told of each.</summary>
    public ValidationInterval? ValidateWithin { get; init; }

    /// <summary>Seeds the parameters, the order of the examples and everything random in between. Null draws from torch's
    /// generator as it stands: only such runs may go on at once, and they are not the same again.</summary>
    public long? Seed { get; init; } = 0;

    /// <summary>Whether the examples come in another order in every epoch.</summary>
    public bool Shuffle { get; init; } = true;

    /// <summary>On how many other threads batches are prepared, of examples that are made when they are needed; 0 for
    /// none.</summary>
    public int NumWorkers { get; init; } = Math.Min(4, Environment.ProcessorCount);

    /// <summary>Over how many batches gradients are gathered for a step: the mean of theirs. The last step of an epoch may have
    /// fewer, whose gradients count as little as if there were all.</summary>
    public int AccumulateBatches { get; init; } = 1;

    /// <summary>How gradients are kept small; null where they are not.</summary>
    public GradientClip? GradientClip { get; init; }

    /// <summary>Averages of what is learned; null for what is learned itself.</summary>
    public WeightAveraging? WeightAveraging { get; init; }

    /// <summary>Whether a loss that is no finite number stops the run, with the modules that gave such numbers first. It is
    /// looked at after every batch, for which a GPU is waited for.</summary>
    public bool CheckFinite { get; init; } = true;

    /// <summary>Told about each epoch when it is over.</summary>
    public Action<Epoch>? Progress { get; init; }

    /// <summary>What watches the run, and may stop it.</summary>
    public IReadOnlyList<Callback> Callbacks
    {
        get;
        init => field = value.Given();
    } = [];

    /// <summary>Stops the run after a step. What is saved then goes on from there.</summary>
    public CancellationToken Cancellation { get; init; }

    /// <summary>Whether Ctrl-C does the same, once: a second one ends the process.</summary>
    public bool StopOnInterrupt { get; init; } = true;

    /// <summary>Where and how the application is built.</summary>
    public BuildOptions Build
    {
        get;
        init => field = value.Given();
    } = new();

    internal static FitOptions Of(
        Dataset? validation,
        int maxEpochs,
        long batchSize,
        long seed,
        bool shuffle,
        Action<Epoch>? progress,
        IReadOnlyList<Callback>? callbacks
    ) =>
        new()
        {
            Validation = validation,
            MaxEpochs = maxEpochs,
            BatchSize = batchSize,
            Seed = seed,
            Shuffle = shuffle,
            Progress = progress,
            Callbacks = callbacks ?? [],
        };

    /// <summary>The same as F# takes it.</summary>
    internal Torch.FitOptions Inner =>
        new(
            MaxEpochs,
            Interop.Option(MaxSteps),
            Interop.Option(MinEpochs),
            Interop.Option(MinSteps),
            BatchSize,
            Interop.Option(Validation?.Inner),
            ValidateEvery,
            Interop.Option(ValidateWithin?.Inner),
            Interop.Option(Seed),
            Shuffle,
            NumWorkers,
            AccumulateBatches,
            GradientClip?.Inner ?? Torch.GradientClip.NoClip,
            Interop.Option(WeightAveraging?.Inner),
            CheckFinite,
            FuncConvert.FromAction<Torch.EpochRecord>(record => Progress?.Invoke(new Epoch(record))),
            Interop.List(Callbacks.Select(callback => callback.Given().Inner)),
            Cancellation,
            StopOnInterrupt,
            Build.Inner
        );
}

/// <summary>After which batches validation is run: Lightning's <c>val_check_interval</c>.</summary>
public sealed class ValidationInterval
{
    private ValidationInterval(Torch.ValidationInterval inner) => Inner = inner;

    internal Torch.ValidationInterval Inner { get; }

    /// <summary>After such a part of an epoch's batches, again and again: 0.25 for four times an epoch. It begins anew in each
    /// epoch.</summary>
    public static ValidationInterval EpochPart(double part) =>
        new(Torch.ValidationInterval.NewEpochPart(part));

    /// <summary>After every so many batches of an epoch; it begins anew in each epoch, which has at least as many.</summary>
    public static ValidationInterval Batches(long batches) =>
        new(Torch.ValidationInterval.NewBatches(batches));

    /// <summary>After every so many batches, over epochs (Lightning's <c>check_val_every_n_epoch=None</c>).</summary>
    public static ValidationInterval RunBatches(long batches) =>
        new(Torch.ValidationInterval.NewRunBatches(batches));
}

/// <summary>How gradients are kept small before a step.</summary>
public sealed class GradientClip
{
    private GradientClip(Torch.GradientClip inner) => Inner = inner;

    internal Torch.GradientClip Inner { get; }

    /// <summary>All of them together are scaled down to this 2-norm, where theirs is larger.</summary>
    public static GradientClip ByNorm(double maxNorm) => new(Torch.GradientClip.NewByNorm(maxNorm));

    /// <summary>Each number is cut to lie between minus this and this.</summary>
    public static GradientClip ByValue(double limit) => new(Torch.GradientClip.NewByValue(limit));
}

/// <summary>Exponential moving averages of what is learned. Validation and callbacks see them after an epoch, and they are what a
/// run leaves in the model; training goes on from what is not averaged, which is kept and saved too. Names, defaults and rules are
/// those of Lightning's <c>EMAWeightAveraging</c>; numbers that norms keep are averaged as well.</summary>
public sealed record WeightAveraging
{
    /// <summary>How much of the averages stays in an update, from 0 to 1.</summary>
    public double Decay { get; init; } = 0.999;

    /// <summary>After every how many steps they are updated.</summary>
    public int UpdateEverySteps { get; init; } = 1;

    /// <summary>The step after which they start, counted from 0: with what there is then.</summary>
    public long UpdateStartingAtStep { get; init; }

    internal Torch.WeightAveraging Inner => new(Decay, UpdateEverySteps, UpdateStartingAtStep);
}
