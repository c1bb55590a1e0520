namespace Deeplay;

/// <summary>Where tensors can live. Devices go by their names: <c>"cpu"</c>, <c>"cuda"</c>, <c>"cuda:1"</c>; where none
/// is given, it is the best there is. Asking for CUDA where there is none is an error that says what is missing.</summary>
public static class Devices
{
    /// <summary>The name of the best device there is: CUDA's first where there is one, else the CPU.</summary>
    public static string Best => Torch.Device.name(Torch.Device.best());

    /// <summary>Whether CUDA can be used here and now.</summary>
    public static bool HasCuda => Torch.Device.hasCuda();
}
