namespace Deeplay.Torch

open System
open TorchSharp
open TorchSharp.Modules
open Deeplay.Core
// Last, for TorchSharp has types of these names.
open Deeplay.Library

/// TorchSharp's batch normalization, without the numbers that its forward pass makes and does not hold. Source: PyTorch,
/// _BatchNorm.forward.
[<Sealed>]
type internal BatchNormLayer(a: Arguments, dims: int64 list) =
    inherit
        TorchSharp.Modules.BatchNorm(
            Read.int a BatchNorm1d.numFeatures,
            a.Get BatchNorm1d.eps,
            0.1,
            a.Get BatchNorm1d.affine,
            a.Get BatchNorm1d.trackRunningStats,
            null,
            Nullable(),
            a.Kind
        )

    let track = a.Get BatchNorm1d.trackRunningStats

    // Counts a batch, and says how far the running statistics move towards its own.
    member private this.Count() =
        if this.training && track then Numbers.addOne this.num_batches_tracked

        match Option.ofNullable this.momentum with
        | Some momentum -> momentum
        | None when this.training && track -> 1.0 / Numbers.read this.num_batches_tracked
        | None -> 0.0

    override _.ValidateInputDimensions x =
        if not (List.contains (x.dim ()) dims) then
            let ranks = String.Join(" or ", dims |> List.map string)
            x |> Checked.stop a $"{ranks} dimensions"

    override this.forward x =
        this.ValidateInputDimensions x
        let factor = this.Count()
        let tracked (statistics: Tensor) = if this.training && not track then null else statistics

        torch.nn.functional.batch_norm (
            x,
            tracked this.running_mean,
            tracked this.running_var,
            this.weight,
            this.bias,
            (this.training || isNull this.running_mean),
            factor,
            this.eps
        )

module internal NormalizationLowerings =
    // Refuses what PyTorch does, where the statistics are those of the input.
    let private normalization definition make (isTooSmall: Tensor -> bool) expected =
        row definition (fun a ->
            let target: NormBase = make a
            let tracks = a.Get BatchNorm1d.trackRunningStats
            // TorchSharp's factories have no null for the plain mean, its modules do.
            target.momentum <- Option.toNullable (a.Get BatchNorm1d.momentum)

            target
            |> Checked.input (fun x ->
                if (target.training || not tracks) && isTooSmall x then x |> Checked.stop a expected))

    // Source: PyTorch, _verify_batch_size: "Expected more than 1 value per channel when training".
    let private batch definition dims =
        normalization
            definition
            (fun a -> new BatchNormLayer(a, dims))
            (fun x -> x.dim () > 1L && x.numel () = x.size 1)
            "more than 1 value for each channel while training, as in a batch of 2"

    // Source: PyTorch, _verify_spatial_size: "Expected more than 1 spatial element when training".
    let private instance definition spatial make =
        normalization
            definition
            (fun a ->
                make (
                    Read.int a InstanceNorm1d.numFeatures,
                    a.Get InstanceNorm1d.eps,
                    a.Get InstanceNorm1d.affine,
                    a.Get InstanceNorm1d.trackRunningStats
                ))
            (fun x -> x.numel () = Array.fold (*) 1L x.shape[.. int (x.dim ()) - spatial - 1])
            "more than 1 value for each channel of an example while training"

    let table =
        [
            batch BatchNorm1d.definition [ 2L; 3L ]
            batch BatchNorm2d.definition [ 4L ]
            batch BatchNorm3d.definition [ 5L ]
            instance InstanceNorm1d.definition 1 (fun (n, eps, affine, track) ->
                torch.nn.InstanceNorm1d(n, eps, affine = affine, track_running_stats = track))
            instance InstanceNorm2d.definition 2 (fun (n, eps, affine, track) ->
                torch.nn.InstanceNorm2d(n, eps, affine = affine, track_running_stats = track))
            instance InstanceNorm3d.definition 3 (fun (n, eps, affine, track) ->
                torch.nn.InstanceNorm3d(n, eps, affine = affine, track_running_stats = track))
        ]
