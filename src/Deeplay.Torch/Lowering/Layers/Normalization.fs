namespace Deeplay.Torch

open TorchSharp
open TorchSharp.Modules
open Deeplay.Core
// Last, for TorchSharp has types of these names.
open Deeplay.Library

module internal NormalizationLowerings =
    // What all six take: their keys differ in defaults alone.
    let private common (a: Arguments) =
        struct (Read.int a BatchNorm1d.numFeatures,
                a.Get BatchNorm1d.eps,
                a.Get BatchNorm1d.affine,
                a.Get BatchNorm1d.trackRunningStats)

    // Refuses what PyTorch does, where the statistics are those of the input.
    let private normalization definition make (isTooSmall: Tensor -> bool) expected =
        row definition (fun a ->
            let target: NormBase = make (common a)
            let tracks = a.Get BatchNorm1d.trackRunningStats
            // TorchSharp's factories have no null for the plain mean, its modules do.
            target.momentum <- Option.toNullable (a.Get BatchNorm1d.momentum)

            target
            |> Checked.input (fun x ->
                if (target.training || not tracks) && isTooSmall x then x |> Checked.stop a expected))

    // Source: PyTorch, _verify_batch_size: "Expected more than 1 value per channel when training".
    let private batch definition make =
        normalization
            definition
            make
            (fun x -> x.dim () > 1L && x.numel () = x.size 1)
            "more than 1 value for each channel while training, as in a batch of 2"

    // Source: PyTorch, _verify_spatial_size: "Expected more than 1 spatial element when training".
    let private instance definition spatial make =
        normalization
            definition
            make
            (fun x -> x.numel () = Array.fold (*) 1L x.shape[.. int (x.dim ()) - spatial - 1])
            "more than 1 value for each channel of an example while training"

    let table =
        [
            batch BatchNorm1d.definition (fun struct (n, eps, affine, track) ->
                torch.nn.BatchNorm1d(n, eps, affine = affine, track_running_stats = track))
            batch BatchNorm2d.definition (fun struct (n, eps, affine, track) ->
                torch.nn.BatchNorm2d(n, eps, affine = affine, track_running_stats = track))
            batch BatchNorm3d.definition (fun struct (n, eps, affine, track) ->
                torch.nn.BatchNorm3d(n, eps, affine = affine, track_running_stats = track))
            instance InstanceNorm1d.definition 1 (fun struct (n, eps, affine, track) ->
                torch.nn.InstanceNorm1d(n, eps, affine = affine, track_running_stats = track))
            instance InstanceNorm2d.definition 2 (fun struct (n, eps, affine, track) ->
                torch.nn.InstanceNorm2d(n, eps, affine = affine, track_running_stats = track))
            instance InstanceNorm3d.definition 3 (fun struct (n, eps, affine, track) ->
                torch.nn.InstanceNorm3d(n, eps, affine = affine, track_running_stats = track))
        ]
