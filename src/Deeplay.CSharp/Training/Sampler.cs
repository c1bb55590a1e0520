namespace Deeplay;

/// <summary>How a diffusion model makes images out of noise.</summary>
public sealed class Sampler
{
    private Sampler(Torch.Sampler inner) => Inner = inner;

    internal Torch.Sampler Inner { get; }

    /// <summary>A step for each of those it was trained with, with new noise in each. Source: Ho et al., 2020, algorithm 2.</summary>
    public static Sampler DDPM { get; } = new(Torch.Sampler.DDPM);

    /// <summary>Fewer steps, evenly spread. Source: Song et al., 2021, equation 12.</summary>
    /// <param name="steps">How many: from 1 to those it was trained with.</param>
    /// <param name="eta">How much new noise each has: 0 for none, 1 for as much as DDPM.</param>
    public static Sampler DDIM(int steps, double eta = 0) => new(Torch.Sampler.NewDDIM(steps, eta));

    /// <summary>In words.</summary>
    public override string ToString() => $"{Inner}";
}
