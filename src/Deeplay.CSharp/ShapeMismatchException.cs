namespace Deeplay;

/// <summary>Inputs that a layer can't take: what a shape rule stops with.</summary>
/// <param name="expected">What the layer takes, in words: <c>an input of 2 dimensions</c>.</param>
public sealed class ShapeMismatchException(string expected) : Exception($"Expected {expected.Given()}.")
{
    /// <summary>What the layer takes, in words.</summary>
    public string Expected { get; } = expected;
}
