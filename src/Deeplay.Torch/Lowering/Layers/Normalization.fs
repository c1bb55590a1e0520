namespace Deeplay.Torch

open Deeplay.Core
open Deeplay.FSharp
open TorchSharp

/// Batch and instance normalizations.
module internal NormalizationLowerings =
    open Row

    // What all six take: their keys differ in defaults alone.
    let private common (a: Arguments) =
        let momentum =
            match a.Get BatchNorm1d.momentum with
            | Some momentum -> momentum
            | None ->
                Read.refuse a BatchNorm1d.momentum "a float (the engine does not offer the plain mean)"

        struct (Read.int a BatchNorm1d.numFeatures,
                a.Get BatchNorm1d.eps,
                momentum,
                a.Get BatchNorm1d.affine,
                a.Get BatchNorm1d.trackRunningStats)

    let private normalization definition make =
        row definition (fun a -> make (common a): torch.nn.Module)

    let table =
        [
            normalization BatchNorm1d.definition (fun struct (n, eps, momentum, affine, track) ->
                torch.nn.BatchNorm1d(n, eps, momentum, affine, track))
            normalization BatchNorm2d.definition (fun struct (n, eps, momentum, affine, track) ->
                torch.nn.BatchNorm2d(n, eps, momentum, affine, track))
            normalization BatchNorm3d.definition (fun struct (n, eps, momentum, affine, track) ->
                torch.nn.BatchNorm3d(n, eps, momentum, affine, track))
            normalization InstanceNorm1d.definition (fun struct (n, eps, momentum, affine, track) ->
                torch.nn.InstanceNorm1d(n, eps, momentum, affine, track))
            normalization InstanceNorm2d.definition (fun struct (n, eps, momentum, affine, track) ->
                torch.nn.InstanceNorm2d(n, eps, momentum, affine, track))
            normalization InstanceNorm3d.definition (fun struct (n, eps, momentum, affine, track) ->
                torch.nn.InstanceNorm3d(n, eps, momentum, affine, track))
        ]
