namespace Deeplay;

/// <content>Training, for applications such as <see cref="Applications.Classifier"/>, and optimizers for loops of one's
/// own.</content>
public partial class ModuleSpec
{
    /// <summary>Builds the application and trains it. The spec stays what it was. The same spec, data, seed and device
    /// give the same result.</summary>
    /// <param name="data">What it learns from.</param>
    /// <param name="validation">What is measured after every epoch.</param>
    /// <param name="maxEpochs">How often it sees all of the data.</param>
    /// <param name="batchSize">How many examples there are for a step.</param>
    /// <param name="seed">Seeds the parameters, the order of the examples and everything random in between.</param>
    /// <param name="shuffle">Whether the examples come in another order in every epoch.</param>
    /// <param name="progress">Told about each epoch when it is over.</param>
    /// <param name="callbacks">What watches the run, and may stop it.</param>
    /// <param name="device">Where it is trained.</param>
    /// <param name="lowerings">How layers are made, where there are some of one's own.</param>
    /// <param name="allowUnused">Whether settings that nothing reads are accepted.</param>
    /// <exception cref="TrainingStoppedException">A callback, or the progress, raised an error: it has what was trained until
    /// then.</exception>
    public Application Fit(
        Dataset data,
        Dataset? validation = null,
        int maxEpochs = 10,
        long batchSize = 32,
        long seed = 0,
        bool shuffle = true,
        Action<Epoch>? progress = null,
        IReadOnlyList<Callback>? callbacks = null,
        string? device = null,
        Lowerings? lowerings = null,
        bool allowUnused = false
    ) =>
        Fit(
            data,
            FitOptions.Of(validation, maxEpochs, batchSize, seed, shuffle, progress, callbacks) with
            {
                Build = BuildOptions.Of(device, lowerings, allowUnused),
            }
        );

    /// <summary>Builds the application, untrained, for the inputs of a dataset.</summary>
    public Application CreateApplication(Dataset data, BuildOptions? options = null) =>
        new(Torch.ApplicationModule.buildFor((options ?? new()).Inner, data.Given().Inner, Spec));

    /// <summary>The same for the inputs that the options say, batch included:
    /// <c>new() { InputShapes = [[8, 64]] }</c>, or <c>NamedShapes</c>.</summary>
    public Application CreateApplication(BuildOptions options) =>
        new(Torch.ApplicationModule.buildWith(options.Given().Inner, Spec));

    /// <summary>The optimizer that this spec says, such as <c>Optimizers.Adam(lr: 1e-3)</c>, over the parameters of a torch module:
    /// one that was built here, or any other. Its selectors (<c>parameters</c>, and those of groups) begin at that module and go by the
    /// names of its parts; a kind (<c>[Linear]</c>) is what a part calls itself. Parameters that a group freezes get no gradients from
    /// now on. The module is where it stays: what was moved to another device or type since is not stepped.</summary>
    /// <exception cref="DeeplayException">The spec is no optimizer, or the module has no parameters.</exception>
    public Optimizer CreateOptimizer(torch.nn.Module network) =>
        new(Torch.OptimizerModule.create(network.Given(), Spec));

    /// <summary>What the metric that this spec says, such as <c>Metrics.R2Score()</c>, is of outputs and targets, (N, …): on the CPU,
    /// in float64, one number or several. Outside of an application no loss tells what does not count: the metric's own arguments
    /// do. Source: torchmetrics, <c>metric(preds, target)</c>.</summary>
    /// <exception cref="DeeplayException">The spec is no metric, or the tensors are not what it measures.</exception>
    public torch.Tensor Compute(torch.Tensor outputs, torch.Tensor targets, Lowerings? lowerings = null) =>
        FSharp.Metric.computeWith(
            (lowerings ?? Lowerings.Standard).Inner,
            outputs.Given(),
            targets.Given(),
            Spec
        );

    /// <summary>The step sizes that the schedule that this spec says, such as <c>Schedules.StepLR(2)</c>, gives for the first epochs,
    /// or steps, <paramref name="count"/> of them, for an optimizer whose own is <paramref name="lr"/>.</summary>
    /// <exception cref="DeeplayException">The spec is no schedule, or one that follows a metric.</exception>
    public IReadOnlyList<double> LearningRates(double lr, int count, Lowerings? lowerings = null) =>
        FSharp.Schedule.ratesWith((lowerings ?? Lowerings.Standard).Inner, lr, count, Spec);

    /// <summary>The same for a schedule that follows a metric, such as <c>Schedules.ReduceLROnPlateau()</c>, given what that is after
    /// each epoch: the step size of the first epoch, and that after each of these.</summary>
    /// <exception cref="DeeplayException">The spec is no schedule, or one that follows no metric.</exception>
    public IReadOnlyList<double> LearningRates(double lr, IReadOnlyList<double> metric) =>
        FSharp.Schedule.following(lr, Interop.List(metric.Given()), Spec);

    /// <summary>Looks for a good step size, by a short run in which it grows, with the options' batches and seed. Nothing of that
    /// run is left; a schedule of the application is left out.</summary>
    public LearningRateCurve FindLearningRate(
        Dataset data,
        FitOptions? options = null,
        LearningRateFinder? finder = null
    ) =>
        new(
            Torch.LearningRateFinderModule.find(
                (finder ?? new()).Inner,
                (options ?? new()).Inner,
                data.Given().Inner,
                Spec
            )
        );

    /// <summary>The same with all options there are.</summary>
    /// <exception cref="TrainingStoppedException">A callback, or the progress, raised an error: it has what was trained until
    /// then.</exception>
    public Application Fit(Dataset data, FitOptions options)
    {
        try
        {
            return new(Torch.Trainer.fit(options.Given().Inner, data.Given().Inner, Spec));
        }
        catch (Torch.TrainingStoppedException stopped)
        {
            throw new TrainingStoppedException(stopped);
        }
    }
}
