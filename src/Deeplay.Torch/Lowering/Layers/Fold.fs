namespace Deeplay.Torch

open System
open Deeplay.Core
open Deeplay.Library
open TorchSharp

/// Windows that slide over an image, as columns and back.
module internal FoldLowerings =
    let private two (a: Arguments) (key: Param<int list>) = Read.pair (Read.dims 2 a key)

    let private unfold (a: Arguments) =
        let kernel = two a Unfold.kernelSize
        let dilation, padding, stride = two a Unfold.dilation, two a Unfold.padding, two a Unfold.stride

        new FunctionLayer(
            a.Kind,
            fun x -> torch.nn.functional.unfold (x, kernel, Nullable dilation, Nullable padding, Nullable stride)
        )

    let private fold (a: Arguments) =
        let image, kernel = two a Fold.outputSize, two a Fold.kernelSize
        let dilation, padding, stride = two a Fold.dilation, two a Fold.padding, two a Fold.stride

        new FunctionLayer(
            a.Kind,
            fun x -> torch.nn.functional.fold (x, image, kernel, Nullable dilation, Nullable padding, Nullable stride)
        )

    let table =
        [
            row Unfold.definition unfold
            row Fold.definition fold
            row CosineSimilarity.definition (fun a ->
                torch.nn.CosineSimilarity(int64 (a.Get CosineSimilarity.dim), a.Get CosineSimilarity.eps))
        ]
