namespace Deeplay.Torch

open System
open Deeplay.Core
open TorchSharp

/// PyTorch's `scatter_reduce`, which TorchSharp 0.107.0 has not: over tensors of one dimension, where each element of the source
/// has a place in x. What goes to one place stands in one row, so that gradients are those of a reduction along a dimension:
/// even between equal extremes, and right where a factor is 0.
module internal ScatterReduce =
    // The whole numbers from 0 to before `count`.
    let private upTo (count: int64) (like: Tensor) : Tensor =
        use start = Numbers.whole 0L
        use stop = Numbers.whole count
        torch.arange (start, stop, Numbers.one, Nullable torch.ScalarType.Int64, like.device)

    // How many elements of the source go to each of `count` places.
    let private counts (count: int64) (places: Tensor) = places.bincount (null, count)

    /// The place in x, all its dimensions as one, of each element of the index.
    let private flatPlaces (dim: int) (x: Tensor) (index: Tensor) : Tensor =
        let rank = x.shape.Length
        let at = if dim < 0 then dim + rank else dim
        let mutable places: Tensor = null
        let mutable stride = 1L

        for d in rank - 1 .. -1 .. 0 do
            use step = Numbers.whole stride

            let along =
                if d = at then
                    index.mul step
                else
                    use places = upTo index.shape[d] index
                    (places.mul step).reshape [| for i in 0 .. rank - 1 -> if i = d then -1L else 1L |]

            places <- if isNull places then along else Numbers.add places along
            stride <- stride * x.shape[d]

        (places.expand index.shape).reshape -1L

    // What changes no product and no extreme.
    let private neutral (reduction: ScatterReduction) (dtype: torch.ScalarType) : Scalar =
        let bounds: struct (int64 * int64) =
            match dtype with
            | torch.ScalarType.Byte -> struct (0L, 255L)
            | torch.ScalarType.Int8 -> struct (int64 SByte.MinValue, int64 SByte.MaxValue)
            | torch.ScalarType.Int16 -> struct (int64 Int16.MinValue, int64 Int16.MaxValue)
            | torch.ScalarType.Int32 -> struct (int64 Int32.MinValue, int64 Int32.MaxValue)
            | _ -> struct (Int64.MinValue, Int64.MaxValue)

        let struct (least, most) = bounds
        let isReal = torch.is_floating_point dtype

        match reduction with
        | ScatterReduction.Amax when isReal -> Numbers.real -infinity
        | ScatterReduction.Amin when isReal -> Numbers.real infinity
        | ScatterReduction.Amax -> Numbers.whole least
        | ScatterReduction.Amin -> Numbers.whole most
        | _ -> Numbers.one

    // A row for each place, of as many elements as go to the place that most go to.
    let private rows (fill: Scalar) (counts: Tensor) (places: Tensor) (source: Tensor) : Tensor =
        let count = counts.shape[0]
        let width = int64 (Numbers.read (counts.max ()))
        let order = places.argsort 0L
        let sorted = places.index_select (0L, order)
        let starts = (counts.cumsum 0L).sub counts
        let inRow = (upTo places.shape[0] places).sub(starts.index_select (0L, sorted))
        use step = Numbers.whole width
        let flat = Numbers.add (sorted.mul step) inRow
        let empty = torch.full ([| count * width |], fill, Nullable source.dtype, source.device)
        (empty.scatter (0L, flat, source.index_select (0L, order))).reshape(count, width)

    let private ofRows (reduction: ScatterReduction) (x: Tensor) : Tensor =
        match reduction with
        | ScatterReduction.Amax -> x.amax [| 1L |]
        | ScatterReduction.Amin -> x.amin [| 1L |]
        | _ -> x.prod 1L

    let private flat reduction includeSelf (x: Tensor) (places: Tensor) (source: Tensor) : Tensor =
        let counts = counts x.shape[0] places
        let isTouched = counts.to_type torch.ScalarType.Bool
        let others (reduced: Tensor) = if includeSelf then reduced else reduced.where (isTouched, x)
        let sum () = (if includeSelf then x else torch.zeros_like x).scatter_add(0L, places, source)

        match reduction with
        | ScatterReduction.Sum -> others (sum ())
        | ScatterReduction.Mean ->
            let all = if includeSelf then Numbers.plus Numbers.one counts else counts.clamp_min Numbers.one

            if torch.is_floating_point x then
                others ((sum ()).div all)
            else
                others ((sum ()).div(all.``to`` x.dtype, torch.RoundingMode.floor))
        | _ ->
            let fill = neutral reduction x.dtype
            let several = rows fill counts places source
            GC.KeepAlive fill
            let own = x.reshape (-1L, 1L)
            others (ofRows reduction (if includeSelf then torch.cat ([| own; several |], 1L) else several))

    /// x with the elements of `source` put where `index` says along a dimension, where several become one.
    let run (dim: int) (reduction: ScatterReduction) (includeSelf: bool) (x: Tensor) (index: Tensor) (source: Tensor) =
        use scope = torch.NewDisposeScope()

        if index.numel () = 0L then
            (x.clone ()).MoveToOuterDisposeScope()
        else
            let part =
                Seq.fold
                    (fun (part: Tensor) d -> part.narrow (int64 d, 0L, index.shape[d]))
                    source
                    [ 0 .. index.shape.Length - 1 ]

            let places = flatPlaces dim x index
            let reduced = flat reduction includeSelf (x.reshape -1L) places (part.reshape -1L)
            (reduced.reshape x.shape).MoveToOuterDisposeScope()
