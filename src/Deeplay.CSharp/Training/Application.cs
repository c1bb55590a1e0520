namespace Deeplay;

/// <summary>A trained application: a model with its loss and optimizer, on a device. Dispose it to free its
/// memory.</summary>
public sealed partial class Application : IDisposable
{
    internal Application(Torch.Application inner) => Inner = inner;

    internal Torch.Application Inner { get; }

    /// <summary>The unbuilt spec, as it was before building.</summary>
    public ModuleSpec Spec => new(Inner.Spec);

    /// <summary>The torch module of the whole application; what is trained is in its child <c>model</c>, unless it is of one's
    /// own.</summary>
    public torch.nn.Module Module => Inner.Module;

    /// <summary>The same as what takes one tensor and gives one; an error where it is not.</summary>
    public torch.nn.Module<Tensor, Tensor> Network => Inner.Network;

    /// <summary>What steps the parameters. Of several optimizers it is an error: <see cref="Optimizers"/> has them.</summary>
    public Optimizer Optimizer => new(Inner.Optimizer);

    /// <summary>What steps the parameters, by the names of the optimizers in the application.</summary>
    public IReadOnlyDictionary<string, Optimizer> Optimizers =>
        Inner.Optimizers.ToDictionary(pair => pair.Key, pair => new Optimizer(pair.Value));

    /// <summary>The name and the shape of each input, without the batch, in the order in which its forward pass takes
    /// them.</summary>
    public IReadOnlyList<(string Name, Shape Shape)> InputShapes =>
        [.. Inner.InputShapes.Select(input => (input.Item1, new Shape([.. input.Item2])))];

    /// <summary>The course of the training so far.</summary>
    public History History => new(Inner.History);

    /// <summary>Where the parameters live.</summary>
    public torch.Device Device => Inner.Device;

    /// <summary>What the model keeps of its last call, where it was told to.</summary>
    public Logs Logs => new(Inner.Logs);

    /// <summary>Optimizer steps made so far.</summary>
    public long Steps => Inner.Steps;

    /// <summary>Why the last run ended before its time; null where it did not.</summary>
    public string? Stopped => Inner.Stopped?.Value;

    /// <summary>What the last run saved and kept, the best one first, where a <see cref="ModelCheckpoint"/> watched
    /// it.</summary>
    public IReadOnlyList<SavedModel> Saved => [.. Inner.Saved.Select(saved => new SavedModel(saved))];

    /// <summary>The folders that the loggers of the last run, such as a <see cref="CsvLogger"/>, wrote into, in the order of its
    /// callbacks.</summary>
    public IReadOnlyList<string> LogDirs => Inner.LogDirs;

    /// <summary>Loss and test metrics over a dataset, by name: <c>loss</c>, <c>accuracy</c>, …. A metric of several numbers is
    /// there with the place of each (<c>recall_0</c>, …); one that is a matrix is not: <see cref="Measure"/> gives
    /// it.</summary>
    public IReadOnlyDictionary<string, double> Test(Dataset data, long batchSize = 1024) =>
        Inner.Test(data.Given().Inner, FSharpOption<long>.Some(batchSize));

    /// <summary>What a metric, such as <c>Metrics.MulticlassConfusionMatrix()</c>, is over a dataset: on the CPU, in float64. As
    /// with the application's own metrics, what the loss ignores does not count.</summary>
    public Tensor Measure(ModuleSpec metric, Dataset data, long batchSize = 1024) =>
        Inner.Measure(metric.Given().Spec, data.Given().Inner, FSharpOption<long>.Some(batchSize));

    /// <summary>The outputs for inputs (N, …), on the CPU. They are computed in batches, in evaluation mode and without
    /// gradients.</summary>
    public Tensor Predict(Tensor inputs, long batchSize = 1024) =>
        Inner.Predict(inputs.Given(), FSharpOption<long>.Some(batchSize));

    /// <summary>The same for a model of several inputs: <c>Predict([a, b])</c>, or
    /// <c>Predict(Inputs.Named(("tokens", a), ("mask", b)))</c>.</summary>
    public Tensor Predict(Inputs inputs, long batchSize = 1024) =>
        Inner.Predict(inputs.Given().Inner, FSharpOption<long>.Some(batchSize));

    /// <summary>The outputs for the inputs of a dataset, in its order.</summary>
    public Tensor Predict(Dataset data, long batchSize = 1024) =>
        Inner.Predict(data.Given().Inner, FSharpOption<long>.Some(batchSize));

    /// <summary>What a part gives while the whole runs on inputs (N, …), on the CPU: its latent vectors, its feature maps. The part
    /// <c>model.encoder</c> is the child <c>encoder</c> of the model. It gives one tensor, with a row for each input; where it is called
    /// several times, this is what it gave last.</summary>
    public Tensor PredictPart(string part, Tensor inputs, long batchSize = 1024) =>
        Inner.PredictPart(
            part.Given(),
            Torch.InputsModule.one(inputs.Given()),
            FSharpOption<long>.Some(batchSize)
        );

    /// <summary>The same for a model of several inputs.</summary>
    public Tensor PredictPart(string part, Inputs inputs, long batchSize = 1024) =>
        Inner.PredictPart(part.Given(), inputs.Given().Inner, FSharpOption<long>.Some(batchSize));

    /// <summary>Trains for some more epochs, numbered from where it stands: with the same seed, two times two epochs give
    /// what four give at once.</summary>
    /// <inheritdoc cref="ModuleSpec.Fit(Dataset, Dataset?, int, long, long, bool, Action{Epoch}?, IReadOnlyList{Callback}?, string?, Lowerings?, bool)" path="/param"/>
    public void Fit(
        Dataset data,
        Dataset? validation = null,
        int maxEpochs = 10,
        long batchSize = 32,
        long seed = 0,
        bool shuffle = true,
        Action<Epoch>? progress = null,
        IReadOnlyList<Callback>? callbacks = null
    ) => Fit(data, FitOptions.Of(validation, maxEpochs, batchSize, seed, shuffle, progress, callbacks));

    /// <summary>The same with all options there are; how it was built stays.</summary>
    public void Fit(Dataset data, FitOptions options) =>
        Torch.Trainer.continueWith(options.Given().Inner, data.Given().Inner, Inner);

    /// <summary>Writes one file: the unbuilt spec, the weights and what the optimizer keeps, from where a run goes on bit for
    /// bit. A spec that can't be saved is refused before anything is written.</summary>
    public void Save(string path) => Torch.Checkpoint.save(path.Given(), Inner);

    /// <summary>Reads what <see cref="Save"/> wrote; runs no code. Definitions are looked up in the registry and nowhere
    /// else. What is wrong with the file is an error, and nothing is left behind.</summary>
    public static Application Load(
        string path,
        string? device = null,
        Registry? registry = null,
        Lowerings? lowerings = null,
        bool allowUnused = false
    ) =>
        new(
            Torch.Checkpoint.load(
                "registry: Registry.Standard.Add(…)",
                (registry ?? Registry.Standard).Inner,
                BuildOptions.Of(device, lowerings, allowUnused).Inner,
                path.Given()
            )
        );

    /// <summary>The application of the last of several files that <see cref="Save"/> wrote, with the mean of all their weights: of
    /// parameters and of buffers, summed in float64; of whole numbers those of the last. Names and shapes must be equal. The optimizer,
    /// the history and whatever else there is are the last one's.</summary>
    public static Application Average(
        IEnumerable<string> paths,
        string? device = null,
        Registry? registry = null,
        Lowerings? lowerings = null,
        bool allowUnused = false
    ) =>
        new(
            Torch.Averages.load(
                "registry: Registry.Standard.Add(…)",
                (registry ?? Registry.Standard).Inner,
                BuildOptions.Of(device, lowerings, allowUnused).Inner,
                Interop.List(paths.Given())
            )
        );

    /// <summary>Frees the model and its optimizer.</summary>
    public void Dispose() => ((IDisposable)Inner).Dispose();
}
