namespace Deeplay;

/// <summary>Steps the parameters of a built application by their gradients.</summary>
public sealed class Optimizer
{
    internal Optimizer(Torch.Optimizer inner) => Inner = inner;

    private Torch.Optimizer Inner { get; }

    /// <summary>The step size. A new one holds from the next step on; a negative one is an
    /// <see cref="ArgumentException"/>.</summary>
    public double LearningRate
    {
        get => Inner.LearningRate;
        set => Inner.LearningRate = value;
    }

    /// <summary>Steps every parameter that has a gradient.</summary>
    public void Step() => Inner.Step();

    /// <summary>Takes all gradients away.</summary>
    public void ZeroGrad() => Inner.ZeroGrad();
}
