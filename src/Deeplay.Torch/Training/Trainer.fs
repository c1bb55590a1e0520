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

/// Training.
[<RequireQualifiedAccess>]
module Trainer =
    // The step sizes of an epoch, where they change: `lr`, and of several optimizers `lr_` and the name of each.
    let private rates (application: Application) =
        let optimizers = application.Optimizers

        [
            if not application.Paces.IsEmpty then
                for KeyValue(name, optimizer) in optimizers do
                    (if optimizers.Count = 1 then "lr" else $"lr_{name}"), optimizer.LearningRate
        ]

    let private epochs (run: TrainingRun) watchers (options: FitOptions) (data: Dataset) =
        let application = run.Application
        let last = int64 application.History.Epochs.Length + int64 options.MaxEpochs
        let mutable number = application.History.Epochs.Length
        let validations = Validations(run, options, Epochs.tell watchers)

        while int64 number < last && not (Epochs.isLimited run options) && run.Stopped.IsNone do
            use _scope = torch.NewDisposeScope()
            let reading, kept = Epochs.start options application data number
            TrainingBatch.SetPaces application
            Validations.Show(application, false)

            match Epochs.train run watchers validations options data number reading kept with
            | None -> ()
            | Some trained ->
                Validations.Show(application, true)
                validations.AtEnd number
                let measured = Map.ofList (trained @ validations.Last @ rates application)
                let record = { Epoch = number; Step = application.Steps; Metrics = measured }
                application.History <- History.add record application.History

                for monitor in application.Paces |> List.choose (fun (_, pace) -> pace.Monitor) |> List.distinct do
                    Callback.monitored "ReduceLROnPlateau" monitor run record |> ignore

                Epochs.tell [ options.Progress ] (fun progress -> progress record)
                Epochs.tell watchers (fun watcher -> watcher.EpochEnd record)
                number <- number + 1

    let private train (options: FitOptions) (data: Dataset) (application: Application) : unit =
        Fit.check options
        application.Check data
        options.Validation |> Option.iter application.Check

        if options.MaxEpochs > 0 && Seq.isEmpty (application.Module.parameters ()) then
            Fail.with' (WrongStructure(Tag.ofNames [ "model" ], "", "it has no parameters to train."))

        application.CheckTrains()
        FreedMemory.keep ()

        if application.Supervised.IsNone && options.AccumulateBatches > 1 then
            let expected = "1 batch for a step of an application that makes its steps itself"
            Fail.with' (Malformed("fit", expected, string options.AccumulateBatches))

        // Without averages what a run before averaged is what is gone on from.
        if options.WeightAveraging.IsNone then
            application.Averages |> Option.iter (fun averages -> (averages :> IDisposable).Dispose())
            application.Averages <- None

        application.Saved <- []
        application.LogDirs <- []
        application.Stopped <- None
        let before = application.History.Epochs.Length
        let epochs' = int64 before + int64 options.MaxEpochs

        let isLongEnough () =
            let ran = application.History.Epochs.Length - before

            Option.forall (fun least -> ran >= least) options.MinEpochs
            && Option.forall (fun least -> application.Steps >= least) options.MinSteps

        let batches = Epochs.batches options data
        let within = options.ValidateWithin.IsSome
        let run = TrainingRun(application, options.Validation.IsSome, batches, epochs', within, isLongEnough)
        let watchers = ResizeArray()

        try
            let callbacks = options.Callbacks |> List.sortBy _.Saves
            Epochs.tell callbacks (fun callback -> watchers.Add(callback.Begin run))
            let work () = application.Modes.Train(fun () -> epochs run (List.ofSeq watchers) options data)
            work |> Interrupts.during options.StopOnInterrupt (fun () -> run.Break "It was interrupted.")
            application.Stopped <- run.Stopped
        finally
            Validations.Show(application, true)
            Epochs.tell (List.ofSeq watchers) _.End()

    /// Trains an application that is built for some more epochs. They are numbered from where it stands, and with the same
    /// seed two times two epochs give what four give at once. An epoch that was not finished goes on from its next batch, where seed,
    /// batches and the number of examples are the same, and its metrics are those of all of its batches. Examples that
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

        Runs.during options.Seed (fun () ->
            let application = Application.buildFor options.Build data spec

            try
                train options data application
                application
            with
            | Raised error -> raise (TrainingStoppedException(application, error))
            | _ ->
                (application :> IDisposable).Dispose()
                reraise ())
