namespace Deeplay;

/// <summary>How pixels are found that fall between others.</summary>
public enum Interpolation
{
    /// <summary>The nearest one.</summary>
    Nearest,

    /// <summary>Of the four around it, by their distances.</summary>
    Bilinear,
}

/// <summary>One change of images, drawn anew for each example. Names and defaults are torchvision's.</summary>
public abstract record Augmentation
{
    private protected Augmentation() { }

    internal abstract Torch.Augmentation Inner { get; }

    /// <summary>Images (N, C, H, W) of floats, changed by each augmentation in turn, every image by draws of its own. All of them are
    /// drawn from this generator of the CPU, whatever the device of the images: the same state of it gives the same images. The
    /// result is a new tensor, (N, C, height, width) after a crop, and the images stay as they are.</summary>
    public static Tensor Apply(
        IEnumerable<Augmentation> augmentations,
        torch.Generator generator,
        Tensor images
    ) => Torch.AugmentationModule.apply(Of(augmentations), generator.Given(), images.Given());

    internal static FSharpList<Torch.Augmentation> Of(IEnumerable<Augmentation> augmentations) =>
        Interop.List(augmentations.Given().Select(augmentation => augmentation.Given().Inner));
}

/// <summary>Left and right exchanged, with probability <paramref name="P"/>.</summary>
public sealed record RandomHorizontalFlip(double P = 0.5) : Augmentation
{
    internal override Torch.Augmentation Inner => Torch.Augmentation.NewRandomHorizontalFlip(P);
}

/// <summary>Top and bottom exchanged, with probability <paramref name="P"/>.</summary>
public sealed record RandomVerticalFlip(double P = 0.5) : Augmentation
{
    internal override Torch.Augmentation Inner => Torch.Augmentation.NewRandomVerticalFlip(P);
}

/// <summary>A part of this size, in pixels, from anywhere in the image after <paramref name="Padding"/> zeros were put on each
/// side.</summary>
public sealed record RandomCrop(int Height, int Width, int Padding = 0) : Augmentation
{
    internal override Torch.Augmentation Inner => Torch.Augmentation.NewRandomCrop(Height, Width, Padding);
}

/// <summary>Turned about the center by an angle from −<paramref name="Degrees"/> to <paramref name="Degrees"/>, counter-clockwise
/// where positive; zeros where there was no image.</summary>
public sealed record RandomRotation(double Degrees, Interpolation Interpolation = Interpolation.Nearest)
    : Augmentation
{
    internal override Torch.Augmentation Inner =>
        Torch.Augmentation.NewRandomRotation(
            Degrees,
            Interpolation == Interpolation.Nearest
                ? Torch.Interpolation.Nearest
                : Torch.Interpolation.Bilinear
        );
}

/// <summary>Normal noise added to each value, cut to 0 to 1 where <paramref name="Clip"/>.</summary>
public sealed record GaussianNoise(double Mean = 0, double Sigma = 0.1, bool Clip = true) : Augmentation
{
    internal override Torch.Augmentation Inner => Torch.Augmentation.NewGaussianNoise(Mean, Sigma, Clip);
}
