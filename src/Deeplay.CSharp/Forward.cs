namespace Deeplay;

/// <summary>What an <c>Init</c> ends with: the forward pass that <see cref="ModuleBuilder.Forward(Func{Sym, Sym})"/>
/// set.</summary>
public sealed class Forward
{
    private Forward() { }

    internal static Forward Set { get; } = new();
}
