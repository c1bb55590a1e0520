namespace Deeplay.Torch

open Deeplay.Core
open Deeplay.Library
open TorchSharp

module internal EmbeddingLowerings =
    let table =
        [
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
