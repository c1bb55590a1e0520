namespace Deeplay;

/// <summary>How much a convolution adds at each side: one number, one for each dimension, or <c>"same"</c> or
/// <c>"valid"</c>.</summary>
public readonly record struct ConvPadding
{
    internal ConvPadding(Core.Value value) => Value = value;

    internal Core.Value Value { get; }

    /// <summary>As much at each side.</summary>
    public static implicit operator ConvPadding(long size) => new(((Sizes)size).Value);

    /// <summary>So much in each of two dimensions.</summary>
    public static implicit operator ConvPadding((long?, long?) sizes) => new(((Sizes)sizes).Value);

    /// <summary>So much in each of three dimensions.</summary>
    public static implicit operator ConvPadding((long?, long?, long?) sizes) => new(((Sizes)sizes).Value);

    /// <summary>So much in each dimension.</summary>
    public static implicit operator ConvPadding(long[] sizes) => new(((Sizes)sizes.Given()).Value);

    /// <summary><c>"same"</c> or <c>"valid"</c>.</summary>
    public static implicit operator ConvPadding(string mode) => new(Values.From(mode.Given()));
}
