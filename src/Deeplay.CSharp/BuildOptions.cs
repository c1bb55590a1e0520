namespace Deeplay;

/// <summary>How a spec is built. A device, or its name, is one by itself: <c>model.Build("cuda")</c>; options combine by
/// <c>with</c>: <c>options with { AllowUnused = true }</c>.</summary>
public sealed record BuildOptions
{
    /// <summary>Where the parameters live, by name: <c>"cpu"</c>, <c>"cuda"</c>, <c>"cuda:1"</c>; where null, on the best
    /// device there is. Asking for CUDA where there is none is an error that says what is missing.</summary>
    public string? Device { get; init; }

    /// <summary>The type of parameters and of numbers that norms keep: null for float32, as they are made. In <c>bfloat16</c> a
    /// model takes half of the memory, and its numbers have 8 bits: small steps of an optimizer are lost in them, and what it keeps
    /// is of that type too. TorchSharp has no autocast, so that all of a model is of one type.</summary>
    public torch.ScalarType? DType { get; init; }

    /// <summary>The shape of each input, batch included, where widths must be inferred from them.</summary>
    public IReadOnlyList<long[]> InputShapes
    {
        get;
        init => field = value.Given();
    } = [];

    /// <summary>The same for a module that takes named tensors: the shape of each, by its key.</summary>
    public IReadOnlyDictionary<string, long[]>? NamedShapes { get; init; }

    /// <summary>The types of these inputs, in their order, where a model is to be checked for them before it is built: an embedding
    /// takes whole numbers, most layers floating-point ones of whatever width. Nothing is known of them where empty.</summary>
    public IReadOnlyList<torch.ScalarType> InputDTypes
    {
        get;
        init => field = value.Given();
    } = [];

    /// <summary>The same for named tensors, by their keys; nothing is known of those without.</summary>
    public IReadOnlyDictionary<string, torch.ScalarType>? NamedDTypes { get; init; }

    /// <summary>Whether settings that nothing reads are accepted; they are an error otherwise.</summary>
    public bool AllowUnused { get; init; }

    /// <summary>Where what the model was told to log is kept.</summary>
    public Logs? Logs { get; init; }

    /// <summary>How layers are made: those of the library, or with some of one's own.</summary>
    public Lowerings Lowerings
    {
        get;
        init => field = value.Given();
    } = Lowerings.Standard;

    /// <summary>A device, by its name.</summary>
    public static implicit operator BuildOptions(string device) => new() { Device = device.Given() };

    /// <summary>A device.</summary>
    public static implicit operator BuildOptions(torch.Device device) => Torch.Device.name(device.Given());

    internal static BuildOptions Of(string? device, Lowerings? lowerings, bool allowUnused) =>
        new()
        {
            Device = device,
            Lowerings = lowerings ?? Lowerings.Standard,
            AllowUnused = allowUnused,
        };

    /// <summary>The same as F# takes it.</summary>
    internal Torch.BuildOptions Inner =>
        new(
            Device ?? "best",
            Interop.Option(DType),
            Shape.All(InputShapes),
            Shape.All(NamedShapes ?? new Dictionary<string, long[]>()),
            Interop.List(InputDTypes),
            Interop.List(
                (NamedDTypes ?? new Dictionary<string, torch.ScalarType>()).Select(pair =>
                    Tuple.Create(pair.Key, pair.Value)
                )
            ),
            AllowUnused,
            Lowerings.Inner,
            Interop.Option(Logs?.Inner)
        );
}
