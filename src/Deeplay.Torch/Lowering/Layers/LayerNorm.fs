namespace Deeplay.Torch

open Deeplay.Core
open Deeplay.Library
open TorchSharp

/// Normalizations of each example by itself.
module internal LayerNormLowerings =
    // TorchSharp's group norm refuses (N, C), which PyTorch takes; its function does not.
    let private groupNorm (a: Arguments) =
        let groups, eps = Read.int a GroupNorm.numGroups, a.Get GroupNorm.eps
        // TorchSharp's group norm leaves weight and bias as whatever the memory held; these are alike, and set.
        let made = torch.nn.LayerNorm([| Read.int a GroupNorm.numChannels |], eps, a.Get GroupNorm.affine)

        new WeightedLayer(
            a.Kind,
            made,
            fun x weight bias ->
                // Source: PyTorch, group_norm: "Expected more than 1 value per channel when training", at any time.
                if x.numel () = groups then x |> Checked.stop a "more than 1 value for each group"

                torch.nn.functional.group_norm (x, groups, weight, bias, eps)
        )

    // TorchSharp's, as PyTorch's, views an input of several spatial dimensions as another shape, which one that was permuted
    // does not lie in memory for.
    let private localResponseNorm (a: Arguments) =
        let made =
            torch.nn.LocalResponseNorm(
                Read.int a LocalResponseNorm.size,
                a.Get LocalResponseNorm.alpha,
                a.Get LocalResponseNorm.beta,
                a.Get LocalResponseNorm.k
            )

        new FunctionLayer(
            a.Kind,
            fun x ->
                use dense = x.contiguous ()
                made.call dense
        )

    let table =
        [
            row LayerNorm.definition (fun a ->
                torch.nn.LayerNorm(
                    a.Get LayerNorm.normalizedShape |> List.map int64 |> Array.ofList,
                    a.Get LayerNorm.eps,
                    a.Get LayerNorm.elementwiseAffine,
                    a.Get LayerNorm.bias
                ))
            row GroupNorm.definition groupNorm
            row LocalResponseNorm.definition localResponseNorm
        ]
