namespace Deeplay;

/// <summary>What a cutoff of detections is a part of.</summary>
public enum CutoffMode
{
    /// <summary>The quantile of all scores of an image.</summary>
    Quantile,

    /// <summary>The largest score of an image.</summary>
    Ratio,

    /// <summary>Nothing: it is a score.</summary>
    Constant,
}

/// <summary>How objects are found. Names and defaults are those of Deeplay's LodeSTAR.</summary>
public sealed record DetectionOptions
{
    /// <summary>The power of the weights in the score of a place.</summary>
    public double Alpha { get; init; } = Torch.Detection.defaults.Alpha;

    /// <summary>The power in it of how well a place agrees with its neighbours.</summary>
    public double Beta { get; init; } = Torch.Detection.defaults.Beta;

    /// <summary>By how much a score must stand out.</summary>
    public double Cutoff { get; init; } = Torch.Detection.defaults.Cutoff;

    /// <summary>What the cutoff is a part of.</summary>
    public CutoffMode Mode { get; init; } = CutoffMode.Quantile;

    internal Torch.DetectionOptions Inner => new(Alpha, Beta, Cutoff, InnerMode);

    private Torch.CutoffMode InnerMode =>
        Mode switch
        {
            CutoffMode.Quantile => Torch.CutoffMode.Quantile,
            CutoffMode.Ratio => Torch.CutoffMode.Ratio,
            _ => Torch.CutoffMode.Constant,
        };
}

/// <summary>Finds objects by a trained <c>LodeSTAR</c> in images of any size.</summary>
public static class Detection
{
    /// <summary>The objects in each of images (N, C, H, W): (D, num_outputs) for each image, the highest score first; a row and a column
    /// in pixels, counted from 0, and what else the model says of an object. They are the places whose scores stand out by the cutoff
    /// from what is around them, at least three outputs from the edges.</summary>
    public static IReadOnlyList<Tensor> Detect(
        this Application application,
        Tensor images,
        DetectionOptions? options = null
    ) => [.. Torch.Detection.detect((options ?? new()).Inner, images.Given(), application.Given().Inner)];

    /// <summary>The one object in each of images (N, C, H, W): (N, num_outputs), the mean of what all places say, by their
    /// weights.</summary>
    public static Tensor Pooled(this Application application, Tensor images) =>
        Torch.Detection.pooled(images.Given(), application.Given().Inner);

    /// <summary>The same, of places that a mask (N, 1, H', W') over the outputs does not set to 0.</summary>
    public static Tensor Pooled(this Application application, Tensor images, Tensor mask) =>
        Torch.Detection.pooledWithin(mask.Given(), images.Given(), application.Given().Inner);
}
