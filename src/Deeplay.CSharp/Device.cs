namespace Deeplay;

/// <summary>Where tensors live, by name: <c>"cpu"</c>, <c>"cuda"</c>, <c>"cuda:1"</c>, or <c>"best"</c>: CUDA where
/// there is one, else the CPU. Asking for CUDA where there is none is an error that says what is missing.</summary>
/// <param name="Name">The name; what is not given is the best there is.</param>
public readonly record struct Device(string? Name)
{
    /// <summary>CUDA where there is one, else the CPU.</summary>
    public static Device Best => new("best");

    /// <summary>The CPU.</summary>
    public static Device Cpu => new("cpu");

    /// <summary>The first CUDA device.</summary>
    public static Device Cuda => new("cuda");

    /// <summary>Whether CUDA can be used here and now.</summary>
    public static bool HasCuda => Interop.Run(Torch.Device.hasCuda);

    /// <summary>The device with this name.</summary>
    public static implicit operator Device(string name) => new(name);

    /// <summary>The name.</summary>
    public override string ToString() => Name ?? "best";

    internal TorchSharp.torch.Device Find()
    {
        var name = ToString();
        return Interop.Run(() => Torch.Device.parse(name));
    }
}
