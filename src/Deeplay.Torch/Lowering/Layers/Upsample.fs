namespace Deeplay.Torch

open System
open Deeplay.Core
open Deeplay.Library
open TorchSharp

/// Layers that change resolutions.
module internal UpsampleLowerings =
    // One size or factor is meant for every spatial dimension, and how many those are shows with the input only.
    let private spread (numbers: 'a list option) : Tensor -> 'a[] =
        match numbers with
        | None -> fun _ -> null
        | Some [ one ] -> fun x -> Array.replicate (int (x.dim ()) - 2) one
        | Some several ->
            let several = Array.ofList several
            fun _ -> several

    let private upsample (a: Arguments) =
        let size = a.TryGet Upsample.size |> Option.map (List.map int64)

        let one = a.TryGet Upsample.scaleFactor |> Option.map List.singleton
        let factor = a.TryGet Upsample.scaleFactors |> Option.orElse one

        if size.IsSome = factor.IsSome then
            Read.refuse a Upsample.scaleFactor "set where no size is given, and null where one is"

        let name = a.Get Upsample.mode

        // What PyTorch takes null for; TorchSharp warns of it at each call.
        let corners =
            match a.TryGet Upsample.alignCorners with
            | Some corners -> Nullable corners
            | None when name.StartsWith("nearest", StringComparison.Ordinal) -> Nullable()
            | None -> Nullable false

        let recompute = a.TryGet Upsample.recomputeScaleFactor = Some true

        if recompute && size.IsSome then
            Read.refuse a Upsample.recomputeScaleFactor "null or False where a size is set"

        let mode = Read.oneOf<torch.InterpolationMode> name
        let sizes, factors = spread size, spread factor

        new FunctionLayer(
            a.Kind,
            fun x -> torch.nn.functional.interpolate (x, sizes x, factors x, mode, corners, recompute)
        )

    let table = [ row Upsample.definition upsample ]
