using Of = Deeplay.FSharp.InitialModule;

namespace Deeplay;

/// <summary>What a parameter or a buffer of a module's own starts from, by PyTorch's names and with its
/// distributions.</summary>
public sealed class Initial
{
    private Initial(Core.Initial inner) => Inner = inner;

    internal Core.Initial Inner { get; }

    /// <summary>Zeros.</summary>
    public static Initial Zeros { get; } = new(Of.zeros);

    /// <summary>Ones.</summary>
    public static Initial Ones { get; } = new(Of.ones);

    /// <summary>Ones on the diagonal of a matrix.</summary>
    public static Initial Eye { get; } = new(Of.eye);

    /// <summary>Sines and cosines of each position, by turns, that get slower along the last dimension: positional
    /// embeddings, with a position for each row.</summary>
    public static Initial Sinusoidal { get; } = new(Of.sinusoidal);

    /// <summary>One number.</summary>
    public static Initial Constant(double number) => new(Of.constant(number));

    /// <summary>These numbers, one row after another.</summary>
    public static Initial Numbers(params double[] numbers) => new(Of.numbers(Interop.List(numbers.Given())));

    /// <summary>The normal distribution.</summary>
    public static Initial Normal(double mean = 0, double std = 1) => new(Of.normal(mean, std));

    /// <summary>The uniform distribution over [low, high).</summary>
    public static Initial Uniform(double low = 0, double high = 1) => new(Of.uniform(low, high));

    /// <summary>The normal distribution where it is between two bounds.</summary>
    public static Initial TruncatedNormal(
        double mean = 0,
        double std = 1,
        double low = -2,
        double high = 2
    ) => new(Of.truncatedNormal(mean, std, low, high));

    /// <summary>Glorot's, uniform.</summary>
    public static Initial XavierUniform(double gain = 1) => new(Of.xavierUniform(gain));

    /// <summary>Glorot's, normal.</summary>
    public static Initial XavierNormal(double gain = 1) => new(Of.xavierNormal(gain));

    /// <summary>He's, uniform, for inputs (<c>fan_in</c>) and a leaky ReLU of slope <paramref name="a"/>; the square root
    /// of 5 is what a Linear starts from.</summary>
    public static Initial KaimingUniform(double a = 0) => new(Of.kaimingUniform(a));

    /// <summary>He's, normal, for inputs (<c>fan_in</c>) and a leaky ReLU of slope <paramref name="a"/>: 0 for a
    /// ReLU.</summary>
    public static Initial KaimingNormal(double a = 0) => new(Of.kaimingNormal(a));

    /// <summary>A matrix with orthogonal rows, or columns where there are fewer.</summary>
    public static Initial Orthogonal(double gain = 1) => new(Of.orthogonal(gain));
}
