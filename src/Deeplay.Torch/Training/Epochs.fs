namespace Deeplay.Torch

open System
open Deeplay.Core
open TorchSharp

/// What somebody else's code raised.
exception internal Raised of exn

/// The epochs of a run.
module internal Epochs =
    /// Tells something to those who watch; what they raise comes out as theirs.
    let tell (watchers: 'watcher list) (say: 'watcher -> unit) =
        try
            List.iter say watchers
        with error ->
            raise (Raised error)

    /// Whether a run has come to an end that was set.
    let isLimited (run: TrainingRun) (options: FitOptions) =
        let application = run.Application

        if options.Cancellation.IsCancellationRequested then run.Break "It was cancelled."
        options.MaxSteps |> Option.exists (fun limit -> application.Steps >= limit)

    // Of a stream nobody knows how many examples there are: it is 0.
    let private countOf (data: Dataset) = defaultArg data.TryCount 0L

    let private orderOf (options: FitOptions) (data: Dataset) : EpochOrder option =
        options.Seed
        |> Option.map (fun seed ->
            {
                Seed = seed
                Examples = countOf data
                BatchSize = options.BatchSize
                IsShuffled = options.Shuffle
            })

    /// How many batches an epoch has; None of a stream.
    let batches (options: FitOptions) (data: Dataset) : int64 option =
        // No sum that could be too large: a batch may be as large as a number can be.
        data.TryCount |> Option.map (fun count -> (count - 1L) / options.BatchSize + 1L)

    // Where an epoch stands after so many batches, as long as nobody draws random numbers.
    let private positionAfter batches (options: FitOptions) (data: Dataset) measured () : EpochPosition option =
        orderOf options data
        |> Option.map (fun order ->
            use state = torch.get_rng_state ()
            { Batches = batches; Order = order; Random = state.data<byte>().ToArray(); Measured = measured () })

    // What a dataset of the program's own raises is told as what watches the run is; what is wrong with its examples is not.
    let private next (loader: Loader) =
        try
            loader.Next()
        with
        | :? DeeplayException -> reraise ()
        | error -> raise (Raised error)

    // Averages follow what was learned. Rule: Lightning's `EMAWeightAveraging.should_update`.
    let private average (application: Application) (options: FitOptions) =
        match options.WeightAveraging with
        | None -> ()
        | Some rule ->
            let step = application.Steps - 1L

            if step >= rule.UpdateStartingAtStep && step % int64 rule.UpdateEverySteps = 0L then
                match application.Averages with
                | Some averages -> averages.Update rule.Decay
                | None -> application.Averages <- Some(new MovingAverages(application.Module))

    /// An epoch, from the batch on where it stands: what was measured; None where the run was stopped within it. `kept` is what was
    /// measured of it before, which goes with this.
    let train
        (run: TrainingRun)
        watchers
        (validations: Validations)
        (options: FitOptions)
        (data: Dataset)
        number
        (reading: Reading)
        (kept: (string * Tensor) list)
        =
        let application = run.Application
        use stage = application.Begin("train", data)
        stage.Restore(MeasuredNames.below "train" kept)
        validations.Begin(MeasuredNames.below "val" kept)
        application.Leave None
        let measured () = MeasuredNames.under "train" stage.State @ MeasuredNames.under "val" validations.State

        use loader = Loader.start data reading
        let from = reading.From
        let gathered = int64 options.AccumulateBatches
        let mutable batch = from
        let mutable isOver = false
        let mutable isEnding = false

        use _left =
            { new IDisposable with
                member _.Dispose() = application.Leave application.Position
            }

        while not (isOver || isEnding) do
            // Whatever a batch makes goes with it: nothing is left to the garbage collector.
            use _scope = torch.NewDisposeScope()

            match next loader with
            | ValueNone -> isOver <- true
            | ValueSome given ->
                isOver <- loader.IsOver
                let isFirst = (batch - from) % gathered = 0L
                let isLast = isOver || (batch - from + 1L) % gathered = 0L
                let time = { Epoch = number; Batch = batch; Step = application.Steps }
                let step = TrainingBatch(application, options, application.Take(data, given), time, isLast, stage)
                application.Standing <- fun () -> None

                application.Modes.Step(fun () ->
                    if isFirst then
                        for optimizer in application.Optimizers.Values do
                            optimizer.ZeroGrad()

                    stage.Train(StepContext step)
                    if application.Steps > time.Step then average application options)

                batch <- batch + 1L
                // Between steps it can be gone on with, by whoever saves meanwhile too.
                if isLast && not isOver then
                    application.Standing <- positionAfter (time.Batch + 1L) options data measured

                if not (List.isEmpty watchers) then
                    let record = BatchRecord(number, time.Batch, application.Steps, step.Loss)
                    tell watchers (fun (watcher: Watcher) -> watcher.BatchEnd record)

                validations.After(number, batch, isOver)
                if isLast && not isOver then isEnding <- isLimited run options || run.Stopped.IsSome

        if run.Stopped.IsSome && not isOver then
            None
        else
            application.Standing <- fun () -> None
            Some [ for name, value in stage.Values -> $"train_{name}", value ]

    /// Seeds an epoch, and goes to where it stands: with what was measured of it before.
    let start (options: FitOptions) (application: Application) (data: Dataset) number =
        options.Seed
        |> Option.iter (fun seed -> torch.manual_seed (EpochDraw.SeedOf(seed, number)) |> ignore)

        let order =
            match data.TryCount with
            | Some count when options.Shuffle -> ValueSome(torch.randperm count)
            | _ -> ValueNone

        // What is made on the way is drawn by this, without a seed as torch's generator stood when it was first needed.
        let draw =
            match options.Seed, data.Source with
            | Some seed, _ -> EpochDraw.Of(seed, number)
            | None, Made _ -> EpochDraw.Of(application.DrawnSeed.Value, number)
            | None, _ -> EpochDraw.Fixed

        let reading =
            {
                Order = order
                BatchSize = options.BatchSize
                From = 0L
                Draw = draw
                Workers = options.NumWorkers
            }

        let hasBatch number = data.TryCount |> Option.forall (fun count -> number <= (count - 1L) / options.BatchSize)

        match application.Position with
        | Some position when orderOf options data = Some position.Order && hasBatch position.Batches ->
            torch.set_rng_state (torch.tensor position.Random)
            { reading with From = position.Batches }, position.Measured
        | _ -> reading, []
