namespace Deeplay.Torch

open Deeplay.Core
open TorchSharp

/// What takes or puts elements where another tensor says.
module internal Indexing =
    // As PyTorch's embedding: of indices in any shape.
    let private embedding (places: Tensor) (weight: Tensor) =
        use flat = places.reshape -1L
        use rows = weight.index_select (0L, flat)
        rows.reshape (Array.append places.shape [| weight.size 1 |])

    let private lerp (weight: float) : Tensor[] -> Tensor =
        let scale = Numbers.given weight (fun weight difference -> difference.mul weight)

        fun xs ->
            use difference = xs[1].sub xs[0]
            use part = scale difference
            Numbers.add xs[0] part

    let index (op: IndexOp) : Tensor[] -> Tensor =
        match op with
        | IndexOp.Where -> fun xs -> xs[1].where(xs[0], xs[2])
        | IndexOp.MaskedFill value ->
            let number = Numbers.real value

            fun xs ->
                let filled = xs[0].masked_fill(xs[1], number)
                System.GC.KeepAlive number
                filled
        | IndexOp.Lerp weight -> lerp weight
        | IndexOp.Prelu -> fun xs -> torch.nn.functional.prelu (xs[0], xs[1])
        | IndexOp.Gather dim -> fun xs -> xs[0].gather(int64 dim, xs[1])
        | IndexOp.TakeAlongDim dim -> fun xs -> xs[0].take_along_dim(xs[1], int64 dim)
        | IndexOp.Scatter dim -> fun xs -> xs[0].scatter(int64 dim, xs[1], xs[2])
        | IndexOp.ScatterAdd dim -> fun xs -> xs[0].scatter_add(int64 dim, xs[1], xs[2])
        | IndexOp.ScatterReduce(dim, reduction, includeSelf) ->
            fun xs -> ScatterReduce.run dim reduction includeSelf xs[0] xs[1] xs[2]
        | IndexOp.IndexSelect dim -> fun xs -> xs[0].index_select(int64 dim, xs[1])
        | IndexOp.IndexAdd dim -> fun xs -> xs[0].index_add(int64 dim, xs[1], xs[2], Numbers.one)
        | IndexOp.IndexCopy dim -> fun xs -> xs[0].index_copy(int64 dim, xs[1], xs[2])
        | IndexOp.Embedding -> fun xs -> embedding xs[0] xs[1]
