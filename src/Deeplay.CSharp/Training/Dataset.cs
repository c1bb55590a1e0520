namespace Deeplay;

/// <summary>Examples to learn from or to test with: in memory, made when they are needed, or as they come. They are on the CPU;
/// batches go to the device.</summary>
public sealed partial class Dataset : IDisposable
{
    /// <summary>Inputs (N, …) and as many targets (N, …), which the dataset owns from then on.</summary>
    public Dataset(Tensor inputs, Tensor targets)
        : this(new Torch.Dataset(inputs.Given(), targets.Given())) { }

    /// <summary>The same for a model of several inputs, each (N, …): <c>new Dataset([a, b], targets)</c>, or
    /// <c>new Dataset(Inputs.Named(("tokens", a), ("mask", b)), targets)</c>.</summary>
    public Dataset(Inputs inputs, Tensor targets)
        : this(Torch.Dataset.OfInputs(inputs.Given().Inner, targets.Given())) { }

    internal Dataset(Torch.Dataset inner) => Inner = inner;

    internal Torch.Dataset Inner { get; }

    /// <summary>The inputs, (N, …), of a dataset in memory. Of several it is an error: <see cref="AllInputs"/> has
    /// them.</summary>
    public Tensor Inputs => Inner.Inputs;

    /// <summary>All inputs of a dataset in memory, by their places or their names.</summary>
    public Inputs AllInputs => new(Inner.AllInputs);

    /// <summary>The targets, (N, …), of a dataset in memory.</summary>
    public Tensor Targets => Inner.Targets;

    /// <summary>The number of examples; of a stream it is an error, for nobody knows.</summary>
    public long Count => Inner.Count;

    /// <summary>The examples in two parts, drawn at random: <paramref name="fraction"/> of them in the first. The same
    /// seed gives the same parts.</summary>
    public (Dataset First, Dataset Second) Split(double fraction, long seed = 0)
    {
        var (first, second) = Inner.Split(fraction, seed);
        return (new(first), new(second));
    }

    /// <summary>The same with other inputs. What is drawn from the generator is the same whenever a run is repeated, and another in
    /// each epoch.</summary>
    /// <param name="change">Gets a generator and a batch of inputs (N, …), and gives them changed. It is called on other threads,
    /// whenever a batch is read.</param>
    public Dataset Transform(Func<torch.Generator, Tensor, Tensor> change) =>
        new(Inner.Transform(Change(change.Given())));

    /// <summary>The same with one of several inputs changed, by its name.</summary>
    /// <inheritdoc cref="Transform(Func{torch.Generator, Tensor, Tensor})" path="/param"/>
    public Dataset Transform(string input, Func<torch.Generator, Tensor, Tensor> change) =>
        new(Inner.Transform(input.Given(), Change(change.Given())));

    /// <summary>The same with all inputs of a batch changed together, to as many or others.</summary>
    public Dataset TransformInputs(Func<torch.Generator, Inputs, Inputs> change)
    {
        change.Given();
        return new(
            Inner.TransformInputs(
                Interop.Fun<torch.Generator, Torch.Inputs, Torch.Inputs>(
                    (random, inputs) => change(random, new(inputs)).Gave().Inner
                )
            )
        );
    }

    private static FSharpFunc<torch.Generator, FSharpFunc<Tensor, Tensor>> Change(
        Func<torch.Generator, Tensor, Tensor> change
    ) => Interop.Fun<torch.Generator, Tensor, Tensor>((random, input) => change(random, input).Gave());

    /// <summary>The same with images changed by each augmentation in turn, whenever a batch is read, on other threads: otherwise in
    /// each epoch, and the same again whenever a run is repeated or goes on. Inputs are images (N, C, H, W) of floats. Augment the
    /// training part alone.</summary>
    public Dataset Augment(params IEnumerable<Augmentation> augmentations) =>
        new(Torch.AugmentationModule.augment(Augmentation.Of(augmentations), Inner));

    /// <summary>The same for one of several inputs, by its name.</summary>
    public Dataset Augment(string input, params IEnumerable<Augmentation> augmentations) =>
        new(Torch.AugmentationModule.augmentInput(input.Given(), Augmentation.Of(augmentations), Inner));

    /// <summary>The examples in memory, as they are made at first.</summary>
    public Dataset Keep() => new(Inner.Keep());

    /// <summary>So many examples in memory: the first.</summary>
    public Dataset Keep(long count) => new(Inner.Keep(count));

    /// <summary>Frees what is in memory.</summary>
    public void Dispose() => ((IDisposable)Inner).Dispose();
}
