namespace Deeplay.Library

open Deeplay.Core
open Deeplay.FSharp

module private NormalizationHelpers =
    let numFeatures =
        Common.positive "num_features"
        |> Param.inferred
        |> Param.withDocumentation "The number of channels; inferred where not set."

    let momentum =
        Param.float "momentum"
        |> Param.optional
        |> Param.withDefault (Some 0.1)
        |> Param.withDocumentation
            "The weight of the newest batch in the running statistics; null for their plain mean."

    let affine standard =
        Param.bool "affine"
        |> Param.withDefault standard
        |> Param.withDocumentation "Whether the result is scaled and shifted by learned numbers."

    let trackRunningStats standard =
        Param.bool "track_running_stats"
        |> Param.withDefault standard
        |> Param.withDocumentation "Whether running statistics are kept."

    /// The output has the shape of the input; its channels are at `channelOf rank`.
    let rule (ranks: int list) channelOf words : ShapeRule =
        Rule.one (fun arguments input ->
            match input with
            | Unranked -> Rule.gives Unranked
            | Ranked dims when not (List.contains dims.Length ranks) -> Rule.fail $"an input {words}" input
            | Ranked dims ->
                let at: int = channelOf dims.Length

                Rule.width arguments numFeatures $"in dimension {at} the size" dims[at] input
                |> Result.map (fun (channels, inferred) ->
                    { Outputs = [ Ranked(List.updateAt at channels dims) ]; Inferred = inferred }))

    let extra (arguments: Arguments) =
        Extra.value arguments "num_features"
        + ", "
        + Extra.named [ "eps"; "momentum"; "affine"; "track_running_stats" ] arguments

    // Source: PyTorch docs, torch.nn.BatchNorm1d to BatchNorm3d, "Shape".
    let batchNorm id ranks words =
        LayerDefinition.create
            id
            [ numFeatures; Common.eps 1e-5; momentum; affine true; trackRunningStats true ]
            (rule ranks (fun _ -> 1) words)
            "Normalizes each channel over the batch, then scales and shifts it."
            extra
        |> Definition.withSource "Ioffe and Szegedy, 2015, Batch Normalization"
        |> Definition.withWeights (Weights.affine "num_features")

    // Source: PyTorch docs, torch.nn.InstanceNorm1d to InstanceNorm3d, "Shape".
    let instanceNorm id spatial words =
        LayerDefinition.create
            id
            [ numFeatures; Common.eps 1e-5; momentum; affine false; trackRunningStats false ]
            (rule [ spatial + 1; spatial + 2 ] (fun rank -> rank - spatial - 1) words)
            "Normalizes each channel of each example."
            extra
        |> Definition.withSource "Ulyanov et al., 2016, Instance Normalization"
        |> Definition.withWeights (Weights.affine "num_features")

open NormalizationHelpers

/// `torch.nn.BatchNorm1d`: (N, C) or (N, C, L) → the same.
module internal BatchNorm1d =
    /// The number of channels; inferred where it is not set.
    let numFeatures = numFeatures

    /// Added to the variance.
    let eps = Common.eps 1e-5

    /// The weight of the newest batch in the running statistics; None for their plain mean.
    let momentum = momentum

    /// Whether the result is scaled and shifted by learned numbers.
    let affine = affine true

    /// Whether running statistics are kept.
    let trackRunningStats = trackRunningStats true

    /// Parameters: num_features, eps, momentum, affine, track_running_stats.
    let definition =
        batchNorm "BatchNorm1d" [ 2; 3 ] "of 2 dimensions (N, C), or 3 (N, C, L)"
        |> Definition.withShapes "(N, C) or (N, C, L) → the same"

/// `torch.nn.BatchNorm2d`: (N, C, H, W) → the same.
module internal BatchNorm2d =
    /// The number of channels; inferred where it is not set.
    let numFeatures = numFeatures

    /// Added to the variance.
    let eps = Common.eps 1e-5

    /// The weight of the newest batch in the running statistics; None for their plain mean.
    let momentum = momentum

    /// Whether the result is scaled and shifted by learned numbers.
    let affine = affine true

    /// Whether running statistics are kept.
    let trackRunningStats = trackRunningStats true

    /// Parameters: num_features, eps, momentum, affine, track_running_stats.
    let definition =
        batchNorm "BatchNorm2d" [ 4 ] "of 4 dimensions (N, C, H, W)"
        |> Definition.withShapes "(N, C, H, W) → the same"

/// `torch.nn.BatchNorm3d`: (N, C, D, H, W) → the same.
module internal BatchNorm3d =
    /// The number of channels; inferred where it is not set.
    let numFeatures = numFeatures

    /// Added to the variance.
    let eps = Common.eps 1e-5

    /// The weight of the newest batch in the running statistics; None for their plain mean.
    let momentum = momentum

    /// Whether the result is scaled and shifted by learned numbers.
    let affine = affine true

    /// Whether running statistics are kept.
    let trackRunningStats = trackRunningStats true

    /// Parameters: num_features, eps, momentum, affine, track_running_stats.
    let definition =
        batchNorm "BatchNorm3d" [ 5 ] "of 5 dimensions (N, C, D, H, W)"
        |> Definition.withShapes "(N, C, D, H, W) → the same"

/// `torch.nn.InstanceNorm1d`: (N, C, L) or (C, L) → the same.
module internal InstanceNorm1d =
    /// The number of channels; inferred where it is not set.
    let numFeatures = numFeatures

    /// Added to the variance.
    let eps = Common.eps 1e-5

    /// The weight of the newest batch in the running statistics; None for their plain mean.
    let momentum = momentum

    /// Whether the result is scaled and shifted by learned numbers.
    let affine = affine false

    /// Whether running statistics are kept.
    let trackRunningStats = trackRunningStats false

    /// Parameters: num_features, eps, momentum, affine, track_running_stats.
    let definition =
        instanceNorm "InstanceNorm1d" 1 "of 3 dimensions (N, C, L), or 2 (C, L)"
        |> Definition.withShapes "(N, C, L) or (C, L) → the same"

/// `torch.nn.InstanceNorm2d`: (N, C, H, W) or (C, H, W) → the same.
module internal InstanceNorm2d =
    /// The number of channels; inferred where it is not set.
    let numFeatures = numFeatures

    /// Added to the variance.
    let eps = Common.eps 1e-5

    /// The weight of the newest batch in the running statistics; None for their plain mean.
    let momentum = momentum

    /// Whether the result is scaled and shifted by learned numbers.
    let affine = affine false

    /// Whether running statistics are kept.
    let trackRunningStats = trackRunningStats false

    /// Parameters: num_features, eps, momentum, affine, track_running_stats.
    let definition =
        instanceNorm "InstanceNorm2d" 2 "of 4 dimensions (N, C, H, W), or 3 (C, H, W)"
        |> Definition.withShapes "(N, C, H, W) or (C, H, W) → the same"

/// `torch.nn.InstanceNorm3d`: (N, C, D, H, W) or (C, D, H, W) → the same.
module internal InstanceNorm3d =
    /// The number of channels; inferred where it is not set.
    let numFeatures = numFeatures

    /// Added to the variance.
    let eps = Common.eps 1e-5

    /// The weight of the newest batch in the running statistics; None for their plain mean.
    let momentum = momentum

    /// Whether the result is scaled and shifted by learned numbers.
    let affine = affine false

    /// Whether running statistics are kept.
    let trackRunningStats = trackRunningStats false

    /// Parameters: num_features, eps, momentum, affine, track_running_stats.
    let definition =
        instanceNorm "InstanceNorm3d" 3 "of 5 dimensions (N, C, D, H, W), or 4 (C, D, H, W)"
        |> Definition.withShapes "(N, C, D, H, W) or (C, D, H, W) → the same"

/// The layers of this file.
module internal NormalizationLayers =
    let all =
        [
            BatchNorm1d.definition
            BatchNorm2d.definition
            BatchNorm3d.definition
            InstanceNorm1d.definition
            InstanceNorm2d.definition
            InstanceNorm3d.definition
        ]
