namespace Deeplay.Torch

open System.Runtime.InteropServices
open Deeplay.Core
open TorchSharp

/// What takes dimensions away.
module internal Reductions =
    let private longs (dims: int list) = dims |> List.map int64 |> Array.ofList

    // Where libtorch refuses a variance, TorchSharp 0.107.0 ends the process.
    let private ofFloats (reduce: Tensor -> Tensor) (x: Tensor) =
        if not (x.is_floating_point ()) then
            raise (ExternalException $"var and std are of floating-point numbers, not of {x.dtype}")

        reduce x

    // TorchSharp has two of the corrections that PyTorch has.
    let private variance correction (x: Tensor) (dims: int64[]) keep =
        match correction with
        | 0 -> x.var (dims, false, keep)
        | 1 -> x.var (dims, true, keep)
        | _ ->
            let count = dims |> Array.fold (fun count dim -> count * x.size (int dim)) 1L
            use plain = x.var (dims, false, keep)
            use factor = Numbers.real (float count / max 0.0 (float (count - int64 correction)))
            plain.mul factor

    // TorchSharp's is over one dimension: over several, one after another.
    let private logSumExp (x: Tensor) (dims: int64[]) keep =
        let rank = x.dim ()
        let places = dims |> Array.map (fun dim -> if dim < 0L then dim + rank else dim) |> Array.sortDescending
        let mutable current = x

        for place in places do
            let next = current.logsumexp (place, keep)
            if not (obj.ReferenceEquals(current, x)) then current.Dispose()
            current <- next

        if obj.ReferenceEquals(current, x) then x.alias () else current

    // TorchSharp's of several dimensions makes a number that it does not hold; that of one does not.
    let private norm (p: float) (x: Tensor) (dims: int64[]) keep =
        let rank = x.dim ()
        let places = dims |> Array.map (fun dim -> if dim < 0L then dim + rank else dim)
        let rest = Array.init (int rank) int64 |> Array.except places
        use turned = x.permute (Array.append rest places)
        let sizes = rest |> Array.map (fun place -> x.size (int place))
        let count = places |> Array.fold (fun count place -> count * x.size (int place)) 1L
        use flat = turned.reshape (Array.append sizes [| count |])
        let reduced = flat.norm (rest.Length, false, float32 p)

        if keep then
            use reduced = reduced
            let kept place = if Array.contains place places then 1L else x.size (int place)
            reduced.reshape (Array.init (int rank) (int64 >> kept))
        else
            reduced

    // Over one dimension or all, where all of them may stay.
    let private overOne (dims: int list) keep (one: Tensor -> int64 -> Tensor) (all: Tensor -> Tensor) (x: Tensor) =
        match dims with
        | dim :: _ -> one x (int64 dim)
        | [] when keep ->
            use whole = all x
            whole.reshape (Array.replicate (int (x.dim ())) 1L)
        | [] -> all x

    let reduce (op: Reduction) (dims: int list) keep : Tensor -> Tensor =
        let named = longs dims
        let over (x: Tensor) = if dims.IsEmpty then Array.init (int (x.dim ())) int64 else named
        let one = overOne dims keep

        match op with
        | Reduction.Sum -> fun x -> x.sum (over x, keep)
        | Reduction.Mean -> fun x -> x.mean (over x, keep)
        | Reduction.Max -> fun x -> x.amax (over x, keep)
        | Reduction.Min -> fun x -> x.amin (over x, keep)
        | Reduction.LogSumExp -> fun x -> logSumExp x (over x) keep
        | Reduction.Var correction -> ofFloats (fun x -> variance correction x (over x) keep)
        | Reduction.Std correction when correction = 0 || correction = 1 ->
            ofFloats (fun x -> x.std (over x, (correction = 1), keep))
        | Reduction.Std correction ->
            ofFloats (fun x ->
                use squares = variance correction x (over x) keep
                squares.sqrt ())
        | Reduction.Norm p -> fun x -> norm p x (over x) keep
        | Reduction.Prod -> one (fun x dim -> x.prod (dim, keep)) (fun x -> x.prod ())
        | Reduction.All -> one (fun x dim -> x.all (dim, keep)) (fun x -> x.all ())
        | Reduction.Any -> one (fun x dim -> x.any (dim, keep)) (fun x -> x.any ())
        | Reduction.Argmax -> one (fun x dim -> x.argmax (dim, keep)) (fun x -> x.argmax ())
        | Reduction.Argmin -> one (fun x dim -> x.argmin (dim, keep)) (fun x -> x.argmin ())
