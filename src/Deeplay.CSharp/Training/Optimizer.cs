namespace Deeplay;

/// <summary>Steps the parameters of a model by their gradients: those of a built application, which frees it with itself, or of a
/// module of one's own (<see cref="ModuleSpec.CreateOptimizer"/>).</summary>
public sealed class Optimizer : IDisposable
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

    /// <summary>Steps every parameter that has a gradient. LBFGS, which computes the loss several times, is an error.</summary>
    public void Step() => Inner.Step();

    /// <summary>Makes a step with a function that computes the loss, one number, where the parameters are: LBFGS calls it several
    /// times. What the function makes is the caller's.</summary>
    public void Step(Func<Tensor> loss)
    {
        loss.Given();
        Inner.Step(FuncConvert.FromFunc(() => loss().Gave()));
    }

    /// <summary>Scales all gradients together down to a 2-norm, where theirs is larger, as PyTorch's
    /// <c>clip_grad_norm_</c>.</summary>
    public void ClipGradNorm(double maxNorm) => Inner.ClipGradNorm(maxNorm);

    /// <summary>Cuts each number of the gradients to lie between minus a limit and it, as PyTorch's
    /// <c>clip_grad_value_</c>.</summary>
    public void ClipGradValue(double limit) => Inner.ClipGradValue(limit);

    /// <summary>Takes all gradients away.</summary>
    public void ZeroGrad() => Inner.ZeroGrad();

    /// <summary>Writes what it keeps between steps, and its step size, to a safetensors file, which appears whole or not at all: a
    /// loop goes on from it bit for bit. PyTorch's <c>torch.save(optimizer.state_dict(), …)</c>.</summary>
    public void Save(string path) => Torch.OptimizerModule.save(path.Given(), Inner);

    /// <summary>Reads what <see cref="Save"/> wrote, of an optimizer of the same kind over parameters of the same names, types and
    /// shapes, onto the device where they are. What the spec says stays as it was given, except for the step size.</summary>
    /// <exception cref="DeeplayException">The file is not there, is broken, or of another optimizer: nothing of it is
    /// loaded.</exception>
    public void Load(string path) => Torch.OptimizerModule.load(path.Given(), Inner);

    /// <summary>Frees what it keeps between steps.</summary>
    public void Dispose() => ((IDisposable)Inner).Dispose();
}
