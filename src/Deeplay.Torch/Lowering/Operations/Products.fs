namespace Deeplay.Torch

open System.Runtime.InteropServices
open Deeplay.Core
open TorchSharp

/// Products of tensors.
module internal Products =
    let private refuse operation text = raise (ExternalException $"{operation}: {text}")

    // Where libtorch refuses a matmul, TorchSharp 0.107.0 ends the process, so that what it would refuse is refused here.
    let private matmul (x: Tensor) (y: Tensor) =
        let fail text = refuse "matmul" text

        if x.dtype <> y.dtype then fail $"the tensors are of two types, {x.dtype} and {y.dtype}"

        if x.device_type <> y.device_type || x.device_index <> y.device_index then
            fail $"the tensors are on two devices, {x.device} and {y.device}"

        let a, b = x.shape, y.shape
        let shapes () = $"({Number.list a}) and ({Number.list b})"
        if a.Length = 0 || b.Length = 0 then fail $"a tensor without dimensions in {shapes ()}"

        if a[a.Length - 1] <> b[max 0 (b.Length - 2)] then fail $"{shapes ()} cannot be multiplied"

        for i in 3 .. min a.Length b.Length do
            let p, q = a[a.Length - i], b[b.Length - i]
            if p <> q && p <> 1L && q <> 1L then fail $"{shapes ()} cannot be broadcast"

        x.matmul y

    // TorchSharp's baddbmm takes its tensors for one another.
    let private baddbmm (xs: Tensor[]) =
        use product = xs[1].bmm xs[2]
        Numbers.add xs[0] product

    let private linear (xs: Tensor[]) =
        torch.nn.functional.linear (xs[0], xs[1], (if xs.Length = 3 then xs[2] else null))

    let private attention p isCausal (xs: Tensor[]) =
        let mask = if xs.Length = 4 then xs[3] else null
        torch.nn.functional.scaled_dot_product_attention (xs[0], xs[1], xs[2], mask, p, isCausal)

    /// The product as a function, in training mode or not.
    let product training (op: ProductOp) : TensorFunction =
        match op with
        | ProductOp.Matmul -> OfTwo matmul
        | ProductOp.Bmm -> OfTwo(fun x y -> x.bmm y)
        | ProductOp.Baddbmm -> OfMany baddbmm
        | ProductOp.Outer -> OfTwo(fun x y -> x.outer y)
        | ProductOp.Linear -> OfMany linear
        | ProductOp.Einsum equation -> OfMany(fun xs -> torch.einsum (equation, xs))
        | ProductOp.Attention(p, isCausal) -> OfMany(attention (if training then p else 0.0) isCausal)
        | ProductOp.CosineSimilarity(dim, eps) ->
            OfTwo(fun x y -> torch.nn.functional.cosine_similarity (x, y, int64 dim, eps))
        | ProductOp.Cdist p -> OfTwo(fun x y -> torch.cdist (x, y, p))
