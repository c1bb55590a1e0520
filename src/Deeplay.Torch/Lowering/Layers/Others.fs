namespace Deeplay.Torch

open System
open Deeplay.Core
open TorchSharp

/// Gives the very tensor it is given, as PyTorch's does (TorchSharp's makes another handle for it): the last block of
/// every perceptron has one, and it should cost nothing.
[<Sealed>]
type internal Identity() =
    inherit torch.nn.Module<torch.Tensor, torch.Tensor>("Identity")
    override _.forward input = input

/// Layers that change shapes and resolutions.
module internal OtherLayers =
    open Row

    let private modes =
        [
            "nearest", torch.InterpolationMode.Nearest
            "linear", torch.InterpolationMode.Linear
            "bilinear", torch.InterpolationMode.Bilinear
            "bicubic", torch.InterpolationMode.Bicubic
            "trilinear", torch.InterpolationMode.Trilinear
            "nearest-exact", torch.InterpolationMode.NearestExact
        ]

    // One size or factor is meant for every spatial dimension, and how many those are shows with the input only.
    let private spread isOne (numbers: 'a[] option) : Tensor -> 'a[] =
        match numbers with
        | None -> fun _ -> null
        | Some numbers when isOne -> fun x -> Array.replicate (int (x.dim ()) - 2) numbers[0]
        | Some numbers -> fun _ -> numbers

    let private upsample (a: Arguments) =
        let size = Read.optional Read.ints a "size"
        let factor = Read.optional Read.floats a "scale_factor"

        match size, factor with
        | None, None -> Read.wrong a "scale_factor" "set where no size is given"
        | Some _, Some _ -> Read.wrong a "scale_factor" "null where a size is given"
        | _ -> ()

        let mode = Read.choice modes a "mode"

        // What PyTorch takes null for; the engine warns of it at each call.
        let corners =
            match Read.optional Read.bool a "align_corners", Read.text a "mode" with
            | Some corners, _ -> Nullable corners
            | None, ("nearest" | "nearest-exact") -> Nullable()
            | None, _ -> Nullable false

        let recompute = Read.optional Read.bool a "recompute_scale_factor" = Some true
        let sizes = spread (Read.isOne a "size") size
        let factors = spread (Read.isOne a "scale_factor") factor

        new FunctionLayer(
            a.Kind,
            fun x -> torch.nn.functional.interpolate (x, sizes x, factors x, mode, corners, recompute)
        )

    // The engine counts from the front alone.
    let private unflatten (a: Arguments) : torch.nn.Module =
        let dim, sizes = Read.int a "dim", Read.ints a "unflattened_size"

        if dim >= 0L then
            torch.nn.Unflatten(dim, sizes)
        else
            new FunctionLayer(a.Kind, (fun x -> x.unflatten (x.dim () + dim, sizes)))

    let table =
        [
            row "Identity" (fun _ -> new Identity())
            row "Flatten" (fun a -> torch.nn.Flatten(Read.int a "start_dim", Read.int a "end_dim"))
            row "Unflatten" unflatten
            row "PixelShuffle" (fun a -> torch.nn.PixelShuffle(Read.int a "upscale_factor"))
            row "PixelUnshuffle" (fun a -> torch.nn.PixelUnshuffle(Read.int a "downscale_factor"))
            row "ChannelShuffle" (fun a -> torch.nn.ChannelShuffle(Read.int a "groups"))
            row "Upsample" upsample
        ]
