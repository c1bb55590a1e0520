namespace Deeplay.Torch

open System.Collections.Generic
open Deeplay.Core
open TorchSharp

/// Where examples come from.
[<NoEquality; NoComparison>]
type internal DataSource =
    /// They are in memory.
    | Kept of Examples
    /// They are made from their places and what is drawn for an epoch, when they are needed: on any thread, and what is made
    /// belongs to the caller's scope.
    | Made of count: int64 * make: (int64[] -> EpochDraw -> Examples)
    /// They come one after another, in each epoch anew, and are joined to batches.
    | Streamed of start: (unit -> IEnumerator<Examples>) * join: (Examples[] -> Examples)

module internal DataSource =
    /// Tensors in memory, which are the dataset's own from now on, whatever scope they were made in.
    let kept (inputs: Inputs) (targets: Tensor) : DataSource =
        if inputs.IsGraph then
            Fail.with' (Malformed("dataset", "inputs of rows; `OfGraphs` takes graphs, one by one", "a graph"))

        let examples = Examples.agree { Inputs = inputs; Targets = targets }
        if examples.Count = 0L then Fail.with' (Malformed("dataset", "at least one example", "none"))
        examples |> Examples.iter (fun tensor -> tensor.DetachFromDisposeScope() |> ignore)
        Kept examples

    let made (count: int64) (make: int64[] -> EpochDraw -> Examples) : DataSource =
        if count < 1L then Fail.with' (Malformed("dataset", "at least one example", string count))
        Made(count, (fun places draw -> Examples.agree (make places draw)))

    /// One at each place, together.
    let ofEach (count: int64) (one: EpochDraw -> int64 -> Examples) : DataSource =
        made count (fun places draw -> Examples.join (Array.map (one draw) places))

    /// Graphs in memory, each with its targets. Parts of the dataset share them, so that nobody frees them but the collector.
    let ofGraphs (graphs: struct (Inputs * Tensor) seq) : DataSource =
        let all =
            [|
                for struct (inputs, targets) in graphs do
                    if not inputs.IsGraph then
                        Fail.with' (Malformed("dataset", "graphs, as `graph` of inputs makes them", "other inputs"))

                    let example: Examples = { Inputs = inputs; Targets = targets }
                    example |> Examples.map _.DetachFromDisposeScope()
            |]

        made (int64 all.Length) (fun places _ -> places |> Array.map (fun place -> all[int place]) |> Examples.join)

    let streamed (examples: struct (Inputs * Tensor) seq) : DataSource =
        let example (struct (inputs, target)) : Examples = { Inputs = inputs; Targets = target }
        Streamed((fun () -> (Seq.map example examples).GetEnumerator()), Examples.join)

    let private noPlaces () : 'a =
        let expected = "a dataset whose examples have places"
        Fail.with' (Malformed("dataset", expected, "a stream: keep what comes first, by `Keep`"))

    /// The examples of these sources at some places. What is made belongs to the caller's scope.
    let at (source: DataSource) (places: int64[]) (draw: EpochDraw) : Examples =
        match source with
        | Kept examples ->
            let indices = torch.tensor places
            examples |> Examples.map (fun tensor -> tensor.index_select (0L, indices))
        | Made(_, make) -> make places draw
        | Streamed _ -> noPlaces ()

    let private countOf (source: DataSource) : int64 =
        match source with
        | Kept examples -> examples.Count
        | Made(count, _) -> count
        | Streamed _ -> noPlaces ()

    /// The same with the inputs of each batch changed, by a generator of its own.
    let changed (change: torch.Generator -> Inputs -> Inputs) (source: DataSource) : DataSource =
        made (countOf source) (fun places draw ->
            let examples = at source places draw
            use generator = new torch.Generator(uint64 (Seeds.mix draw.Seed (Array.head places)))
            { examples with Inputs = change generator examples.Inputs })

    /// The same with batches that are made of single examples in another way.
    let joined (join: Examples[] -> Examples) (source: DataSource) : DataSource =
        match source with
        | Streamed(start, _) -> Streamed(start, join)
        | Kept _
        | Made _ ->
            let one draw place = at source [| place |] draw |> Examples.single
            made (countOf source) (fun places draw -> Array.map (one draw) places |> join)
