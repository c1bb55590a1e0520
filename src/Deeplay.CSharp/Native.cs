namespace Deeplay;

/// <summary>The native libraries of TorchSharp, which a program chooses by a package of its own: TorchSharp-cpu, or
/// TorchSharp-cuda-linux.</summary>
public static class Native
{
    /// <summary>The versions of TorchSharp and libtorch that this program runs on.</summary>
    public static string Description => Torch.Native.describe();

    /// <summary>Makes sure that the natives are loaded; an error says what is missing. All of Deeplay that makes tensors
    /// does it by itself.</summary>
    /// <exception cref="DeeplayException">There are none, or they don't load.</exception>
    public static void Load() => Torch.Native.load();

    /// <summary>Before anything of this assembly runs, so that a program may go on to TorchSharp itself.</summary>
#pragma warning disable CA2255 // The rule is about libraries that surprise; this only tells where natives are found.
    [ModuleInitializer]
#pragma warning restore CA2255
    internal static void Prepare() => Torch.Native.prepare();
}
