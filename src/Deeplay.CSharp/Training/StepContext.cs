namespace Deeplay;

/// <summary>One batch in the hands of who wrote what is done with it, by
/// <see cref="Lowerings.AddTraining"/>.</summary>
public sealed class StepContext
{
    private readonly Torch.StepContext inner;

    internal StepContext(Torch.StepContext inner) => this.inner = inner;

    /// <summary>The resolved arguments of the application.</summary>
    public ModuleArguments Arguments => new(inner.Arguments);

    /// <summary>The inputs of the batch, (N, …), where the modules are. Of several it is an error: <see cref="AllInputs"/> has
    /// them.</summary>
    public Tensor Inputs => inner.Inputs;

    /// <summary>All inputs of the batch, by their places or their names.</summary>
    public Inputs AllInputs => new(inner.AllInputs);

    /// <summary>Its targets, (N, …).</summary>
    public Tensor Targets => inner.Targets;

    /// <summary>The number of the epoch, counted from 0.</summary>
    public int Epoch => inner.Epoch;

    /// <summary>The number of the batch in the epoch, counted from 0.</summary>
    public long Batch => inner.Batch;

    /// <summary>Optimizer steps made so far, of all optimizers.</summary>
    public long Step => inner.Step;

    /// <summary>A built child of the application, by its name: <c>generator</c>, or <c>generator.blocks</c>.</summary>
    public torch.nn.Module Module(string name) => inner.Module(name.Given());

    /// <summary>Calls a child of one input, which gives one output.</summary>
    public Tensor Call(string name, Tensor input) => inner.Call(name.Given(), input.Given());

    /// <summary>Calls a child of several inputs, by their places or its names for them, such as a model with
    /// <see cref="AllInputs"/>.</summary>
    public Tensor Call(string name, Inputs inputs) => inner.CallInputs(name.Given(), inputs.Given().Inner);

    /// <summary>Calls a child of two inputs, such as a loss.</summary>
    public Tensor Call(string name, Tensor first, Tensor second) =>
        inner.Call(name.Given(), first.Given(), second.Given());

    /// <summary>Makes a step of an optimizer, a child of the application, against the gradients of a loss, which is one number:
    /// takes the gradients of its parameters away, computes those of the loss, keeps them small as the options say, and steps.
    /// Not in validation.</summary>
    public void Minimize(string optimizer, Tensor loss) => inner.Minimize(optimizer.Given(), loss.Given());

    /// <summary>The same with a function that computes the loss, which LBFGS calls several times.</summary>
    public void Minimize(string optimizer, Func<Tensor> loss)
    {
        loss.Given();
        inner.Minimize(optimizer.Given(), FuncConvert.FromFunc(() => loss().Gave()));
    }

    /// <summary>Logs one number of this batch. What is logged of an epoch is the mean over examples, as <c>train_</c> or
    /// <c>val_</c> and the name.</summary>
    public void Log(string name, Tensor value) => inner.Log(name.Given(), value.Given());

    /// <summary>Counts the loss and the outputs of this batch in what the stage measures: its loss, and its metrics of the outputs
    /// against the targets. For applications with a loss of their own, such as a classifier whose training step is another.</summary>
    public void Measure(Tensor loss, Tensor outputs) => inner.Measure(loss.Given(), outputs.Given());
}
