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

        let unfold (images: Tensor) =
            torch.nn.functional.unfold (images, kernel, Nullable dilation, Nullable padding, Nullable stride)

        // libtorch takes batches alone, PyTorch an image by itself too.
        new FunctionLayer(
            a.Kind,
            fun x ->
                if x.dim () = 3L then
                    use images = x.unsqueeze 0L
                    use columns = unfold images
                    columns.squeeze 0L
                else
                    unfold x
        )

    let private fold (a: Arguments) =
        let image, kernel = two a Fold.outputSize, two a Fold.kernelSize
        let dilation, padding, stride = two a Fold.dilation, two a Fold.padding, two a Fold.stride

        // libtorch takes both.
        new FunctionLayer(
            a.Kind,
            fun x -> torch.nn.functional.fold (x, image, kernel, Nullable dilation, Nullable padding, Nullable stride)
        )

    let table =
        [
            row Unfold.definition unfold
            row Fold.definition fold
            row PairwiseDistance.definition (fun a ->
                torch.nn.PairwiseDistance(
                    a.Get PairwiseDistance.p,
                    a.Get PairwiseDistance.eps,
                    a.Get PairwiseDistance.keepdim
                ))
            row CosineSimilarity.definition (fun a ->
                torch.nn.CosineSimilarity(int64 (a.Get CosineSimilarity.dim), a.Get CosineSimilarity.eps))
        ]
