namespace Deeplay;

/// <summary>Layers, as modules, with PyTorch's names, parameters and defaults. An argument that is its default counts
/// as not given: where a layer takes another's place, settings stand that were made before; say
/// <c>.Configure("bias", true)</c> to overrule one.</summary>
public static partial class Layers
{
    /// <summary>A linear map of the last dimension: x Wᵀ + b.</summary>
    /// <param name="inFeatures">The input's last size; inferred where not set.</param>
    /// <param name="outFeatures">The output's last size.</param>
    /// <param name="bias">Whether a learned bias is added.</param>
    public static ModuleSpec Linear(long? inFeatures, long outFeatures, bool bias = true) =>
        Factory.Make(
            FSharp.Linear.definition,
            ("in_features", inFeatures),
            ("out_features", outFeatures),
            ("bias", bias)
        );

    /// <summary>A learned vector for each number.</summary>
    /// <param name="numEmbeddings">How many numbers there are, from 0 on.</param>
    /// <param name="embeddingDim">The size of a vector.</param>
    /// <param name="paddingIdx">The number whose vector is not learned; negative from the end.</param>
    /// <param name="maxNorm">The largest norm a vector may have.</param>
    /// <param name="normType">Which norm that is.</param>
    /// <param name="scaleGradByFreq">Whether a gradient is divided by how often its number is in the
    /// batch.</param>
    /// <param name="sparse">Whether the gradient is a sparse tensor.</param>
    public static ModuleSpec Embedding(
        long numEmbeddings,
        long embeddingDim,
        long? paddingIdx = null,
        double? maxNorm = null,
        double normType = 2.0,
        bool scaleGradByFreq = false,
        bool sparse = false
    ) =>
        Factory.Make(
            FSharp.Embedding.definition,
            ("num_embeddings", numEmbeddings),
            ("embedding_dim", embeddingDim),
            ("padding_idx", paddingIdx),
            ("max_norm", maxNorm),
            ("norm_type", normType),
            ("scale_grad_by_freq", scaleGradByFreq),
            ("sparse", sparse)
        );

    /// <summary>Images, sequences or volumes made larger or smaller.</summary>
    /// <param name="size">The spatial sizes of the output.</param>
    /// <param name="scaleFactor">How many times as large the output is.</param>
    /// <param name="mode">How values between the pixels are found.</param>
    /// <param name="alignCorners">Whether the corners of input and output are the same points.</param>
    /// <param name="recomputeScaleFactor">Whether the factor is computed again from the sizes.</param>
    public static ModuleSpec Upsample(
        Sizes? size = null,
        double? scaleFactor = null,
        string mode = "nearest",
        bool? alignCorners = null,
        bool? recomputeScaleFactor = null
    ) =>
        Factory.Make(
            FSharp.Upsample.definition,
            ("size", size),
            ("scale_factor", scaleFactor),
            ("mode", mode),
            ("align_corners", alignCorners),
            ("recompute_scale_factor", recomputeScaleFactor)
        );

    /// <summary>Several dimensions made into one.</summary>
    /// <param name="startDim">The first dimension to be flattened.</param>
    /// <param name="endDim">The last dimension to be flattened.</param>
    public static ModuleSpec Flatten(long startDim = 1, long endDim = -1) =>
        Factory.Make(FSharp.Flatten.definition, ("start_dim", startDim), ("end_dim", endDim));

    /// <summary>One dimension made into several.</summary>
    /// <param name="dim">The dimension that is taken apart.</param>
    /// <param name="unflattenedSize">The sizes it is taken apart into; one of them may be -1.</param>
    public static ModuleSpec Unflatten(long dim, IReadOnlyList<long> unflattenedSize) =>
        Factory.Make(FSharp.Unflatten.definition, ("dim", dim), ("unflattened_size", unflattenedSize));

    /// <summary>Gives its input back.</summary>
    public static ModuleSpec Identity() => Factory.Make(FSharp.Identity.definition);

    /// <summary>Gives what was kept under a key (<see cref="Editable.LogOutput"/>), whatever it is called
    /// with.</summary>
    public static ModuleSpec FromLogs(string key) => Factory.Make(FSharp.Logging.fromLogs, ("key", key));
}
