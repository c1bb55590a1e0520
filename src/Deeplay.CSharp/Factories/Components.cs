namespace Deeplay;

/// <summary>Components: what models are made of.</summary>
public static class Components
{
    /// <summary>Linear blocks one after another.</summary>
    /// <param name="inFeatures">The input's last size; inferred where null.</param>
    /// <param name="hiddenFeatures">The number of features of each hidden block.</param>
    /// <param name="outFeatures">The number of features of the output.</param>
    /// <param name="outActivation">The activation of the last block; the identity where null.</param>
    /// <param name="flattenInput">Whether the input is flattened first, all but the batch.</param>
    public static ModuleSpec MultiLayerPerceptron(
        long? inFeatures,
        IReadOnlyList<long> hiddenFeatures,
        long outFeatures,
        ModuleSpec? outActivation = null,
        bool flattenInput = true
    ) =>
        Factory.Make(
            FSharp.MultiLayerPerceptron.definition,
            ("in_features", inFeatures),
            ("hidden_features", hiddenFeatures),
            ("out_features", outFeatures),
            ("out_activation", outActivation),
            ("flatten_input", flattenInput)
        );
}
