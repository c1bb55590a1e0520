namespace Deeplay.Torch

open System
open Deeplay.Core
open TorchSharp

/// A run that was stopped by an error in what watches it: a callback, or the progress. What was trained until then is not lost.
[<Sealed>]
type TrainingStoppedException internal (application: Application, error: exn) =
    inherit Exception($"What watches the run stopped it: {error.Message}", error)

    /// What was trained, which whoever catches this disposes.
    member _.Application = application

/// What somebody else's code raised.
exception private Raised of exn

/// Training.
[<RequireQualifiedAccess>]
module Trainer =
    // Each epoch has a seed of its own, whatever call it falls into, so that training on gives what training at once
    // gives. Source: Steele, Lea and Flood, 2014, Fast Splittable Pseudorandom Number Generators (SplitMix64).
    let private seedOf (seed: int64) (epoch: int) =
        let z = uint64 seed + uint64 (epoch + 1) * 0x9E3779B97F4A7C15UL
        let z = (z ^^^ (z >>> 30)) * 0xBF58476D1CE4E5B9UL
        let z = (z ^^^ (z >>> 27)) * 0x94D049BB133111EBUL
        int64 (z ^^^ (z >>> 31))

    // Tells something to those who watch; what they raise comes out as theirs.
    let private tell (watchers: 'watcher list) (say: 'watcher -> unit) =
        try
            List.iter say watchers
        with error ->
            raise (Raised error)

    // The step size of this step, or of the epoch that begins.
    let private setPace (application: Application) ofStep =
        match application.Pace with
        | Some pace when pace.OfSteps = ofStep ->
            let time = if ofStep then application.Steps else int64 application.History.Epochs.Length
            application.Optimizer.Set(pace.At(time, application.History))
        | _ -> ()

    let private step (application: Application) (options: FitOptions) =
        match options.GradientClip with
        | ByNorm limit -> application.Optimizer.ClipGradNorm limit
        | ByValue limit -> application.Optimizer.ClipGradValue limit
        | NoClip -> ()

        setPace application true
        application.Optimizer.Step()
        application.Steps <- application.Steps + 1L

    // The gradients of a batch, beside those that are there. Several batches give the mean of their gradients.
    let private backward (application: Application) (options: FitOptions) (where: unit -> string) inputs targets =
        let outputs = application.Module.call inputs
        let loss = application.Loss(outputs, targets)

        if options.CheckFinite then Finite.check application where loss inputs targets

        if options.AccumulateBatches = 1 then
            loss.backward ()
        else
            use batches = Numbers.whole (int64 options.AccumulateBatches)
            (loss.div batches).backward()

        struct (outputs, loss)

    let private isOver (run: TrainingRun) (options: FitOptions) =
        let application = run.Application

        if options.Cancellation.IsCancellationRequested then run.Stop "It was cancelled."
        options.MaxSteps |> Option.exists (fun limit -> application.Steps >= limit)

    let private batchesOf (options: FitOptions) (data: Dataset) =
        // No sum that could be too large: a batch may be as large as a number can be.
        (data.Count - 1L) / options.BatchSize + 1L

    let private orderOf (options: FitOptions) (data: Dataset) : EpochOrder option =
        options.Seed
        |> Option.map (fun seed ->
            { Seed = seed; Examples = data.Count; BatchSize = options.BatchSize; IsShuffled = options.Shuffle })

    // Where an epoch stands after so many batches, as long as nobody draws random numbers.
    let private positionAfter batches (options: FitOptions) (data: Dataset) () : EpochPosition option =
        orderOf options data
        |> Option.map (fun order ->
            use state = torch.get_rng_state ()
            { Batches = batches; Order = order; Random = state.data<byte>().ToArray() })

    // An epoch, from the batch on where it stands; None where the run was stopped within it.
    let private epoch
        (run: TrainingRun)
        watchers
        (options: FitOptions)
        (data: Dataset)
        number
        (order: torch.Tensor)
        from
        =
        let application = run.Application
        use measures = application.Measures("train", data)
        let batches = batchesOf options data
        let gathered = int64 options.AccumulateBatches
        let mutable batch = from
        let mutable isEnding = false

        while batch < batches && not isEnding do
            // Whatever a batch makes goes with it: nothing is left to the garbage collector.
            use _scope = torch.NewDisposeScope()
            let start = batch * options.BatchSize
            let indices = order.narrow (0L, start, min options.BatchSize (data.Count - start))
            let inputs = data.Inputs.index_select(0L, indices).``to`` application.Device
            let targets = data.Targets.index_select(0L, indices).``to`` application.Device
            let isFirst = (batch - from) % gathered = 0L
            let isLast = batch + 1L = batches || (batch - from + 1L) % gathered = 0L
            let place = batch
            let where () = $"step {string application.Steps}, batch {string place} of epoch {string number}"
            application.Standing <- fun () -> None

            let struct (outputs, loss) =
                application.Modes.Step(fun () ->
                    if isFirst then application.Optimizer.ZeroGrad()
                    let result = backward application options where inputs targets
                    if isLast then step application options
                    result)

            measures.Add(loss, outputs, targets)
            batch <- batch + 1L
            // Between steps it can be gone on with, by whoever saves meanwhile too.
            if isLast && batch < batches then application.Standing <- positionAfter (place + 1L) options data

            if not (List.isEmpty watchers) then
                let record = BatchRecord(number, place, application.Steps, loss)
                tell watchers (fun (watcher: Watcher) -> watcher.BatchEnd record)

            if isLast && batch < batches then isEnding <- isOver run options || run.Stopped.IsSome

        if run.Stopped.IsSome && batch < batches then
            None
        else
            application.Standing <- fun () -> None
            Some [ for name, value in measures.Values -> $"train_{name}", value ]

    // Seeds an epoch, and goes to where it stands; gives the order of the examples and the first batch.
    let private beginning (options: FitOptions) (application: Application) (data: Dataset) number =
        options.Seed |> Option.iter (fun seed -> torch.manual_seed (seedOf seed number) |> ignore)

        let order = if options.Shuffle then torch.randperm data.Count else torch.tensor [| 0L .. data.Count - 1L |]

        match application.Position with
        | Some position when orderOf options data = Some position.Order && position.Batches < batchesOf options data ->
            torch.set_rng_state (torch.tensor position.Random)
            application.Standing <- fun () -> None
            struct (order, position.Batches)
        | _ -> struct (order, 0L)

    let private validate (application: Application) (options: FitOptions) number =
        match options.Validation with
        | Some validation when (number + 1) % options.ValidateEvery = 0 ->
            let measured = application.Evaluate("val", validation, max 1024L options.BatchSize)
            [ for KeyValue(name, value) in measured -> $"val_{name}", value ]
        | _ -> []

    let private epochs (run: TrainingRun) watchers (options: FitOptions) (data: Dataset) =
        let application = run.Application
        let last = int64 application.History.Epochs.Length + int64 options.MaxEpochs
        let mutable number = application.History.Epochs.Length

        while int64 number < last && not (isOver run options) && run.Stopped.IsNone do
            use _scope = torch.NewDisposeScope()
            let struct (order, from) = beginning options application data number
            setPace application false

            match epoch run watchers options data number order from with
            | None -> ()
            | Some trained ->
                let rate = [ if application.Pace.IsSome then "lr", application.Optimizer.LearningRate ]
                let measured = Map.ofList (trained @ validate application options number @ rate)
                let record = { Epoch = number; Step = application.Steps; Metrics = measured }
                application.History <- History.add record application.History

                for monitor in application.Pace |> Option.bind _.Monitor |> Option.toList do
                    Callback.monitored "ReduceLROnPlateau" monitor run record |> ignore

                tell [ options.Progress ] (fun progress -> progress record)
                tell watchers (fun watcher -> watcher.EpochEnd record)
                number <- number + 1

    let private train (options: FitOptions) (data: Dataset) (application: Application) : unit =
        Fit.check options
        application.Check data
        options.Validation |> Option.iter application.Check

        if options.MaxEpochs > 0 && Seq.isEmpty (application.Module.parameters ()) then
            Fail.with' (WrongStructure(Tag.ofNames [ "model" ], "", "it has no parameters to train."))

        application.CheckTrains()
        application.Saved <- []
        application.Stopped <- None
        let epochs' = int64 application.History.Epochs.Length + int64 options.MaxEpochs
        let run = TrainingRun(application, options.Validation.IsSome, Some(batchesOf options data), epochs')
        let watchers = ResizeArray()

        try
            tell options.Callbacks (fun callback -> watchers.Add(callback.Begin run))
            let work () = application.Modes.Train(fun () -> epochs run (List.ofSeq watchers) options data)
            work |> Interrupts.during options.StopOnInterrupt (fun () -> run.Stop "It was interrupted.")
            application.Stopped <- run.Stopped
        finally
            // Torch's generator is somebody else's from now on.
            let position = application.Position
            application.Standing <- fun () -> position
            tell (List.ofSeq watchers) _.End()

    /// Trains an application that is built for some more epochs. They are numbered from where it stands, and with the same
    /// seed two times two epochs give what four give at once. An epoch that was not finished goes on from its next batch, where seed,
    /// batches and the number of examples are the same; its training metrics are those of the batches that are left. Examples that
    /// the model or the loss can't take are an error before the first step.
    let continueWith (options: FitOptions) (data: Dataset) (application: Application) : unit =
        try
            Runs.during options.Seed (fun () -> train options data application)
        with Raised error ->
            Failures.raiseAgain error

    /// Builds an application and trains it. The same spec, data, seed and device give the same result. An error of the program's own
    /// in what watches the run comes as a `TrainingStoppedException`, which has what was trained until then.
    let fit (options: FitOptions) (data: Dataset) (spec: ModuleSpec) : Application =
        Fit.check options
        Native.load ()
        let shape = data.InputShape 1L |> Array.tail |> List.ofArray

        Runs.during options.Seed (fun () ->
            let application = Application.build options.Build shape spec

            try
                train options data application
                application
            with
            | Raised error -> raise (TrainingStoppedException(application, error))
            | _ ->
                (application :> IDisposable).Dispose()
                reraise ())
