namespace Deeplay.Torch

open TorchSharp
open TorchSharp.Modules
open Deeplay.Core
open Deeplay.FSharp
// Last, for the engine has types of these names.
open Deeplay.Library

/// Batch and instance normalizations.
module internal NormalizationLowerings =
    open Row

    // What all six take: their keys differ in defaults alone.
    let private common (a: Arguments) =
        struct (Read.int a BatchNorm1d.numFeatures,
                a.Get BatchNorm1d.eps,
                a.Get BatchNorm1d.affine,
                a.Get BatchNorm1d.trackRunningStats)

    let private usesInput (a: Arguments) (target: NormBase) () =
        target.training || not (a.Get BatchNorm1d.trackRunningStats)

    // The engine's factories have no null for the plain mean, its modules do.
    let private withMomentum (a: Arguments) (target: NormBase) =
        target.momentum <- Option.toNullable (a.Get BatchNorm1d.momentum)

    // Source: PyTorch, _verify_batch_size: "Expected more than 1 value per channel when training".
    let private batch definition make =
        row definition (fun a ->
            let target: NormBase = make (common a)
            let usesInput = usesInput a target
            withMomentum a target

            target
            |> Checked.input (fun x ->
                if usesInput () && x.dim () > 1L && x.numel () = x.size 1 then
                    x
                    |> Checked.stop
                        a
                        "more than 1 value for each channel while training, as in a batch of 2"))

    // Source: PyTorch, _verify_spatial_size: "Expected more than 1 spatial element when training".
    let private instance definition spatial make =
        row definition (fun a ->
            let target: NormBase = make (common a)
            let usesInput = usesInput a target
            withMomentum a target

            target
            |> Checked.input (fun x ->
                let outer = int (x.dim ()) - spatial

                if usesInput () && x.numel () = Array.fold (*) 1L x.shape[.. outer - 1] then
                    x |> Checked.stop a "more than 1 value for each channel of an example while training"))

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
