namespace Deeplay;

/// <content>Dropouts.</content>
public static partial class Layers
{
    /// <summary>Zeroes elements at random while training.</summary>
    /// <param name="p">The probability of an element to be zeroed.</param>
    /// <param name="inplace">Whether the input is overwritten.</param>
    public static ModuleSpec Dropout(double p = 0.5, bool inplace = false) =>
        Factory.Make(FSharp.Dropout.definition, ("p", p), ("inplace", inplace));

    /// <summary>Zeroes whole channels at random while training.</summary>
    /// <param name="p">The probability of an element to be zeroed.</param>
    /// <param name="inplace">Whether the input is overwritten.</param>
    public static ModuleSpec Dropout1d(double p = 0.5, bool inplace = false) =>
        Factory.Make(FSharp.Dropout1d.definition, ("p", p), ("inplace", inplace));

    /// <summary>Zeroes whole channels at random while training.</summary>
    /// <param name="p">The probability of an element to be zeroed.</param>
    /// <param name="inplace">Whether the input is overwritten.</param>
    public static ModuleSpec Dropout2d(double p = 0.5, bool inplace = false) =>
        Factory.Make(FSharp.Dropout2d.definition, ("p", p), ("inplace", inplace));

    /// <summary>Zeroes whole channels at random while training.</summary>
    /// <param name="p">The probability of an element to be zeroed.</param>
    /// <param name="inplace">Whether the input is overwritten.</param>
    public static ModuleSpec Dropout3d(double p = 0.5, bool inplace = false) =>
        Factory.Make(FSharp.Dropout3d.definition, ("p", p), ("inplace", inplace));

    /// <summary>Dropout that keeps mean and variance, for SELU.</summary>
    /// <param name="p">The probability of an element to be zeroed.</param>
    /// <param name="inplace">Whether the input is overwritten.</param>
    public static ModuleSpec AlphaDropout(double p = 0.5, bool inplace = false) =>
        Factory.Make(FSharp.AlphaDropout.definition, ("p", p), ("inplace", inplace));
}
