namespace Deeplay.Torch

open Deeplay.Core
open TorchSharp

/// A run as it goes on.
[<Sealed>]
type TrainingRun
    internal
    (
        application: Application,
        hasValidation: bool,
        batches: int64 option,
        epochs: int64,
        validatesWithin: bool,
        // Whether it went on for as long as it has to at the least.
        isLongEnough: unit -> bool
    ) =
    let mutable stopped: string option = None
    let mutable isBroken = false

    /// What is trained.
    member _.Application = application

    /// Whether there are data to validate with.
    member _.HasValidation = hasValidation

    /// How many batches an epoch has; None where that is not known beforehand.
    member _.Batches = batches

    /// How many epochs there are when it ends, at the latest, with those of earlier runs.
    member _.Epochs = epochs

    /// Whether validation is run by batches, rather than after epochs.
    member internal _.ValidatesWithin = validatesWithin

    /// What loggers write beside the loss, by the step; asked for only when a row is written.
    member val internal StepValues = ResizeArray<unit -> (string * float) list>()

    /// What they write beside the metrics of an epoch.
    member val internal EpochValues = ResizeArray<unit -> (string * float) list>()

    /// How many loggers watch it.
    member val internal Loggers = 0 with get, set

    /// What was remembered under this key, in this run, an earlier one of this application, or the one whose file was loaded; None
    /// where nothing was. As Lightning's `load_state_dict`.
    member _.Recall(key: string) : string option = application.Remembered.TryFind key

    /// Remembers a text under a key beyond this run. It is saved with the application, so that a run that is gone on with is the
    /// run. As Lightning's `state_dict`; a key should name the callback and its settings.
    member _.Remember(key: string, text: string) : unit =
        application.Remembered <- application.Remembered.Add(key, text)

    /// Why it ends before its time; None where it does not, or does not yet.
    member _.Stopped = if isBroken || isLongEnough () then stopped else None

    /// Lets the run end after this epoch, or before the next step, when it has the least number of epochs and steps: why is kept in
    /// `Application.Stopped`. The first reason stays.
    member _.Stop(reason: string) : unit = if stopped.IsNone then stopped <- Some reason

    /// Lets it end before the next step, however short it is.
    member internal _.Break(reason: string) : unit =
        if not isBroken then
            stopped <- Some reason
            isBroken <- true

/// A batch that was trained on.
[<Sealed>]
type BatchRecord internal (epoch: int, batch: int64, step: int64, loss: torch.Tensor) =
    /// The number of the epoch, counted from 0.
    member _.Epoch = epoch

    /// The number of the batch in the epoch, counted from 0.
    member _.Batch = batch

    /// Optimizer steps made so far.
    member _.Step = step

    /// Its loss, for which a GPU is waited for; only as long as the callback runs. Of several losses it is the first that was
    /// minimized, NaN where none was.
    member _.Loss = if isNull loss then nan else Numbers.read loss

/// What is told of a run to whoever watches it.
[<NoEquality; NoComparison>]
type Watcher =
    {
        /// After each batch.
        BatchEnd: BatchRecord -> unit
        /// After each validation, within an epoch too: with what it measured.
        ValidationEnd: EpochRecord -> unit
        /// After each epoch, when it is in the history, with its last validation.
        EpochEnd: EpochRecord -> unit
        /// When the run ends, however it does.
        End: unit -> unit
    }

/// Something that watches runs, as a value. What it is to remember beyond a run belongs to the application: `TrainingRun.Remember`.
[<NoEquality; NoComparison>]
type Callback =
    {
        /// For errors.
        Name: string
        /// Whether it saves the application. What saves runs behind all others, as in Lightning: a file has what the others
        /// remember by then.
        Saves: bool
        /// Begins to watch a run.
        Begin: TrainingRun -> Watcher
    }

/// Callbacks: `{ Fit.defaults with Callbacks = [ EarlyStopping.callback EarlyStopping.defaults ] }`.
[<RequireQualifiedAccess; CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module Callback =
    /// Watches nothing: `{ Callback.idle with EpochEnd = … }`.
    let idle: Watcher = { BatchEnd = ignore; ValidationEnd = ignore; EpochEnd = ignore; End = ignore }

    /// What is begun for each run.
    let create (name: string) (start: TrainingRun -> Watcher) : Callback = { Name = name; Saves = false; Begin = start }

    /// The same of what saves the application: it is told of everything after all others.
    let createSaving (name: string) (start: TrainingRun -> Watcher) : Callback = { create name start with Saves = true }

    /// Is called after each epoch.
    let onEpochEnd (work: TrainingRun -> EpochRecord -> unit) : Callback =
        create "OnEpochEnd" (fun run -> { idle with EpochEnd = work run })

    /// Is called after each batch.
    let onBatchEnd (work: TrainingRun -> BatchRecord -> unit) : Callback =
        create "OnBatchEnd" (fun run -> { idle with BatchEnd = work run })

    /// Is called after each validation.
    let onValidationEnd (work: TrainingRun -> EpochRecord -> unit) : Callback =
        create "OnValidationEnd" (fun run -> { idle with ValidationEnd = work run })

    /// Whether a metric is measured by each validation, rather than by each epoch.
    let internal countsValidations (monitor: string) (run: TrainingRun) =
        run.ValidatesWithin && monitor.StartsWith("val_", System.StringComparison.Ordinal)

    /// Watches what may have a metric: each epoch, or each validation where that is run by batches.
    let internal whenMeasured (monitor: string) (run: TrainingRun) (work: EpochRecord -> unit) : Watcher =
        if countsValidations monitor run then
            { idle with ValidationEnd = work }
        else
            { idle with EpochEnd = work }

    /// A metric of an epoch that a callback follows; None in an epoch without validation. One that is not measured is an error.
    let internal monitored (name: string) (monitor: string) (run: TrainingRun) (epoch: EpochRecord) : float option =
        match epoch.Metrics.TryFind monitor with
        | Some value -> Some value
        | None ->
            let isLeftOut =
                run.HasValidation
                && monitor.StartsWith("val_", System.StringComparison.Ordinal)
                && not (epoch.Metrics.ContainsKey "val_loss")

            if isLeftOut then
                None
            else
                let known = List.ofSeq epoch.Metrics.Keys
                let all = String.concat ", " known
                let found = $"'{monitor}'{Nearest.hint monitor known}"
                Fail.with' (Malformed(name, $"to monitor one of {all}", found))
