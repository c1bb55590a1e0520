namespace Deeplay;

/// <summary>What the torch modules are made by.</summary>
public static class Engine
{
    /// <summary>Which engine this program runs on, and the version of its libtorch.</summary>
    public static string Description => Interop.Run(Torch.Engine.describe);
}
