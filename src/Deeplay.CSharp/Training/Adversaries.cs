namespace Deeplay;

/// <summary>What the generators of trained adversaries make.</summary>
public static class Adversaries
{
    /// <summary>So many images (N, …) of a <c>GAN</c>, on the CPU; the same seed gives the same.</summary>
    public static Tensor Generate(this Application application, long count, long seed = 0) =>
        Torch.Adversaries.generate(seed, count, application.Given().Inner);

    /// <summary>An image for each of these classes (N,) of a <c>ConditionalGAN</c>.</summary>
    public static Tensor GenerateOf(this Application application, Tensor classes, long seed = 0) =>
        Torch.Adversaries.generateOf(seed, classes.Given(), application.Given().Inner);

    /// <summary>What becomes of images of the first kind of a <c>CycleGAN</c>, as ones of the second.</summary>
    public static Tensor ToSecond(this Application application, Tensor images) =>
        Torch.Adversaries.toSecond(images.Given(), application.Given().Inner);

    /// <summary>What becomes of images of the second kind, as ones of the first.</summary>
    public static Tensor ToFirst(this Application application, Tensor images) =>
        Torch.Adversaries.toFirst(images.Given(), application.Given().Inner);
}
