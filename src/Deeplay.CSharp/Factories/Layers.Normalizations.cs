namespace Deeplay;

/// <content>Normalizations.</content>
public static partial class Layers
{
    /// <summary>Normalizes each channel over the batch, then scales and shifts it.</summary>
    /// <param name="numFeatures">The number of channels; inferred where not set.</param>
    /// <param name="eps">Added to the variance, for numerical stability.</param>
    /// <param name="momentum">The weight of the newest batch in the running statistics; null for their
    /// plain mean.</param>
    /// <param name="affine">Whether the result is scaled and shifted by learned numbers.</param>
    /// <param name="trackRunningStats">Whether running statistics are kept.</param>
    public static ModuleSpec BatchNorm1d(
        long? numFeatures = null,
        double eps = 1e-5,
        double? momentum = 0.1,
        bool affine = true,
        bool trackRunningStats = true
    ) =>
        Factory.Make(
            FSharp.BatchNorm1d.definition,
            ("num_features", numFeatures),
            ("eps", eps),
            ("momentum", momentum),
            ("affine", affine),
            ("track_running_stats", trackRunningStats)
        );

    /// <summary>Normalizes each channel over the batch, then scales and shifts it.</summary>
    /// <param name="numFeatures">The number of channels; inferred where not set.</param>
    /// <param name="eps">Added to the variance, for numerical stability.</param>
    /// <param name="momentum">The weight of the newest batch in the running statistics; null for their
    /// plain mean.</param>
    /// <param name="affine">Whether the result is scaled and shifted by learned numbers.</param>
    /// <param name="trackRunningStats">Whether running statistics are kept.</param>
    public static ModuleSpec BatchNorm2d(
        long? numFeatures = null,
        double eps = 1e-5,
        double? momentum = 0.1,
        bool affine = true,
        bool trackRunningStats = true
    ) =>
        Factory.Make(
            FSharp.BatchNorm2d.definition,
            ("num_features", numFeatures),
            ("eps", eps),
            ("momentum", momentum),
            ("affine", affine),
            ("track_running_stats", trackRunningStats)
        );

    /// <summary>Normalizes each channel over the batch, then scales and shifts it.</summary>
    /// <param name="numFeatures">The number of channels; inferred where not set.</param>
    /// <param name="eps">Added to the variance, for numerical stability.</param>
    /// <param name="momentum">The weight of the newest batch in the running statistics; null for their
    /// plain mean.</param>
    /// <param name="affine">Whether the result is scaled and shifted by learned numbers.</param>
    /// <param name="trackRunningStats">Whether running statistics are kept.</param>
    public static ModuleSpec BatchNorm3d(
        long? numFeatures = null,
        double eps = 1e-5,
        double? momentum = 0.1,
        bool affine = true,
        bool trackRunningStats = true
    ) =>
        Factory.Make(
            FSharp.BatchNorm3d.definition,
            ("num_features", numFeatures),
            ("eps", eps),
            ("momentum", momentum),
            ("affine", affine),
            ("track_running_stats", trackRunningStats)
        );

    /// <summary>Normalizes each channel of each example.</summary>
    /// <param name="numFeatures">The number of channels; inferred where not set.</param>
    /// <param name="eps">Added to the variance, for numerical stability.</param>
    /// <param name="momentum">The weight of the newest batch in the running statistics; null for their
    /// plain mean.</param>
    /// <param name="affine">Whether the result is scaled and shifted by learned numbers.</param>
    /// <param name="trackRunningStats">Whether running statistics are kept.</param>
    public static ModuleSpec InstanceNorm1d(
        long? numFeatures = null,
        double eps = 1e-5,
        double? momentum = 0.1,
        bool affine = false,
        bool trackRunningStats = false
    ) =>
        Factory.Make(
            FSharp.InstanceNorm1d.definition,
            ("num_features", numFeatures),
            ("eps", eps),
            ("momentum", momentum),
            ("affine", affine),
            ("track_running_stats", trackRunningStats)
        );

    /// <summary>Normalizes each channel of each example.</summary>
    /// <param name="numFeatures">The number of channels; inferred where not set.</param>
    /// <param name="eps">Added to the variance, for numerical stability.</param>
    /// <param name="momentum">The weight of the newest batch in the running statistics; null for their
    /// plain mean.</param>
    /// <param name="affine">Whether the result is scaled and shifted by learned numbers.</param>
    /// <param name="trackRunningStats">Whether running statistics are kept.</param>
    public static ModuleSpec InstanceNorm2d(
        long? numFeatures = null,
        double eps = 1e-5,
        double? momentum = 0.1,
        bool affine = false,
        bool trackRunningStats = false
    ) =>
        Factory.Make(
            FSharp.InstanceNorm2d.definition,
            ("num_features", numFeatures),
            ("eps", eps),
            ("momentum", momentum),
            ("affine", affine),
            ("track_running_stats", trackRunningStats)
        );

    /// <summary>Normalizes each channel of each example.</summary>
    /// <param name="numFeatures">The number of channels; inferred where not set.</param>
    /// <param name="eps">Added to the variance, for numerical stability.</param>
    /// <param name="momentum">The weight of the newest batch in the running statistics; null for their
    /// plain mean.</param>
    /// <param name="affine">Whether the result is scaled and shifted by learned numbers.</param>
    /// <param name="trackRunningStats">Whether running statistics are kept.</param>
    public static ModuleSpec InstanceNorm3d(
        long? numFeatures = null,
        double eps = 1e-5,
        double? momentum = 0.1,
        bool affine = false,
        bool trackRunningStats = false
    ) =>
        Factory.Make(
            FSharp.InstanceNorm3d.definition,
            ("num_features", numFeatures),
            ("eps", eps),
            ("momentum", momentum),
            ("affine", affine),
            ("track_running_stats", trackRunningStats)
        );

    /// <summary>Normalizes over the last dimensions of each example.</summary>
    /// <param name="normalizedShape">The sizes of the last dimensions, which are normalized over; the last
    /// one alone where not set.</param>
    /// <param name="eps">Added to the variance, for numerical stability.</param>
    /// <param name="elementwiseAffine">Whether the result is scaled and shifted by learned numbers.</param>
    /// <param name="bias">Whether the result is shifted, where it is scaled.</param>
    public static ModuleSpec LayerNorm(
        Sizes? normalizedShape = null,
        double eps = 1e-5,
        bool elementwiseAffine = true,
        bool bias = true
    ) =>
        Factory.Make(
            FSharp.LayerNorm.definition,
            ("normalized_shape", normalizedShape),
            ("eps", eps),
            ("elementwise_affine", elementwiseAffine),
            ("bias", bias)
        );

    /// <summary>Normalizes over groups of channels of each example.</summary>
    /// <param name="numGroups">The number of groups, which divides the number of channels.</param>
    /// <param name="numChannels">The number of channels; inferred where not set.</param>
    /// <param name="eps">Added to the variance, for numerical stability.</param>
    /// <param name="affine">Whether the result is scaled and shifted by learned numbers.</param>
    public static ModuleSpec GroupNorm(
        long numGroups,
        long? numChannels = null,
        double eps = 1e-5,
        bool affine = true
    ) =>
        Factory.Make(
            FSharp.GroupNorm.definition,
            ("num_groups", numGroups),
            ("num_channels", numChannels),
            ("eps", eps),
            ("affine", affine)
        );
}
