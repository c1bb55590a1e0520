namespace Deeplay;

/// <content>Activations.</content>
public static partial class Layers
{
    /// <summary>max(x, 0).</summary>
    /// <param name="inplace">Whether the input is overwritten.</param>
    public static ModuleSpec ReLU(bool inplace = false) =>
        Factory.Make(FSharp.ReLU.definition, ("inplace", inplace));

    /// <summary>min(max(x, 0), 6).</summary>
    /// <param name="inplace">Whether the input is overwritten.</param>
    public static ModuleSpec ReLU6(bool inplace = false) =>
        Factory.Make(FSharp.ReLU6.definition, ("inplace", inplace));

    /// <summary>x where positive, negative_slope · x elsewhere.</summary>
    /// <param name="negativeSlope">The slope for negative numbers.</param>
    /// <param name="inplace">Whether the input is overwritten.</param>
    public static ModuleSpec LeakyReLU(double negativeSlope = 0.01, bool inplace = false) =>
        Factory.Make(FSharp.LeakyReLU.definition, ("negative_slope", negativeSlope), ("inplace", inplace));

    /// <summary>LeakyReLU with a learned slope.</summary>
    /// <param name="numParameters">1, or the number of channels.</param>
    /// <param name="init">The slope to begin with.</param>
    public static ModuleSpec PReLU(long numParameters = 1, double init = 0.25) =>
        Factory.Make(FSharp.PReLU.definition, ("num_parameters", numParameters), ("init", init));

    /// <summary>LeakyReLU with a slope drawn at random while training.</summary>
    /// <param name="lower">The least slope.</param>
    /// <param name="upper">The largest slope.</param>
    /// <param name="inplace">Whether the input is overwritten.</param>
    public static ModuleSpec RReLU(
        double lower = 0.125,
        double upper = 0.3333333333333333,
        bool inplace = false
    ) => Factory.Make(FSharp.RReLU.definition, ("lower", lower), ("upper", upper), ("inplace", inplace));

    /// <summary>x where positive, alpha · (exp(x) − 1) elsewhere.</summary>
    /// <param name="alpha">The factor for negative numbers.</param>
    /// <param name="inplace">Whether the input is overwritten.</param>
    public static ModuleSpec ELU(double alpha = 1.0, bool inplace = false) =>
        Factory.Make(FSharp.ELU.definition, ("alpha", alpha), ("inplace", inplace));

    /// <summary>The self-normalizing ELU.</summary>
    /// <param name="inplace">Whether the input is overwritten.</param>
    public static ModuleSpec SELU(bool inplace = false) =>
        Factory.Make(FSharp.SELU.definition, ("inplace", inplace));

    /// <summary>max(0, x) + min(0, alpha · (exp(x / alpha) − 1)).</summary>
    /// <param name="alpha">The scale of negative numbers.</param>
    /// <param name="inplace">Whether the input is overwritten.</param>
    public static ModuleSpec CELU(double alpha = 1.0, bool inplace = false) =>
        Factory.Make(FSharp.CELU.definition, ("alpha", alpha), ("inplace", inplace));

    /// <summary>x · Φ(x).</summary>
    /// <param name="approximate">'none' for the exact form, 'tanh' for the approximation.</param>
    public static ModuleSpec GELU(string approximate = "none") =>
        Factory.Make(FSharp.GELU.definition, ("approximate", approximate));
}
