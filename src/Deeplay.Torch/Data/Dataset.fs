namespace Deeplay.Torch

open System
open Deeplay.Core
open TorchSharp

/// Examples to learn from or to test with: in memory, made when they are needed, or as they come. They are on the CPU; batches
/// go to the device.
[<Sealed>]
type Dataset internal (source: DataSource) =
    // The first example shows the shapes. Of a stream it is seen, and comes again.
    let first =
        lazy
            (match source with
             | Kept examples -> examples
             | Made _ ->
                 use scope = torch.NewDisposeScope()
                 let made = DataSource.at source [| 0L |] 0L
                 scope.MoveToOuter made.Inputs |> ignore
                 scope.MoveToOuter made.Targets |> ignore
                 made
             | Streamed start ->
                 use examples = start ()
                 use _scope = torch.NewDisposeScope()

                 if not (examples.MoveNext()) then Fail.with' (Malformed("dataset", "at least one example", "none"))

                 let joined = DataSource.join [| examples.Current |]

                 {
                     Inputs = joined.Inputs.DetachFromDisposeScope()
                     Targets = joined.Targets.DetachFromDisposeScope()
                 })

    let known what =
        match source with
        | Kept examples -> examples
        | Made _
        | Streamed _ ->
            let found = "one whose examples are made when they are needed: `Keep` keeps some"
            Fail.with' (Malformed("dataset", $"{what} of a dataset in memory", found))

    /// Inputs (N, …) and as many targets (N, …), which are the dataset's own from now on.
    new(inputs: torch.Tensor, targets: torch.Tensor) = new Dataset(DataSource.kept inputs targets)

    /// Where its examples come from.
    member internal _.Source = source

    /// Some examples, or all of them, to see what they are like.
    member internal _.Some: Examples = first.Value

    /// The inputs, (N, …), of a dataset in memory.
    member _.Inputs: torch.Tensor = (known "inputs").Inputs

    /// The targets, (N, …), of a dataset in memory.
    member _.Targets: torch.Tensor = (known "targets").Targets

    /// The number of examples; of a stream it is an error, for nobody knows.
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

    /// The shape of a batch of so many inputs.
    member _.InputShape(batch: int64) = Array.append [| batch |] (Array.tail first.Value.Inputs.shape)

    /// The examples at these places.
    member this.At(indices: torch.Tensor) =
        match source with
        | Kept examples ->
            new Dataset(examples.Inputs.index_select (0L, indices), examples.Targets.index_select (0L, indices))
        | Made(_, make) ->
            let places = indices.``to``(torch.int64).cpu().data<int64>().ToArray()
            let make within seed = make (within |> Array.map (fun place -> places[int place])) seed
            new Dataset(DataSource.made (int64 places.Length) make)
        | Streamed _ ->
            DataSource.at source [||] 0L |> ignore
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
    /// another in each epoch.
    member this.Transform(change: torch.Generator -> torch.Tensor -> torch.Tensor) : Dataset =
        let changed (examples: Examples) seed number =
            use generator = new torch.Generator(uint64 (Seeds.mix seed number))
            { examples with Inputs = change generator examples.Inputs }

        match source with
        | Kept _
        | Made _ ->
            let make places seed = changed (DataSource.at source places seed) seed (Array.head places)
            new Dataset(DataSource.made this.Count make)
        | Streamed _ ->
            DataSource.at source [||] 0L |> ignore
            this

    /// The examples in memory, as they are made at first.
    member this.Keep() : Dataset = this.Keep this.Count

    /// So many examples in memory: the first.
    member this.Keep(count: int64) : Dataset =
        let found = this.TryCount |> Option.map string

        if count < 1L || this.TryCount |> Option.exists (fun all -> count > all) then
            let most = found |> Option.map (fun all -> $" to {all}") |> Option.defaultValue ""
            Fail.with' (Malformed("keep", $"a number of examples from 1{most}", string count))

        use _scope = torch.NewDisposeScope()

        match source with
        | Streamed start ->
            use examples = start ()
            let kept = ResizeArray()

            while int64 kept.Count < count && examples.MoveNext() do
                let one = examples.Current
                kept.Add { Inputs = one.Inputs.clone (); Targets = one.Targets.clone () }

            if int64 kept.Count < count then
                Fail.with' (Malformed("keep", $"{string count} examples", $"a stream of {string kept.Count}"))

            let all = DataSource.join (kept.ToArray())
            new Dataset(all.Inputs, all.Targets)
        | _ ->
            let all = DataSource.at source [| 0L .. count - 1L |] 0L
            new Dataset(all.Inputs, all.Targets)

    /// Examples that are made when they are needed, another one in each epoch: so many for an epoch. `example` draws from the random
    /// numbers that it gets, and nothing else, and gives one input and its target: it is called on several threads at once, and
    /// what it makes is freed. The same seed of a run gives the same examples. What is kept or tested belongs to no run,
    /// and is the same for the same `seed`, 0 where none is given: data to test with take one of their own.
    static member Generate
        (count: int64, example: Random -> struct (torch.Tensor * torch.Tensor), ?seed: int64)
        : Dataset =
        let own = defaultArg seed 0L

        let one seed place : Examples =
            let seed = if own = 0L then seed else Seeds.mix seed own
            let struct (input, target) = example (Seeds.random seed place)
            { Inputs = input; Targets = target }

        new Dataset(DataSource.made count (fun places seed -> DataSource.join (Array.map (one seed) places)))

    /// Examples that are read by their places, from 0 to `count - 1`, when they are needed, as PyTorch's map-style datasets do:
    /// `example` gives the input and the target at a place, the same ones whenever it is asked. It is called on several threads at
    /// once, and what it makes is freed.
    static member Indexed(count: int64, example: int64 -> struct (torch.Tensor * torch.Tensor)) : Dataset =
        let one place =
            let struct (input, target) = example place
            { Inputs = input; Targets = target }

        new Dataset(DataSource.made count (fun places _ -> DataSource.join (Array.map one places)))

    /// Examples that come one after another, in every epoch from the beginning: one input and its target. They are read by another
    /// thread, in their own order, and copied before the next one is asked for.
    static member Stream(examples: struct (torch.Tensor * torch.Tensor) seq) : Dataset =
        let start () =
            (examples |> Seq.map (fun struct (input, target) -> { Inputs = input; Targets = target })).GetEnumerator()

        new Dataset(Streamed start)

    interface IDisposable with
        member _.Dispose() =
            if first.IsValueCreated then
                first.Value.Inputs.Dispose()
                first.Value.Targets.Dispose()

            match source with
            | Kept examples ->
                examples.Inputs.Dispose()
                examples.Targets.Dispose()
            | Made _
            | Streamed _ -> ()
