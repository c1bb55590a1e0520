namespace Deeplay.Torch

open Deeplay.Core
open Deeplay.FSharp
open TorchSharp

/// Normalizations of each example by itself.
module internal LayerNormLowerings =
    open Row

    let table =
        [
            row LayerNorm.definition (fun a ->
                torch.nn.LayerNorm(
                    a.Get LayerNorm.normalizedShape |> List.map int64 |> Array.ofList,
                    a.Get LayerNorm.eps,
                    a.Get LayerNorm.elementwiseAffine,
                    a.Get LayerNorm.bias
                ))
            row GroupNorm.definition (fun a ->
                torch.nn.GroupNorm(
                    Read.int a GroupNorm.numGroups,
                    Read.int a GroupNorm.numChannels,
                    a.Get GroupNorm.eps,
                    a.Get GroupNorm.affine
                ))
            row LocalResponseNorm.definition (fun a ->
                torch.nn.LocalResponseNorm(
                    Read.int a LocalResponseNorm.size,
                    a.Get LocalResponseNorm.alpha,
                    a.Get LocalResponseNorm.beta,
                    a.Get LocalResponseNorm.k
                ))
        ]
