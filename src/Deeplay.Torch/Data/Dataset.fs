namespace Deeplay.Torch

open System
open Deeplay.Core
open TorchSharp

/// Examples to learn from or to test with: in memory, made when they are needed, or as they come. They are on the CPU; batches
/// go to the device.
[<Sealed>]
type Dataset internal (source: DataSource, memory: ExampleMemory) =
    // The first example shows the shapes. Of a stream it is seen, and comes again.
    let first =
        lazy
            (match source with
             | Kept examples -> examples
             | Made _ ->
                 use _scope = torch.NewDisposeScope()
                 let made = DataSource.at source [| 0L |] EpochDraw.Fixed
                 // Whoever looks at it first may be within a scope of their own.
                 made |> Examples.map _.DetachFromDisposeScope()
             | Streamed(start, join) ->
                 use examples = start ()
                 use _scope = torch.NewDisposeScope()

                 if not (examples.MoveNext()) then Fail.with' (Malformed("dataset", "at least one example", "none"))

                 join [| examples.Current |] |> Examples.map _.DetachFromDisposeScope())

    let known what =
        match source with
        | Kept examples -> examples
        | Made _
        | Streamed _ ->
            let found = "one whose examples are made when they are needed: `Keep` keeps some"
            Fail.with' (Malformed("dataset", $"{what} of a dataset in memory", found))

    static let withInput (example: struct (Tensor * Tensor)) =
        let struct (input, target) = example
        struct (Inputs.one input, target)

    static let together (struct (inputs: Inputs, target: Tensor)) : Examples = { Inputs = inputs; Targets = target }

    internal new(source: DataSource) = new Dataset(source, null)

    /// Inputs (N, …) and as many targets (N, …), which are the dataset's own from now on.
    new(inputs: torch.Tensor, targets: torch.Tensor) = new Dataset(DataSource.kept (Inputs.one inputs) targets)

    /// Where its examples come from.
    member internal _.Source = source

    /// Some examples, or all of them, to see what they are like.
    member internal _.Some: Examples = first.Value

    /// The inputs, (N, …), of a dataset in memory. Of several it is an error: `AllInputs` has them.
    member _.Inputs: torch.Tensor = (known "inputs").Inputs.Only

    /// All inputs of a dataset in memory, by their places or their names.
    member _.AllInputs: Inputs = (known "inputs").Inputs

    /// The targets, (N, …), of a dataset in memory.
    member _.Targets: torch.Tensor = (known "targets").Targets

    /// The number of examples, or of graphs; of a stream it is an error, for nobody knows.
    member this.Count: int64 =
        match this.TryCount with
        | Some count -> count
        | None -> Fail.with' (Malformed("dataset", "a number of examples", "a stream, which ends when it ends"))

    /// The number of examples; None of a stream.
    member internal _.TryCount: int64 option =
        match source with
        | Kept examples -> Some examples.Count
        | Made(count, _) -> Some count
        | Streamed _ -> None

    /// The shape of a batch of so many inputs, where there is one input.
    member _.InputShape(batch: int64) = Array.append [| batch |] (Array.tail first.Value.Inputs.Only.shape)

    /// The examples at these places.
    member this.At(indices: torch.Tensor) =
        match source with
        | Kept examples ->
            let some = examples |> Examples.map (fun tensor -> tensor.index_select (0L, indices))
            Dataset.OfInputs(some.Inputs, some.Targets)
        | Made(_, make) ->
            let places = indices.``to``(torch.int64).cpu().data<int64>().ToArray()
            let make within draw = make (within |> Array.map (fun place -> places[int place])) draw
            new Dataset(DataSource.made (int64 places.Length) make)
        | Streamed _ ->
            DataSource.at source [||] EpochDraw.Fixed |> ignore
            this

    /// The examples in two parts, drawn at random: `fraction` of them in the first. The same seed gives the same
    /// parts.
    member this.Split(fraction: float, seed: int64) : struct (Dataset * Dataset) =
        let first = int64 (Math.Round(fraction * float this.Count))

        if Double.IsNaN fraction || first < 1L || first >= this.Count then
            let expected = "a fraction that leaves examples in both parts"
            Fail.with' (Malformed("split", expected, $"{string fraction} of {string this.Count}"))

        use _scope = torch.NewDisposeScope()
        use generator = new torch.Generator(uint64 seed)
        let order = torch.randperm (this.Count, generator = generator)
        let a = this.At(order.narrow (0L, 0L, first))
        let b = this.At(order.narrow (0L, first, this.Count - first))

        struct (a, b)

    /// The same with other inputs: `change` gets a generator and a batch of inputs (N, …), and gives them changed. It is called on
    /// other threads, whenever a batch is read; what it draws from that generator is the same whenever a run is repeated, and
    /// another in each epoch. Of several inputs it is an error: say which one is meant.
    member this.Transform(change: torch.Generator -> torch.Tensor -> torch.Tensor) : Dataset =
        this.TransformInputs(fun generator inputs -> Inputs.replace 0 (change generator inputs.Only) inputs)

    /// The same with the input of this name changed.
    member this.Transform(input: string, change: torch.Generator -> torch.Tensor -> torch.Tensor) : Dataset =
        this.TransformInputs(fun generator inputs ->
            let given = inputs[input]
            Inputs.replace (Array.IndexOf(inputs.Keys, input)) (change generator given) inputs)

    /// The same with all inputs of a batch changed together, to as many or others.
    member _.TransformInputs(change: torch.Generator -> Inputs -> Inputs) : Dataset =
        new Dataset(DataSource.changed change source)

    /// The same with batches that are made of single examples by a function of one's own, such as `Collate.pad`, which gets the
    /// inputs and the targets of each and gives those of the batch, (N, …). It is called on several threads at once, and what it
    /// makes is freed. As the `collate_fn` of PyTorch's DataLoader.
    member _.Collate(collate: struct (Inputs * torch.Tensor) list -> struct (Inputs * torch.Tensor)) : Dataset =
        let join (examples: Examples[]) : Examples =
            collate [ for one in examples -> struct (one.Inputs, one.Targets) ] |> together |> Examples.agree

        new Dataset(DataSource.joined join source)

    /// The examples in memory, as they are made at first.
    member this.Keep() : Dataset = this.Keep this.Count

    /// So many examples in memory: the first.
    member this.Keep(count: int64) : Dataset =
        let found = this.TryCount |> Option.map string

        if count < 1L || this.TryCount |> Option.exists (fun all -> count > all) then
            let most = found |> Option.map (fun all -> $" to {all}") |> Option.defaultValue ""
            Fail.with' (Malformed("keep", $"a number of examples from 1{most}", string count))

        use _scope = torch.NewDisposeScope()

        let keepGraphs (each: Examples[]) =
            new Dataset(DataSource.ofGraphs [ for one in each -> struct (Inputs.ungrouped one.Inputs, one.Targets) ])

        let keep (all: Examples) = Dataset.OfInputs(all.Inputs, all.Targets)

        match source with
        | Streamed(start, join) ->
            use examples = start ()
            let kept = ResizeArray()

            while int64 kept.Count < count && examples.MoveNext() do
                kept.Add(examples.Current |> Examples.map _.clone())

            if int64 kept.Count < count then
                Fail.with' (Malformed("keep", $"{string count} examples", $"a stream of {string kept.Count}"))

            if kept[0].Inputs.IsGraph then keepGraphs (kept.ToArray()) else keep (join (kept.ToArray()))
        | Made(_, make) when (make [| 0L |] EpochDraw.Fixed).Inputs.IsGraph ->
            keepGraphs [| for i in 0L .. count - 1L -> make [| i |] EpochDraw.Fixed |]
        | _ -> keep (DataSource.at source [| 0L .. count - 1L |] EpochDraw.Fixed)

    /// Several inputs of a model, each (N, …), and as many targets (N, …), which are the dataset's own from now on:
    /// `Inputs.several [ … ]` or `Inputs.named [ "tokens", …; "mask", … ]`.
    static member OfInputs(inputs: Inputs, targets: torch.Tensor) : Dataset =
        new Dataset(DataSource.kept inputs targets)

    /// Graphs, each by `Inputs.graph`, with targets of one row for the graph, or one for each of its nodes or edges. They are the
    /// dataset's own from now on. A batch is one graph of parts that no edge links: see `Inputs.graphs`. Graphs may come from all
    /// other sources of several inputs, too.
    static member OfGraphs(graphs: struct (Inputs * torch.Tensor) seq) : Dataset =
        new Dataset(DataSource.ofGraphs graphs)

    /// Examples that are made when they are needed, another one in each epoch: so many for an epoch. `example` draws from the random
    /// numbers that it gets, and nothing else, and gives one input and its target. It is called on several threads at once, and
    /// what it makes is freed. The same seed of a run gives the same examples. What is kept or tested belongs to no run, and is the
    /// same for the same `seed`, 0 where none is given: data to test with take one of their own. With a `replace` below 1 each
    /// example is made anew in an epoch with that probability alone, from the second one on, and stays in memory until then: 0
    /// makes each once. As the `replace` of DeepTrack's datasets.
    static member Generate
        (count: int64, example: Random -> struct (torch.Tensor * torch.Tensor), ?seed: int64, ?replace: float)
        : Dataset =
        Dataset.GenerateInputs(
            count,
            (fun (random: Random) -> withInput (example random)),
            ?seed = seed,
            ?replace = replace
        )

    /// The same for a model of several inputs.
    static member GenerateInputs
        (count: int64, example: Random -> struct (Inputs * torch.Tensor), ?seed: int64, ?replace: float)
        : Dataset =
        let own, share = defaultArg seed 0L, defaultArg replace 1.0

        if not (share >= 0.0 && share <= 1.0) then
            Fail.with' (Malformed("dataset, replace", "a share of the examples, from 0 to 1", string share))

        let ofRun seed = if own = 0L then seed else Seeds.mix seed own

        let make (draw: EpochDraw) place = example (Seeds.random (ofRun draw.Seed) place) |> together

        if share = 1.0 then
            new Dataset(DataSource.ofEach count make)
        else
            let memory = new ExampleMemory()

            let find (draw: EpochDraw) place =
                let last = draw.Replaced(share, own, place)
                memory.Find(place, last.Seed, (fun () -> make last place))

            new Dataset(DataSource.ofEach count find, memory)

    /// Examples that are read by their places, from 0 to `count - 1`, when they are needed, as PyTorch's map-style datasets do:
    /// `example` gives the input and the target at a place, the same ones whenever it is asked. It is called on several threads at
    /// once, and what it makes is freed.
    static member Indexed(count: int64, example: int64 -> struct (torch.Tensor * torch.Tensor)) : Dataset =
        Dataset.IndexedInputs(count, (fun place -> withInput (example place)))

    /// The same for a model of several inputs.
    static member IndexedInputs(count: int64, example: int64 -> struct (Inputs * torch.Tensor)) : Dataset =
        new Dataset(DataSource.ofEach count (fun _ place -> together (example place)))

    /// Examples that come one after another, in every epoch from the beginning: one input and its target. They are read by another
    /// thread, in their own order, and copied before the next one is asked for.
    static member Stream(examples: struct (torch.Tensor * torch.Tensor) seq) : Dataset =
        Dataset.StreamInputs(Seq.map withInput examples)

    /// The same for a model of several inputs.
    static member StreamInputs(examples: struct (Inputs * torch.Tensor) seq) : Dataset =
        new Dataset(DataSource.streamed examples)

    interface IDisposable with
        member _.Dispose() =
            let free = Examples.iter _.Dispose()
            if first.IsValueCreated then free first.Value
            if not (isNull memory) then (memory :> IDisposable).Dispose()

            match source with
            | Kept examples -> free examples
            | Made _
            | Streamed _ -> ()
