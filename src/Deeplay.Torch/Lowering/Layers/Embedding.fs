namespace Deeplay.Torch

open Deeplay.Core
open Deeplay.Library
open TorchSharp

module internal EmbeddingLowerings =
    // TorchSharp knows no place from the end, and takes one before the start for none.
    let private padding (a: Arguments) =
        match a.TryGet EmbeddingBag.paddingIdx with
        | Some index when index < 0 -> Read.int a EmbeddingBag.numEmbeddings + int64 index
        | Some index -> int64 index
        | None -> -1L

    let private bag (a: Arguments) : torch.nn.Module =
        let made =
            torch.nn.EmbeddingBag(
                Read.int a EmbeddingBag.numEmbeddings,
                Read.int a EmbeddingBag.embeddingDim,
                Option.toNullable (a.TryGet EmbeddingBag.maxNorm),
                a.Get EmbeddingBag.normType,
                a.Get EmbeddingBag.scaleGradByFreq,
                Read.oneOf<EmbeddingBagMode>(a.Get EmbeddingBag.mode),
                a.Get EmbeddingBag.sparse,
                a.Get EmbeddingBag.includeLastOffset,
                padding a
            )

        new Root<Tensor[], Tensor[]>(
            a.Kind,
            made,
            fun inputs -> [| (if inputs.Length = 1 then made.call inputs[0] else made.call (inputs[0], inputs[1])) |]
        )

    let table =
        [
            row EmbeddingBag.definition bag
            row Embedding.definition (fun a ->
                torch.nn.Embedding(
                    Read.int a Embedding.numEmbeddings,
                    Read.int a Embedding.embeddingDim,
                    Read.intOrNull a Embedding.paddingIdx,
                    Option.toNullable (a.TryGet Embedding.maxNorm),
                    a.Get Embedding.normType,
                    a.Get Embedding.scaleGradByFreq,
                    a.Get Embedding.sparse
                ))
        ]
