namespace Deeplay.Library

open Deeplay.Core
open Deeplay.FSharp

/// What normalizations of each channel have in common, `isBatch` over the batch or for each example.
type internal ChannelNormKeys(isBatch) =
    member val numFeatures =
        Key.positive "num_features" "The number of channels; inferred where not set." |> Param.inferred

    member _.eps = Key.eps

    member val momentum =
        Param.float "momentum"
        |> Param.optional
        |> Param.withDefault (Some 0.1)
        |> Param.withDocumentation
            "The weight of the newest batch in the running statistics; null for their plain mean."

    member val affine = Key.affine isBatch

    member val trackRunningStats = Key.flag "track_running_stats" isBatch "Whether running statistics are kept."

    member keys.Define
        (
            id,
            accept: (Arguments -> Dim list -> Result<Inference, OpShape.Problem>) -> ShapeRule,
            channelOf: int -> int,
            documentation,
            shapes: string
        ) =
        let rule =
            accept (fun arguments dims ->
                let at = channelOf dims.Length
                let values = Shape.numel (if isBatch then List.removeAt at dims else dims[at + 1 ..])

                // Source: PyTorch, batch_norm and instance_norm: "Expected more than 1 value per channel when training" and
                // "more than 1 spatial element"; without running statistics it never does anything else.
                if values = Known 1L && not (arguments.Get keys.trackRunningStats) then
                    let each = if isBatch then "channel" else "channel of an example"
                    Rule.fail $"more than 1 value for each {each}, for it keeps no running statistics" (Ranked dims)
                else
                    Rule.sameOfWidth arguments keys.numFeatures at dims)

        Layer.create
            id
            [ keys.numFeatures; keys.eps; keys.momentum; keys.affine; keys.trackRunningStats ]
            rule
            documentation
            $"{shapes} → the same"
        |> Definition.withExtra (Extra.placed [ "num_features" ] [ "eps"; "momentum"; "affine"; "track_running_stats" ])
        |> Definition.withWeights (Weights.affine "num_features")

/// A batch norm in `n` spatial dimensions.
type internal BatchNorm(n) =
    inherit ChannelNormKeys(true)

    // Source: PyTorch docs, torch.nn.BatchNorm1d to BatchNorm3d, "Shape".
    member val definition =
        let accept, shapes =
            if n = 1 then
                Rule.ofRank (fun rank -> rank = 2 || rank = 3) "of 2 dimensions (N, C), or 3 (N, C, L)",
                "(N, C) or (N, C, L)"
            else
                Rule.ofRank ((=) (n + 2)) $"of {string (n + 2)} dimensions {Spatial.batch n}", Spatial.batch n

        let documentation = "Normalizes each channel over the batch, then scales and shifts it."

        base.Define($"BatchNorm{string n}d", accept, (fun _ -> 1), documentation, shapes)
        |> Definition.withSource "Ioffe and Szegedy, 2015, Batch Normalization"
        |> Definition.withExample [ base.numFeatures => 3 ] [ Spatial.input n 3 8 ]

/// An instance norm in `n` spatial dimensions.
type internal InstanceNorm(n) =
    inherit ChannelNormKeys(false)

    // Source: PyTorch docs, torch.nn.InstanceNorm1d to InstanceNorm3d, "Shape".
    member val definition =
        base.Define(
            $"InstanceNorm{string n}d",
            Spatial.batchOrNone n,
            (fun rank -> rank - n - 1),
            "Normalizes each channel of each example.",
            $"{Spatial.batch n} or {Spatial.example n}"
        )
        |> Definition.withSource "Ulyanov et al., 2016, Instance Normalization"
        |> Definition.withExample [ base.numFeatures => 3 ] [ Spatial.input n 3 8 ]

[<AutoOpen>]
module internal NormalizationLayers =
    let BatchNorm1d = BatchNorm 1
    let BatchNorm2d = BatchNorm 2
    let BatchNorm3d = BatchNorm 3
    let InstanceNorm1d = InstanceNorm 1
    let InstanceNorm2d = InstanceNorm 2
    let InstanceNorm3d = InstanceNorm 3
