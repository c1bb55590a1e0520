namespace Deeplay.Torch

open System
open System.Runtime.InteropServices
open Deeplay.Core
open TorchSharp

/// A function of one tensor, of two, or of several.
[<NoEquality; NoComparison>]
type internal TensorFunction =
    | OfOne of (Tensor -> Tensor)
    | OfTwo of (Tensor -> Tensor -> Tensor)
    | OfMany of (Tensor[] -> Tensor)

/// Tensor operations of a forward graph as functions on tensors. Each gives a tensor of its own.
module internal Operations =
    let private unary op : Tensor -> Tensor =
        match op with
        | Neg -> fun x -> x.neg ()
        | Abs -> fun x -> x.abs ()
        | Exp -> fun x -> x.exp ()
        | Log -> fun x -> x.log ()
        | Sqrt -> fun x -> x.sqrt ()
        | Square -> fun x -> x.mul x
        | Reciprocal -> fun x -> x.reciprocal ()
        | Sin -> fun x -> x.sin ()
        | Cos -> fun x -> x.cos ()
        | Sigmoid -> fun x -> x.sigmoid ()
        | Tanh -> fun x -> x.tanh ()
        | Relu -> fun x -> x.relu ()
        | Gelu -> fun x -> torch.nn.functional.gelu x
        | Silu -> fun x -> torch.nn.functional.silu x
        | Softplus -> fun x -> torch.nn.functional.softplus x

    let private binary op : Tensor -> Tensor -> Tensor =
        match op with
        | Add -> Numbers.add
        | Sub -> fun x y -> x.sub y
        | Mul -> fun x y -> x.mul y
        | Div -> fun x y -> x.div y
        | Pow -> fun x y -> x.pow y
        | Maximum -> fun x y -> torch.maximum (x, y)
        | Minimum -> fun x y -> torch.minimum (x, y)

    let private withScalar op (number: float) : Tensor -> Tensor =
        Numbers.given
            number
            (match op with
             | Add -> Numbers.plus
             | Sub -> fun s x -> x.sub s
             | Mul -> fun s x -> x.mul s
             | Div -> fun s x -> x.div s
             | Pow -> fun s x -> x.pow s
             | Maximum -> fun s x -> x.clamp_min s
             | Minimum -> fun s x -> x.clamp_max s)

    // There is no operation with the number on the left. What stands in for it promotes types as a number does: whole
    // numbers become floats where they must.
    let private scalarWith op (number: float) : Tensor -> Tensor =
        match op with
        | Add
        | Mul
        | Maximum
        | Minimum -> withScalar op number
        | Sub ->
            Numbers.given number (fun s x ->
                use negative = x.neg ()
                Numbers.plus s negative)
        | Div ->
            Numbers.given number (fun s x ->
                use inverse = x.reciprocal ()
                inverse.mul s)
        | Pow ->
            fun x ->
                let kind = if x.is_floating_point () then x.dtype else torch.ScalarType.Float32
                use left = torch.tensor (number, Nullable kind, x.device)
                left.pow x

    let private longs (dims: int list) = dims |> List.map int64 |> Array.ofList

    let private reduce op (dims: int list) keep : Tensor -> Tensor =
        let over (x: Tensor) = if dims.IsEmpty then Array.init (int (x.dim ())) int64 else longs dims

        match op with
        | Sum -> fun x -> x.sum (over x, keep)
        | Mean -> fun x -> x.mean (over x, keep)
        | Max -> fun x -> x.amax (over x, keep)
        | Min -> fun x -> x.amin (over x, keep)

    // Where libtorch refuses a matmul, TorchSharp 0.107.0 ends the process, so that what it would refuse is refused here.
    let private matmul (x: Tensor) (y: Tensor) =
        let fail text = raise (ExternalException $"matmul: {text}")

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

    /// The operation as a function.
    let ofOp op : TensorFunction =
        match op with
        | Unary op -> OfOne(unary op)
        | Binary op -> OfTwo(binary op)
        | WithScalar(op, number) -> OfOne(withScalar op number)
        | ScalarWith(op, number) -> OfOne(scalarWith op number)
        | Reduce(op, dims, keep) -> OfOne(reduce op dims keep)
        | MatMul -> OfTwo matmul
        | Softmax dim -> OfOne(fun x -> torch.nn.functional.softmax (x, int64 dim))
        | LogSoftmax dim -> OfOne(fun x -> torch.nn.functional.log_softmax (x, int64 dim))
        | Reshape sizes ->
            let sizes = Array.ofList sizes
            OfOne(fun x -> x.reshape sizes)
        | Flatten(first, last) -> OfOne(fun x -> x.flatten (int64 first, int64 last))
        | Transpose(a, b) -> OfOne(fun x -> x.transpose (int64 a, int64 b))
        | Permute order ->
            let order = longs order
            OfOne(fun x -> x.permute order)
        | Squeeze dim -> OfOne(fun x -> x.squeeze (int64 dim))
        | Unsqueeze dim -> OfOne(fun x -> x.unsqueeze (int64 dim))
        | Cat dim -> OfMany(fun xs -> torch.cat (xs, int64 dim))
        | Stack dim -> OfMany(fun xs -> torch.stack (xs, int64 dim))
        | Narrow(dim, start, length) -> OfOne(fun x -> x.narrow (int64 dim, start, length))
        | Select(dim, index) -> OfOne(fun x -> x.select (int64 dim, index))
