using Tensor = TorchSharp.torch.Tensor;

namespace Deeplay;

/// <content>From a spec to torch modules.</content>
public sealed partial class Module
{
    /// <summary>The torch module: one input, one output. The spec stays what it was; building it again gives a module
    /// with parameters of its own.</summary>
    /// <param name="device">Where the parameters live.</param>
    /// <param name="inputShape">The shape of an input, batch included, where widths must be inferred from it.</param>
    /// <exception cref="DeeplayException">The module does not take one tensor and give one, or anything else does not
    /// fit.</exception>
    public TorchSharp.torch.nn.Module<Tensor, Tensor> Build(
        Device device = default,
        params long[] inputShape
    ) => Build(new Logs(), device, inputShape);

    /// <summary>The torch module: one input, one output.</summary>
    /// <param name="logs">Where what the model was told to log is kept.</param>
    /// <param name="device">Where the parameters live.</param>
    /// <param name="inputShape">The shape of an input, batch included, where widths must be inferred from it.</param>
    public TorchSharp.torch.nn.Module<Tensor, Tensor> Build(
        Logs logs,
        Device device = default,
        params long[] inputShape
    )
    {
        var built = BuildModule(device, inputShape.Length == 0 ? [] : [inputShape], logs: logs);
        if (built is TorchSharp.torch.nn.Module<Tensor, Tensor> module)
            return module;
        var found = built.GetType().Name;
        built.Dispose();
        throw Interop.Failure(
            Core.Error.NewWrongStructure(
                Core.TagModule.root,
                Kind,
                $"it does not take one tensor and give one ({found}); build it with BuildModule."
            )
        );
    }

    /// <summary>The torch module, whatever its inputs and outputs are.</summary>
    /// <param name="device">Where the parameters live.</param>
    /// <param name="inputShapes">The shape of each input, batch included, where widths must be inferred from
    /// them.</param>
    /// <param name="allowUnused">Whether settings that nothing reads are accepted; they are an error otherwise.</param>
    /// <param name="logs">Where what the model was told to log is kept.</param>
    public TorchSharp.torch.nn.Module BuildModule(
        Device device = default,
        IReadOnlyList<long[]>? inputShapes = null,
        bool allowUnused = false,
        Logs? logs = null
    ) =>
        Interop.Run(() =>
            Torch.Build.runLogged(
                (logs ?? new Logs()).Inner,
                new Torch.BuildOptions(
                    device.Find(),
                    Interop.List((inputShapes ?? []).Select(shape => Interop.List(shape))),
                    allowUnused,
                    Torch.Lowering.standard
                ),
                Spec
            )
        );
}
