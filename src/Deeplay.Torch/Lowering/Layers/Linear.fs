namespace Deeplay.Torch

open System
open TorchSharp

/// Linear layers and tables of vectors.
module internal LinearLayers =
    open Row

    let table =
        [
            row "Linear" (fun a ->
                torch.nn.Linear(Read.int a "in_features", Read.int a "out_features", Read.bool a "bias"))
            row "Bilinear" (fun a ->
                torch.nn.Bilinear(
                    Read.int a "in1_features",
                    Read.int a "in2_features",
                    Read.int a "out_features",
                    Read.bool a "bias"
                ))
            row "Embedding" (fun a ->
                torch.nn.Embedding(
                    Read.int a "num_embeddings",
                    Read.int a "embedding_dim",
                    Read.nullable Read.int a "padding_idx",
                    Read.nullable Read.float a "max_norm",
                    Read.orElse 2.0 Read.float a "norm_type",
                    Read.orElse false Read.bool a "scale_grad_by_freq",
                    Read.orElse false Read.bool a "sparse"
                ))
        ]
