namespace Deeplay;

/// <content>Examples that are made when they are needed, or come one after another.</content>
public sealed partial class Dataset
{
    /// <summary>Graphs, each by <see cref="Deeplay.Inputs.Graph"/>, with targets of one row for the graph, or one for each of its
    /// nodes or edges. They are the dataset's own from now on. A batch is one graph of parts that no edge links: see
    /// <see cref="Deeplay.Inputs.Graphs"/>. Graphs may come from all other sources of several inputs, too.</summary>
    public static Dataset OfGraphs(params IEnumerable<(Inputs Graph, Tensor Target)> graphs) =>
        new(Torch.Dataset.OfGraphs(graphs.Given().Select(OfCore)));

    /// <summary>Examples that are made when they are needed, another one in each epoch.</summary>
    /// <param name="count">How many there are in an epoch.</param>
    /// <param name="example">Draws from the random numbers that it gets, and nothing else, and gives one input and its target. It is
    /// called on several threads at once, and what it makes is freed. The same seed of a run gives the same examples.</param>
    /// <param name="seed">What is kept or tested belongs to no run, and is the same for the same seed: data to test with take one of
    /// their own.</param>
    /// <param name="replace">With what probability an example is made anew in an epoch, from the second one on; until then it stays
    /// in memory. 0 makes each once. As the <c>replace</c> of DeepTrack's datasets.</param>
    public static Dataset Generate(
        long count,
        Func<Random, (Tensor Input, Tensor Target)> example,
        long seed = 0,
        double replace = 1
    )
    {
        example.Given();
        return Generate(count, random => WithInputs(example(random)), seed, replace);
    }

    /// <summary>The same for a model of several inputs.</summary>
    /// <inheritdoc cref="Generate(long, Func{Random, ValueTuple{Tensor, Tensor}}, long, double)" path="/param"/>
    public static Dataset Generate(
        long count,
        Func<Random, (Inputs Inputs, Tensor Target)> example,
        long seed = 0,
        double replace = 1
    )
    {
        example.Given();
        return new(
            Torch.Dataset.GenerateInputs(
                count,
                Interop.Fun<Random, ValueTuple<Torch.Inputs, Tensor>>(random => OfCore(example(random))),
                seed,
                replace
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
        return Indexed(count, place => WithInputs(example(place)));
    }

    /// <summary>The same for a model of several inputs.</summary>
    /// <inheritdoc cref="Indexed(long, Func{long, ValueTuple{Tensor, Tensor}})" path="/param"/>
    public static Dataset Indexed(long count, Func<long, (Inputs Inputs, Tensor Target)> example)
    {
        example.Given();
        return new(
            Torch.Dataset.IndexedInputs(
                count,
                Interop.Fun<long, ValueTuple<Torch.Inputs, Tensor>>(place => OfCore(example(place)))
            )
        );
    }

    /// <summary>Examples that come one after another, in every epoch from the beginning: one input and its target. They are read
    /// by another thread, in their own order, and copied before the next one is asked for.</summary>
    public static Dataset Stream(IEnumerable<(Tensor Input, Tensor Target)> examples) =>
        Stream(examples.Given().Select(WithInputs));

    /// <summary>The same of what comes asynchronously.</summary>
    public static Dataset Stream(IAsyncEnumerable<(Tensor Input, Tensor Target)> examples) =>
        Stream(examples.Given().ToBlockingEnumerable());

    /// <summary>The same for a model of several inputs.</summary>
    public static Dataset Stream(IEnumerable<(Inputs Inputs, Tensor Target)> examples) =>
        new(Torch.Dataset.StreamInputs(examples.Given().Select(OfCore)));

    /// <summary>The same of what comes asynchronously.</summary>
    public static Dataset Stream(IAsyncEnumerable<(Inputs Inputs, Tensor Target)> examples) =>
        Stream(examples.Given().ToBlockingEnumerable());

    private static (Inputs, Tensor) WithInputs((Tensor Input, Tensor Target) example) =>
        (example.Input.Gave(), example.Target.Gave());

    private static ValueTuple<Torch.Inputs, Tensor> OfCore((Inputs Inputs, Tensor Target) example) =>
        (example.Inputs.Gave().Inner, example.Target.Gave());
}
