namespace Deeplay.Torch

open System
open Deeplay.Core
open TorchSharp

/// What works along dimensions, or puts elements into another shape.
module internal Arranging =
    let private longs (dims: int list) = dims |> List.map int64 |> Array.ofList

    let along (op: AlongOp) : Tensor -> Tensor =
        match op with
        | AlongOp.Softmax dim -> fun x -> torch.nn.functional.softmax (x, int64 dim)
        | AlongOp.LogSoftmax dim -> fun x -> torch.nn.functional.log_softmax (x, int64 dim)
        | AlongOp.Softmin dim ->
            fun x ->
                use negative = x.neg ()
                torch.nn.functional.softmax (negative, int64 dim)
        | AlongOp.Cumsum dim -> fun x -> x.cumsum (int64 dim)
        | AlongOp.Cumprod dim -> fun x -> x.cumprod (int64 dim)
        | AlongOp.Logcumsumexp dim -> fun x -> x.logcumsumexp (int64 dim)
        | AlongOp.Argsort(dim, descending) -> fun x -> x.argsort (int64 dim, descending)
        | AlongOp.Normalize(p, dim, eps) -> fun x -> torch.nn.functional.normalize (x, p, int64 dim, eps)
        | AlongOp.Flip dims ->
            let dims = longs dims
            fun x -> x.flip dims
        | AlongOp.Roll(shifts, []) ->
            let shift = int64 shifts.Head
            fun x -> x.roll (shift, Nullable())
        | AlongOp.Roll(shifts, dims) ->
            let shifts, dims = longs shifts, longs dims
            fun x -> x.roll (shifts, dims)
        | AlongOp.Tril diagonal -> fun x -> x.tril (int64 diagonal)
        | AlongOp.Triu diagonal -> fun x -> x.triu (int64 diagonal)

    let private pad (pads: int list) (mode: PadFill) : Tensor -> Tensor =
        let sides = longs pads

        let mode, value =
            match mode with
            | PadFill.Constant value -> PaddingModes.Constant, value
            | PadFill.Reflect -> PaddingModes.Reflect, 0.0
            | PadFill.Replicate -> PaddingModes.Replicate, 0.0
            | PadFill.Circular -> PaddingModes.Circular, 0.0

        fun x -> torch.nn.functional.pad (x, sides, mode, value)

    /// An image of other sizes, or of other factors; the other of both is null.
    let resize (mode: Interpolation) (sizes: int64[]) (scales: float[]) (x: Tensor) : Tensor =
        let spatial = int (x.dim ()) - 2

        let each (numbers: 'a[]) =
            if not (isNull numbers) && numbers.Length = 1 then Array.replicate spatial numbers[0] else numbers

        let mode, corners =
            match mode with
            | Interpolation.Nearest -> torch.InterpolationMode.Nearest, Nullable()
            | Interpolation.NearestExact -> torch.InterpolationMode.NearestExact, Nullable()
            | Interpolation.Area -> torch.InterpolationMode.Area, Nullable()
            | Interpolation.Cubic corners -> torch.InterpolationMode.Bicubic, Nullable corners
            | Interpolation.Linear corners ->
                let mode =
                    match spatial with
                    | 1 -> torch.InterpolationMode.Linear
                    | 2 -> torch.InterpolationMode.Bilinear
                    | _ -> torch.InterpolationMode.Trilinear

                mode, Nullable corners

        torch.nn.functional.interpolate (x, each sizes, each scales, mode, corners)

    let arrange (op: ArrangeOp) : TensorFunction =
        match op with
        | ArrangeOp.Cat dim -> OfMany(fun xs -> torch.cat (xs, int64 dim))
        | ArrangeOp.Stack dim -> OfMany(fun xs -> torch.stack (xs, int64 dim))
        | ArrangeOp.Flatten(first, last) -> OfOne(fun x -> x.flatten (int64 first, int64 last))
        | ArrangeOp.Transpose(a, b) -> OfOne(fun x -> x.transpose (int64 a, int64 b))
        | ArrangeOp.Permute order ->
            let order = longs order
            OfOne(fun x -> x.permute order)
        | ArrangeOp.Movedim(source, destination) ->
            let source, destination = [| int64 source |], [| int64 destination |]
            OfOne(fun x -> x.movedim (source, destination))
        | ArrangeOp.Squeeze dim -> OfOne(fun x -> x.squeeze (int64 dim))
        | ArrangeOp.Unsqueeze dim -> OfOne(fun x -> x.unsqueeze (int64 dim))
        | ArrangeOp.Diagonal(offset, dim1, dim2) -> OfOne(fun x -> x.diagonal (int64 offset, int64 dim1, int64 dim2))
        | ArrangeOp.Unfold(dim, size, step) -> OfOne(fun x -> x.unfold (int64 dim, int64 size, int64 step))
        | ArrangeOp.RepeatInterleave(repeats, dim) ->
            OfOne(fun x -> x.repeat_interleave (int64 repeats, Nullable(int64 dim)))
        | ArrangeOp.Pad(pads, mode) -> OfOne(pad pads mode)
        | ArrangeOp.OneHot classes -> OfOne(fun x -> torch.nn.functional.one_hot (x, int64 classes))
        | ArrangeOp.Bincount minLength -> OfOne(fun x -> x.bincount (null, int64 minLength))
        | ArrangeOp.Glu dim -> OfOne(fun x -> x.glu (int64 dim))
        | ArrangeOp.Interpolate(scales, mode) ->
            let scales = Array.ofList scales
            OfOne(resize mode null scales)

    let private both (pair: struct (Tensor * Tensor)) =
        let struct (first, second) = pair
        [| first; second |]

    let several (op: SeveralOp) : Tensor[] -> Tensor[] =
        match op with
        | SeveralOp.Split(sizes, dim) ->
            let sizes = longs sizes
            fun xs -> xs[0].split(sizes, int64 dim)
        | SeveralOp.Chunk(chunks, dim) -> fun xs -> xs[0].chunk(int64 chunks, int64 dim)
        | SeveralOp.Unbind(_, dim) -> fun xs -> xs[0].unbind(int64 dim)
        | SeveralOp.Topk(k, dim, largest) -> fun xs -> both (xs[0].topk(k, dim, largest, true))
        | SeveralOp.Sort(dim, descending) -> fun xs -> both (xs[0].sort(int64 dim, descending))
        | SeveralOp.MaxAlong dim -> fun xs -> both (xs[0].max(int64 dim, false))
        | SeveralOp.MinAlong dim -> fun xs -> both (xs[0].min(int64 dim, false))
        | SeveralOp.Meshgrid _ -> fun xs -> torch.meshgrid (xs, "ij")
