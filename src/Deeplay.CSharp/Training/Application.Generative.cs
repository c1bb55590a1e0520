namespace Deeplay;

public sealed partial class Application
{
    /// <summary>The codes of images (N, 1, H, W), on the CPU: of a <c>VariationalAutoEncoder</c> the means (N, latent_dim), of a
    /// <c>WassersteinAutoEncoder</c> the codes themselves. Another application, or images of another shape, are an error.</summary>
    public Tensor Encode(Tensor images) => Torch.Generative.encode(images.Given(), Inner);

    /// <summary>The mean and the logarithm of the variance, each (N, latent_dim), of what a <c>VariationalAutoEncoder</c> takes images
    /// for.</summary>
    public (Tensor Mean, Tensor LogVariance) EncodeDistribution(Tensor images) =>
        Torch.Generative.encodeDistribution(images.Given(), Inner);

    /// <summary>The images (N, 1, H, W) that an autoencoder makes of codes (N, latent_dim), on the CPU.</summary>
    public Tensor Decode(Tensor codes) => Torch.Generative.decode(codes.Given(), Inner);

    /// <summary>So many new images, on the CPU: of an autoencoder decoded from codes that are drawn, of a <c>Diffusion</c> made out of
    /// noise. The same seed gives the same images.</summary>
    /// <param name="count">How many.</param>
    /// <param name="seed">What the random numbers follow from.</param>
    /// <param name="sampler">How a <c>Diffusion</c> goes about it; by DDPM where null. With another application it is an error.</param>
    public Tensor Sample(long count, long seed = 0, Sampler? sampler = null) =>
        Torch.Generative.sample(Interop.Option(sampler?.Inner), seed, count, Inner);

    /// <summary>A new image of each of these classes (N,), on the CPU: of a <c>Diffusion</c> whose <c>classConditional</c> is true.
    /// Another application is an error.</summary>
    /// <param name="classes">The class of each image, whole numbers.</param>
    /// <param name="seed">What the random numbers follow from.</param>
    /// <param name="sampler">How it goes about it; by DDPM where null.</param>
    public Tensor Sample(Tensor classes, long seed = 0, Sampler? sampler = null) =>
        Torch.Generative.sampleOf(Interop.Option(sampler?.Inner), seed, classes.Given(), Inner);
}
