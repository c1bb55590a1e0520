namespace Deeplay;

/// <summary>A picture: what to draw, as a value. It holds the numbers it shows, so that tensors may be disposed. The same picture gives
/// the same file on one machine; letters are those of its fonts.</summary>
public sealed class Picture
{
    internal Picture(Plots.Picture inner) => Inner = inner;

    internal Plots.Picture Inner { get; }

    /// <summary>In pixels.</summary>
    public int Width => Inner.Width;

    /// <summary>In pixels.</summary>
    public int Height => Inner.Height;

    /// <summary>The same in another size, in pixels: letters and lines stay as they are.</summary>
    public Picture Sized(int width, int height) => new(Inner.Sized(width, height));

    /// <summary>The same so many times as large, letters and lines too.</summary>
    public Picture Scaled(double factor) => new(Inner.Scaled(factor));

    /// <summary>The bytes of a PNG file.</summary>
    public byte[] ToPng() => Inner.ToPng();

    /// <summary>The text of an SVG file.</summary>
    public string ToSvg() => Inner.ToSvg();

    /// <summary>Writes a PNG or SVG file, as its extension says, which appears whole or not at all.</summary>
    public void Save(string path) => Inner.Save(path.Given());
}
