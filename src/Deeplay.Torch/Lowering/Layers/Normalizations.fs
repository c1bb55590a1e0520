namespace Deeplay.Torch

open Deeplay.Core
open TorchSharp

/// Normalizations.
module internal NormalizationLayers =
    open Row

    // What the six batch and instance normalizations take.
    let private statistics (a: Arguments) =
        if a["momentum"] = Null then
            Read.wrong a "momentum" "a float (the engine does not offer the plain mean)"

        struct (Read.int a "num_features",
                Read.float a "eps",
                Read.float a "momentum",
                Read.bool a "affine",
                Read.bool a "track_running_stats")

    let private batchNorm1d a =
        let struct (features, eps, momentum, affine, track) = statistics a
        torch.nn.BatchNorm1d(features, eps, momentum, affine, track)

    let private batchNorm2d a =
        let struct (features, eps, momentum, affine, track) = statistics a
        torch.nn.BatchNorm2d(features, eps, momentum, affine, track)

    let private batchNorm3d a =
        let struct (features, eps, momentum, affine, track) = statistics a
        torch.nn.BatchNorm3d(features, eps, momentum, affine, track)

    let private instanceNorm1d a =
        let struct (features, eps, momentum, affine, track) = statistics a
        torch.nn.InstanceNorm1d(features, eps, momentum, affine, track)

    let private instanceNorm2d a =
        let struct (features, eps, momentum, affine, track) = statistics a
        torch.nn.InstanceNorm2d(features, eps, momentum, affine, track)

    let private instanceNorm3d a =
        let struct (features, eps, momentum, affine, track) = statistics a
        torch.nn.InstanceNorm3d(features, eps, momentum, affine, track)

    let table =
        [
            row "BatchNorm1d" batchNorm1d
            row "BatchNorm2d" batchNorm2d
            row "BatchNorm3d" batchNorm3d
            row "InstanceNorm1d" instanceNorm1d
            row "InstanceNorm2d" instanceNorm2d
            row "InstanceNorm3d" instanceNorm3d
            row "LayerNorm" (fun a ->
                torch.nn.LayerNorm(
                    Read.ints a "normalized_shape",
                    Read.float a "eps",
                    Read.bool a "elementwise_affine",
                    Read.orElse true Read.bool a "bias"
                ))
            row "GroupNorm" (fun a ->
                torch.nn.GroupNorm(
                    Read.int a "num_groups",
                    Read.int a "num_channels",
                    Read.float a "eps",
                    Read.bool a "affine"
                ))
            row "LocalResponseNorm" (fun a ->
                torch.nn.LocalResponseNorm(
                    Read.int a "size",
                    Read.float a "alpha",
                    Read.float a "beta",
                    Read.float a "k"
                ))
        ]
