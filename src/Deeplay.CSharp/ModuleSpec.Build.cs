using Tensor = TorchSharp.torch.Tensor;

namespace Deeplay;

/// <content>From a spec to torch modules.</content>
public sealed partial class ModuleSpec
{
    /// <summary>The torch module: one input, one output. The spec stays what it was; building it again gives a module
    /// with parameters of its own.</summary>
    /// <param name="device">Where the parameters live.</param>
    /// <param name="inputShape">The shape of an input, batch included, where widths must be inferred from it.</param>
    /// <exception cref="DeeplayException">The module does not take one tensor and give one, or anything else does not
    /// fit.</exception>
    public TorchSharp.torch.nn.Module<Tensor, Tensor> Build(
        string? device = null,
        params long[] inputShape
    ) => Build(new Logs(), device, inputShape);

    /// <summary>The torch module: one input, one output.</summary>
    /// <param name="logs">Where what the model was told to log is kept.</param>
    /// <param name="device">Where the parameters live.</param>
    /// <param name="inputShape">The shape of an input, batch included, where widths must be inferred from it.</param>
    public TorchSharp.torch.nn.Module<Tensor, Tensor> Build(
        Logs logs,
        string? device = null,
        params long[] inputShape
    ) => AsOne(BuildModule(device, Shapes(inputShape), logs: logs));

    /// <summary>The torch module: one input, one output.</summary>
    /// <param name="lowerings">How layers are made: with those of one's own.</param>
    /// <param name="device">Where the parameters live.</param>
    /// <param name="inputShape">The shape of an input, batch included, where widths must be inferred from it.</param>
    public TorchSharp.torch.nn.Module<Tensor, Tensor> Build(
        Lowerings lowerings,
        string? device = null,
        params long[] inputShape
    ) => AsOne(BuildModule(device, Shapes(inputShape), lowerings: lowerings));

    /// <summary>The torch module, whatever its inputs and outputs are. Named tensors are a
    /// <c>Dictionary&lt;string, Tensor&gt;</c>, several tensors are an array.</summary>
    /// <param name="device">Where the parameters live.</param>
    /// <param name="inputShapes">The shape of each input, batch included, where widths must be inferred from
    /// them.</param>
    /// <param name="allowUnused">Whether settings that nothing reads are accepted; they are an error otherwise.</param>
    /// <param name="logs">Where what the model was told to log is kept.</param>
    /// <param name="lowerings">How layers are made, where there are some of one's own.</param>
    public TorchSharp.torch.nn.Module BuildModule(
        string? device = null,
        IReadOnlyList<long[]>? inputShapes = null,
        bool allowUnused = false,
        Logs? logs = null,
        Lowerings? lowerings = null
    ) =>
        Interop.Run(() =>
            Torch.Build.runLogged(
                (logs ?? new Logs()).Inner,
                Options(device, inputShapes ?? [], allowUnused, lowerings),
                Spec
            )
        );

    /// <summary>The torch module of a spec that takes named tensors.</summary>
    /// <param name="inputShapes">The shape of each, batch included, by its key: widths are inferred from them.</param>
    /// <param name="device">Where the parameters live.</param>
    /// <param name="allowUnused">Whether settings that nothing reads are accepted; they are an error otherwise.</param>
    /// <param name="logs">Where what the model was told to log is kept.</param>
    /// <param name="lowerings">How layers are made, where there are some of one's own.</param>
    public TorchSharp.torch.nn.Module BuildModule(
        IReadOnlyDictionary<string, long[]> inputShapes,
        string? device = null,
        bool allowUnused = false,
        Logs? logs = null,
        Lowerings? lowerings = null
    ) =>
        Interop.Run(() =>
            Torch.Build.runNamed(
                Interop.List(inputShapes.Select(pair => Tuple.Create(pair.Key, Interop.List(pair.Value)))),
                (logs ?? new Logs()).Inner,
                Options(device, [], allowUnused, lowerings),
                Spec
            )
        );

    private static IReadOnlyList<long[]> Shapes(long[] only) => only.Length == 0 ? [] : [only];

    private static Torch.BuildOptions Options(
        string? device,
        IReadOnlyList<long[]> inputShapes,
        bool allowUnused,
        Lowerings? lowerings
    ) =>
        new(
            Torch.Device.parse(device),
            Interop.List(inputShapes.Select(shape => Interop.List(shape))),
            allowUnused,
            (lowerings ?? Lowerings.Standard).Inner
        );

    private TorchSharp.torch.nn.Module<Tensor, Tensor> AsOne(TorchSharp.torch.nn.Module built)
    {
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
}
