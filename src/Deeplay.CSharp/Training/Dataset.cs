namespace Deeplay;

/// <summary>Examples to learn from or to test with: in memory, made when they are needed, or as they come. They are on the CPU;
/// batches go to the device.</summary>
public sealed class Dataset : IDisposable
{
    /// <summary>Inputs (N, …) and as many targets (N, …), which the dataset owns from then on.</summary>
    public Dataset(Tensor inputs, Tensor targets)
        : this(new Torch.Dataset(inputs.Given(), targets.Given())) { }

    internal Dataset(Torch.Dataset inner) => Inner = inner;

    internal Torch.Dataset Inner { get; }

    /// <summary>The inputs, (N, …), of a dataset in memory.</summary>
    public Tensor Inputs => Inner.Inputs;

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
    public Dataset Transform(Func<torch.Generator, Tensor, Tensor> change)
    {
        change.Given();
        return new(
            Inner.Transform(
                Interop.Fun<torch.Generator, Tensor, Tensor>(
                    (random, inputs) => change(random, inputs).Gave()
                )
            )
        );
    }

    /// <summary>The same with images changed by each augmentation in turn, whenever a batch is read, on other threads: otherwise in
    /// each epoch, and the same again whenever a run is repeated or goes on. Inputs are images (N, C, H, W) of floats. Augment the
    /// training part alone.</summary>
    public Dataset Augment(params IEnumerable<Augmentation> augmentations) =>
        new(Torch.AugmentationModule.augment(Augmentation.Of(augmentations), Inner));

    /// <summary>The examples in memory, as they are made at first.</summary>
    public Dataset Keep() => new(Inner.Keep());

    /// <summary>So many examples in memory: the first.</summary>
    public Dataset Keep(long count) => new(Inner.Keep(count));

    /// <summary>Examples that are made when they are needed, another one in each epoch.</summary>
    /// <param name="count">How many there are in an epoch.</param>
    /// <param name="example">Draws from the random numbers that it gets, and nothing else, and gives one input and its target. It is
    /// called on several threads at once, and what it makes is freed. The same seed of a run gives the same examples.</param>
    /// <param name="seed">What is kept or tested belongs to no run, and is the same for the same seed: data to test with take one of
    /// their own.</param>
    public static Dataset Generate(
        long count,
        Func<Random, (Tensor Input, Tensor Target)> example,
        long seed = 0
    )
    {
        example.Given();
        return new(
            Torch.Dataset.Generate(
                count,
                Interop.Fun<Random, ValueTuple<Tensor, Tensor>>(random => example(random)),
                seed
            )
        );
    }

    /// <summary>Examples that are read by their places when they are needed, as PyTorch's map-style datasets do.</summary>
    /// <param name="count">How many there are.</param>
    /// <param name="example">Gives the input and the target at a place from 0 to <paramref name="count"/> − 1, the same ones whenever it
    /// is asked. It is called on several threads at once, and what it makes is freed.</param>
    public static Dataset Indexed(long count, Func<long, (Tensor Input, Tensor Target)> example)
    {
        example.Given();
        return new(
            Torch.Dataset.Indexed(
                count,
                Interop.Fun<long, ValueTuple<Tensor, Tensor>>(place => example(place))
            )
        );
    }

    /// <summary>Examples that come one after another, in every epoch from the beginning: one input and its target. They are read
    /// by another thread, in their own order, and copied before the next one is asked for.</summary>
    public static Dataset Stream(IEnumerable<(Tensor Input, Tensor Target)> examples) =>
        new(Torch.Dataset.Stream(examples.Given()));

    /// <summary>The same of what comes asynchronously.</summary>
    public static Dataset Stream(IAsyncEnumerable<(Tensor Input, Tensor Target)> examples) =>
        new(Torch.Dataset.Stream(examples.Given().ToBlockingEnumerable()));

    /// <summary>Frees what is in memory.</summary>
    public void Dispose() => ((IDisposable)Inner).Dispose();
}
