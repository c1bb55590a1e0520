namespace Deeplay;

/// <content>Activations, continued.</content>
public static partial class Layers
{
    /// <summary>x · sigmoid(x).</summary>
    /// <param name="inplace">Whether the input is overwritten.</param>
    public static ModuleSpec SiLU(bool inplace = false) =>
        Factory.Make(FSharp.SiLU.definition, ("inplace", inplace));

    /// <summary>x · tanh(softplus(x)).</summary>
    /// <param name="inplace">Whether the input is overwritten.</param>
    public static ModuleSpec Mish(bool inplace = false) =>
        Factory.Make(FSharp.Mish.definition, ("inplace", inplace));

    /// <summary>1 / (1 + exp(−x)).</summary>
    public static ModuleSpec Sigmoid() => Factory.Make(FSharp.Sigmoid.definition);

    /// <summary>The hyperbolic tangent.</summary>
    public static ModuleSpec Tanh() => Factory.Make(FSharp.Tanh.definition);

    /// <summary>exp(x) / Σ exp(x) along a dimension.</summary>
    /// <param name="dim">The dimension along which the result sums up to 1.</param>
    public static ModuleSpec Softmax(long? dim = null) =>
        Factory.Make(FSharp.Softmax.definition, ("dim", dim));

    /// <summary>The logarithm of Softmax.</summary>
    /// <param name="dim">The dimension along which the result sums up to 1.</param>
    public static ModuleSpec LogSoftmax(long? dim = null) =>
        Factory.Make(FSharp.LogSoftmax.definition, ("dim", dim));

    /// <summary>exp(−x) / Σ exp(−x) along a dimension.</summary>
    /// <param name="dim">The dimension along which the result sums up to 1.</param>
    public static ModuleSpec Softmin(long? dim = null) =>
        Factory.Make(FSharp.Softmin.definition, ("dim", dim));

    /// <summary>Softmax over the channels of images.</summary>
    public static ModuleSpec Softmax2d() => Factory.Make(FSharp.Softmax2d.definition);

    /// <summary>The logarithm of Sigmoid.</summary>
    public static ModuleSpec LogSigmoid() => Factory.Make(FSharp.LogSigmoid.definition);

    /// <summary>One half of a dimension times the sigmoid of the other half.</summary>
    /// <param name="dim">The dimension that is halved.</param>
    public static ModuleSpec GLU(long dim = -1) => Factory.Make(FSharp.GLU.definition, ("dim", dim));

    /// <summary>log(1 + exp(beta · x)) / beta.</summary>
    /// <param name="beta">The sharpness.</param>
    /// <param name="threshold">Above it the function is linear.</param>
    public static ModuleSpec Softplus(double beta = 1.0, double threshold = 20.0) =>
        Factory.Make(FSharp.Softplus.definition, ("beta", beta), ("threshold", threshold));

    /// <summary>x / (1 + |x|).</summary>
    public static ModuleSpec Softsign() => Factory.Make(FSharp.Softsign.definition);

    /// <summary>x clamped to a range.</summary>
    /// <param name="minVal">The least value.</param>
    /// <param name="maxVal">The largest value.</param>
    /// <param name="inplace">Whether the input is overwritten.</param>
    public static ModuleSpec Hardtanh(double minVal = -1.0, double maxVal = 1.0, bool inplace = false) =>
        Factory.Make(
            FSharp.Hardtanh.definition,
            ("min_val", minVal),
            ("max_val", maxVal),
            ("inplace", inplace)
        );

    /// <summary>x / 6 + 1 / 2 clamped to 0 … 1.</summary>
    /// <param name="inplace">Whether the input is overwritten.</param>
    public static ModuleSpec Hardsigmoid(bool inplace = false) =>
        Factory.Make(FSharp.Hardsigmoid.definition, ("inplace", inplace));

    /// <summary>x · Hardsigmoid(x).</summary>
    /// <param name="inplace">Whether the input is overwritten.</param>
    public static ModuleSpec Hardswish(bool inplace = false) =>
        Factory.Make(FSharp.Hardswish.definition, ("inplace", inplace));

    /// <summary>X, and 0 where |x| ≤ lambd.</summary>
    /// <param name="lambd">The width of what is zeroed.</param>
    public static ModuleSpec Hardshrink(double lambd = 0.5) =>
        Factory.Make(FSharp.Hardshrink.definition, ("lambd", lambd));

    /// <summary>x moved towards 0 by lambd.</summary>
    /// <param name="lambd">By how much x is moved towards 0.</param>
    public static ModuleSpec Softshrink(double lambd = 0.5) =>
        Factory.Make(FSharp.Softshrink.definition, ("lambd", lambd));

    /// <summary>x − tanh(x).</summary>
    public static ModuleSpec Tanhshrink() => Factory.Make(FSharp.Tanhshrink.definition);

    /// <summary>x where it is above the threshold, a value elsewhere.</summary>
    /// <param name="threshold">The threshold.</param>
    /// <param name="value">What stands for everything at or below the threshold.</param>
    /// <param name="inplace">Whether the input is overwritten.</param>
    public static ModuleSpec Threshold(double threshold, double value, bool inplace = false) =>
        Factory.Make(
            FSharp.Threshold.definition,
            ("threshold", threshold),
            ("value", value),
            ("inplace", inplace)
        );
}
