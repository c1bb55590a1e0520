namespace Deeplay;

/// <summary>Models of usual sizes.</summary>
public static class Models
{
    /// <summary>A multilayer perceptron with 32 and 32 hidden features, batch norms and leaky
    /// ReLUs.</summary>
    /// <param name="inFeatures">The input's last size; inferred where null.</param>
    /// <param name="outFeatures">The number of features of the output.</param>
    /// <param name="hiddenFeatures">The number of features of each hidden block. [32, 32] where not
    /// given.</param>
    /// <param name="outActivation">The activation of the last block; the identity where null.</param>
    /// <param name="flattenInput">Whether the input is flattened first, all but the batch.</param>
    public static ModuleSpec SmallMLP(
        long? inFeatures,
        long outFeatures,
        IReadOnlyList<long>? hiddenFeatures = null,
        ModuleSpec? outActivation = null,
        bool flattenInput = true
    ) =>
        Factory.Make(
            FSharp.SmallMLP.definition,
            ("in_features", inFeatures),
            ("out_features", outFeatures),
            ("hidden_features", hiddenFeatures),
            ("out_activation", outActivation),
            ("flatten_input", flattenInput)
        );

    /// <summary>A multilayer perceptron with 64 and 128 hidden features, batch norms and leaky
    /// ReLUs.</summary>
    /// <param name="inFeatures">The input's last size; inferred where null.</param>
    /// <param name="outFeatures">The number of features of the output.</param>
    /// <param name="hiddenFeatures">The number of features of each hidden block. [64, 128] where not
    /// given.</param>
    /// <param name="outActivation">The activation of the last block; the identity where null.</param>
    /// <param name="flattenInput">Whether the input is flattened first, all but the batch.</param>
    public static ModuleSpec MediumMLP(
        long? inFeatures,
        long outFeatures,
        IReadOnlyList<long>? hiddenFeatures = null,
        ModuleSpec? outActivation = null,
        bool flattenInput = true
    ) =>
        Factory.Make(
            FSharp.MediumMLP.definition,
            ("in_features", inFeatures),
            ("out_features", outFeatures),
            ("hidden_features", hiddenFeatures),
            ("out_activation", outActivation),
            ("flatten_input", flattenInput)
        );

    /// <summary>A multilayer perceptron with 128, 128 and 128 hidden features, batch norms and leaky
    /// ReLUs.</summary>
    /// <param name="inFeatures">The input's last size; inferred where null.</param>
    /// <param name="outFeatures">The number of features of the output.</param>
    /// <param name="hiddenFeatures">The number of features of each hidden block. [128, 128, 128] where not
    /// given.</param>
    /// <param name="outActivation">The activation of the last block; the identity where null.</param>
    /// <param name="flattenInput">Whether the input is flattened first, all but the batch.</param>
    public static ModuleSpec LargeMLP(
        long? inFeatures,
        long outFeatures,
        IReadOnlyList<long>? hiddenFeatures = null,
        ModuleSpec? outActivation = null,
        bool flattenInput = true
    ) =>
        Factory.Make(
            FSharp.LargeMLP.definition,
            ("in_features", inFeatures),
            ("out_features", outFeatures),
            ("hidden_features", hiddenFeatures),
            ("out_activation", outActivation),
            ("flatten_input", flattenInput)
        );

    /// <summary>A multilayer perceptron with 128, 256, 512 and 512 hidden features, batch norms and leaky
    /// ReLUs.</summary>
    /// <param name="inFeatures">The input's last size; inferred where null.</param>
    /// <param name="outFeatures">The number of features of the output.</param>
    /// <param name="hiddenFeatures">The number of features of each hidden block. [128, 256, 512, 512] where
    /// not given.</param>
    /// <param name="outActivation">The activation of the last block; the identity where null.</param>
    /// <param name="flattenInput">Whether the input is flattened first, all but the batch.</param>
    public static ModuleSpec XLargeMLP(
        long? inFeatures,
        long outFeatures,
        IReadOnlyList<long>? hiddenFeatures = null,
        ModuleSpec? outActivation = null,
        bool flattenInput = true
    ) =>
        Factory.Make(
            FSharp.XLargeMLP.definition,
            ("in_features", inFeatures),
            ("out_features", outFeatures),
            ("hidden_features", hiddenFeatures),
            ("out_activation", outActivation),
            ("flatten_input", flattenInput)
        );
}
