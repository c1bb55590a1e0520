namespace Deeplay.Torch

open System
open System.Collections.Concurrent
open System.Collections.Generic
open System.Threading
open System.Threading.Tasks
open TorchSharp

/// The batches of a dataset, one after another.
[<AbstractClass>]
type internal Loader() =
    /// The next batch, which belongs to the caller's scope and shares nothing with the dataset; none after the last.
    abstract Next: unit -> Examples voption

    /// Whether the batch that came is the last.
    abstract IsOver: bool

    /// Stops what is prepared.
    abstract Dispose: unit -> unit

    interface IDisposable with
        member this.Dispose() = this.Dispose()

/// In which order and in what batches a dataset is read.
[<NoEquality; NoComparison>]
type internal Reading =
    {
        /// Places of the examples; none for the order in which they are.
        Order: torch.Tensor voption
        BatchSize: int64
        /// The number of the first batch.
        From: int64
        /// For the examples that are made.
        Draw: EpochDraw
        /// On how many other threads batches are prepared; 0 for none.
        Workers: int
    }

    /// All there is, in order.
    static member InOrder(batchSize: int64, workers: int) : Reading =
        { Order = ValueNone; BatchSize = batchSize; From = 0L; Draw = EpochDraw.Fixed; Workers = workers }

// They are there: nothing is gained by another thread.
[<Sealed>]
type private KeptLoader(examples: Examples, reading: Reading) =
    inherit Loader()
    let count = examples.Count
    let mutable batch = reading.From

    override _.Next() =
        // No product that could be too large: a batch may be as large as a number can be.
        if batch > (count - 1L) / reading.BatchSize then
            ValueNone
        else
            let start = batch * reading.BatchSize
            let length = min reading.BatchSize (count - start)
            batch <- batch + 1L

            match reading.Order with
            | ValueSome order ->
                use places = order.narrow (0L, start, length)

                ValueSome(examples |> Examples.map (fun all -> all.index_select (0L, places)))
            | ValueNone ->
                let part (all: torch.Tensor) =
                    use rows = all.narrow (0L, start, length)
                    rows.clone ()

                ValueSome(Examples.map part examples)

    override _.IsOver = batch > (count - 1L) / reading.BatchSize
    override _.Dispose() = ()

module private Prepared =
    // What is made on another thread belongs to nobody's scope until it is taken.
    let detached (work: unit -> Examples) : Examples =
        use _scope = torch.NewDisposeScope()
        work () |> Examples.map _.DetachFromDisposeScope()

    let attach (tensor: torch.Tensor) =
        if not (isNull torch.CurrentDisposeScope) then torch.CurrentDisposeScope.Attach tensor |> ignore

    let take (made: Examples) : Examples voption =
        made |> Examples.iter attach
        ValueSome made

    let drop (made: Examples) = made |> Examples.iter _.Dispose()

// Batches that are made ahead, several at once, and taken in order.
[<Sealed>]
type private MadeLoader(count: int64, source: DataSource, reading: Reading) =
    inherit Loader()
    let batches = (count - 1L) / reading.BatchSize + 1L
    let mutable taken = reading.From
    let mutable begun = reading.From
    let pending = Queue<Task<Examples>>()

    // The order is read here: it may go with a scope of the thread that asks.
    let order =
        match reading.Order with
        | ValueSome order -> order.data<int64>().ToArray()
        | ValueNone -> null

    let make batch () =
        let start = batch * reading.BatchSize
        let length = int (min reading.BatchSize (count - start))
        let place i = if isNull order then start + int64 i else order[int start + i]
        DataSource.at source (Array.init length place) reading.Draw

    let threads = lazy (ConcurrentExclusiveSchedulerPair(TaskScheduler.Default, reading.Workers).ConcurrentScheduler)

    let beginAhead () =
        // As many again wait as are prepared, and no more: memory has a bound.
        while begun < batches && pending.Count < 2 * reading.Workers do
            let batch = begun
            let work () = Prepared.detached (make batch)

            pending.Enqueue(
                Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.None, threads.Value)
            )

            begun <- begun + 1L

    override _.Next() =
        if taken >= batches then
            ValueNone
        else
            taken <- taken + 1L

            if reading.Workers = 0 then
                ValueSome(make (taken - 1L) ())
            else
                beginAhead ()
                let made = pending.Dequeue().GetAwaiter().GetResult()
                beginAhead ()
                Prepared.take made

    override _.IsOver = taken >= batches

    override _.Dispose() =
        for task in pending do
            try
                Prepared.drop (task.GetAwaiter().GetResult())
            with _ ->
                ()

        pending.Clear()

// What comes one after another is read by one thread of its own: an enumerator may keep things that belong to a thread.
[<Sealed>]
type private StreamLoader(start: unit -> IEnumerator<Examples>, join: Examples[] -> Examples, reading: Reading) =
    inherit Loader()
    let ended = new CancellationTokenSource()
    let ready = new BlockingCollection<Result<Examples, exn>>(2)
    let mutable next: Result<Examples, exn> voption = ValueNone
    let mutable isStarted = false

    // An example is the enumerator's own until the next one is asked for.
    let copy (examples: Examples) = Prepared.detached (fun () -> examples |> Examples.map _.clone())

    let readBatch (examples: IEnumerator<Examples>) : Examples voption =
        let several = ResizeArray()

        try
            while int64 several.Count < reading.BatchSize && not ended.IsCancellationRequested && examples.MoveNext() do
                several.Add(copy examples.Current)

            if several.Count = 0 then
                ValueNone
            else
                ValueSome(Prepared.detached (fun () -> join (several.ToArray())))
        finally
            Seq.iter Prepared.drop several

    let read () =
        try
            use examples = start ()
            let mutable batch = readBatch examples
            let mutable number = 0L

            while batch.IsSome && not ended.IsCancellationRequested do
                if number < reading.From then Prepared.drop batch.Value else ready.Add(Ok batch.Value, ended.Token)

                number <- number + 1L
                batch <- readBatch examples

            batch |> ValueOption.iter Prepared.drop
        with
        | :? OperationCanceledException when ended.IsCancellationRequested -> ()
        | error -> ready.Add(Error error)

        ready.CompleteAdding()

    let reader = lazy (Task.Factory.StartNew(read, TaskCreationOptions.LongRunning))

    let advance () =
        let mutable found = Unchecked.defaultof<_>
        next <- if ready.TryTake(&found, Timeout.Infinite) then ValueSome found else ValueNone

    override _.Next() =
        if not isStarted then
            isStarted <- true
            reader.Value |> ignore
            advance ()

        match next with
        | ValueNone -> ValueNone
        | ValueSome(Error error) -> Failures.raiseAgain error
        | ValueSome(Ok batch) ->
            advance ()
            Prepared.take batch

    override _.IsOver = isStarted && next.IsNone

    override _.Dispose() =
        ended.Cancel()

        if reader.IsValueCreated then
            for waiting in Seq.append (ValueOption.toList next) (ready.GetConsumingEnumerable()) do
                match waiting with
                | Ok batch -> Prepared.drop batch
                | Error _ -> ()

            reader.Value.Wait()

module internal Loader =
    /// Begins to read a dataset.
    let start (data: Dataset) (reading: Reading) : Loader =
        match data.Source with
        | Kept examples -> new KeptLoader(examples, reading)
        | Made(count, _) -> new MadeLoader(count, data.Source, reading)
        | Streamed(start, join) -> new StreamLoader(start, join, reading)
