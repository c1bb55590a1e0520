namespace Deeplay;

/// <content>From a spec to torch modules. The spec stays what it was; building it again gives a module with parameters
/// of its own.</content>
public partial class ModuleSpec
{
    /// <summary>The torch module of a spec with one input and one output.</summary>
    /// <param name="options">The device, or all that is to be said: <c>Build("cpu")</c>,
    /// <c>Build(new() { AllowUnused = true })</c>.</param>
    /// <param name="inputShape">The shape of an input, batch included, where widths must be inferred from it.</param>
    /// <exception cref="DeeplayException">The module does not take one tensor and give one, or anything else does not
    /// fit.</exception>
    public torch.nn.Module<Tensor, Tensor> Build(BuildOptions? options = null, params long[] inputShape) =>
        Build<Tensor, Tensor>(
            inputShape.Given().Length == 0 ? options : (options ?? new()) with { InputShapes = [inputShape] }
        );

    /// <summary>The torch module of a spec with one input and one output that are not both one tensor: named tensors are
    /// a <c>Dictionary&lt;string, Tensor&gt;</c>, and where there are more than three inputs, or several outputs, both
    /// are arrays. <c>Build&lt;Tensor[], Tensor[]&gt;()</c></summary>
    /// <inheritdoc cref="Build(BuildOptions?, long[])"/>
    public torch.nn.Module<T, TResult> Build<T, TResult>(BuildOptions? options = null) =>
        As<torch.nn.Module<T, TResult>>(options);

    /// <summary>The torch module of a spec with two inputs: <c>Build&lt;Tensor, Tensor, Tensor&gt;()</c>.</summary>
    /// <inheritdoc cref="Build(BuildOptions?, long[])"/>
    public torch.nn.Module<T1, T2, TResult> Build<T1, T2, TResult>(BuildOptions? options = null) =>
        As<torch.nn.Module<T1, T2, TResult>>(options);

    /// <summary>The torch module of a spec with three inputs.</summary>
    /// <inheritdoc cref="Build(BuildOptions?, long[])"/>
    public torch.nn.Module<T1, T2, T3, TResult> Build<T1, T2, T3, TResult>(BuildOptions? options = null) =>
        As<torch.nn.Module<T1, T2, T3, TResult>>(options);

    /// <summary>The torch module, whatever its inputs and outputs are.</summary>
    /// <inheritdoc cref="Build(BuildOptions?, long[])" path="/param"/>
    public torch.nn.Module BuildModule(BuildOptions? options = null) => As<torch.nn.Module>(options);

    /// <summary>Plain layers in the place of those of <see cref="Editable.Lora"/>, <see cref="Editable.WeightNorm"/> and
    /// <see cref="Editable.SpectralNorm"/>: the spec without them, and a module of it, whose weights make it do what the
    /// built one does, up to rounding. For LoRA they are W + (alpha / rank) · B·A.</summary>
    /// <param name="built">The module that was built of this spec. It stays as it is.</param>
    /// <param name="options">How the plain one is built.</param>
    /// <exception cref="DeeplayException">There is none of them, or the module was built of another
    /// spec.</exception>
    public (ModuleSpec Spec, torch.nn.Module Module) Merge(
        torch.nn.Module built,
        BuildOptions? options = null
    )
    {
        var (spec, module) = Torch.Merging.run((options ?? new()).Inner, Spec, built.Given());
        return (new(spec), module);
    }

    private TModule As<TModule>(BuildOptions? options)
        where TModule : torch.nn.Module =>
        Torch.Build.runAs<TModule>(
            Interop.Fun<string, string>(form =>
                $"build it by {(form.Length > 0 ? $"Build{form}" : nameof(BuildModule))}()"
            ),
            (options ?? new()).Inner,
            Spec
        );
}
