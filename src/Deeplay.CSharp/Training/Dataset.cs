namespace Deeplay;

/// <summary>Examples in memory: inputs and their targets, along the first dimension. Both stay on the CPU; batches go
/// to the device.</summary>
public sealed class Dataset : IDisposable
{
    /// <summary>Inputs (N, …) and as many targets (N, …), which the dataset owns from then on.</summary>
    public Dataset(Tensor inputs, Tensor targets)
        : this(new Torch.Dataset(inputs.Given(), targets.Given())) { }

    internal Dataset(Torch.Dataset inner) => Inner = inner;

    internal Torch.Dataset Inner { get; }

    /// <summary>The inputs, (N, …).</summary>
    public Tensor Inputs => Inner.Inputs;

    /// <summary>The targets, (N, …).</summary>
    public Tensor Targets => Inner.Targets;

    /// <summary>The number of examples.</summary>
    public long Count => Inner.Count;

    /// <summary>The examples in two parts, drawn at random: <paramref name="fraction"/> of them in the first. The same
    /// seed gives the same parts.</summary>
    public (Dataset First, Dataset Second) Split(double fraction, long seed = 0)
    {
        var (first, second) = Inner.Split(fraction, seed);
        return (new(first), new(second));
    }

    /// <summary>Frees inputs and targets.</summary>
    public void Dispose() => ((IDisposable)Inner).Dispose();
}
