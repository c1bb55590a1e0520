namespace Deeplay.Torch

open System
open System.Threading
open Deeplay.Core

/// How gradients are kept small before a step.
type GradientClip =
    | NoClip
    /// All of them together are scaled down to this 2-norm, where theirs is larger.
    | ByNorm of maxNorm: float
    /// Each number is cut to lie between minus this and this.
    | ByValue of limit: float

/// After which batches validation is run: Lightning's `val_check_interval`.
[<RequireQualifiedAccess>]
type ValidationInterval =
    /// After such a part of an epoch's batches, again and again: 0.25 for four times an epoch. It begins anew in each epoch.
    | EpochPart of float
    /// After every so many batches of an epoch; it begins anew in each epoch, which has at least as many.
    | Batches of int64
    /// After every so many batches, over epochs (Lightning's `check_val_every_n_epoch=None`).
    | RunBatches of int64

/// Exponential moving averages of what is learned. Validation and callbacks see them after an epoch, and they are what a run leaves in
/// the model; training goes on from what is not averaged, which is kept and saved too. Names and rules are those of Lightning's
/// `EMAWeightAveraging`; numbers that norms keep are averaged as well.
type WeightAveraging =
    {
        /// How much of the averages stays in an update.
        Decay: float
        /// After every how many steps they are updated.
        UpdateEverySteps: int
        /// The step after which they start, counted from 0: with what there is then.
        UpdateStartingAtStep: int64
    }

/// How an application is trained: `{ Fit.defaults with MaxEpochs = 5 }`. A step is one of the optimizer.
[<NoEquality; NoComparison>]
type FitOptions =
    {
        /// How often it sees all of the data.
        MaxEpochs: int
        /// After how many steps in all it ends at the latest, within an epoch too; None for no limit.
        MaxSteps: int64 option
        /// For how many epochs it goes on at the least, whatever callbacks say; None for no limit. What is cancelled ends.
        MinEpochs: int option
        /// The same in steps in all.
        MinSteps: int64 option
        /// How many examples there are in a batch.
        BatchSize: int64
        /// Measured after an epoch, where there is one.
        Validation: Dataset option
        /// After every how many epochs validation is measured.
        ValidateEvery: int
        /// After which batches it is measured, in these epochs; None for after the last one. The history has the last one of an epoch,
        /// loggers and callbacks are told of each.
        ValidateWithin: ValidationInterval option
        /// Seeds the parameters, the order of the examples and everything random in between. None draws from torch's generator as
        /// it stands: only such runs may go on at once, and they are not the same again.
        Seed: int64 option
        /// Whether the examples come in another order in every epoch.
        Shuffle: bool
        /// On how many other threads batches are prepared, of examples that are made when they are needed; 0 for none.
        NumWorkers: int
        /// Over how many batches gradients are gathered for a step: the mean of theirs. The last step of an epoch may have fewer,
        /// whose gradients count as little as if there were all.
        AccumulateBatches: int
        /// How gradients are kept small.
        GradientClip: GradientClip
        /// Averages of what is learned; None for what is learned itself.
        WeightAveraging: WeightAveraging option
        /// Whether a loss that is no finite number stops the run, with the modules that gave such numbers first. It is looked at
        /// after every batch, for which a GPU is waited for.
        CheckFinite: bool
        /// Told about each epoch when it is over.
        Progress: EpochRecord -> unit
        /// What watches the run, and may stop it.
        Callbacks: Callback list
        /// Stops the run after a step. What is saved then goes on from there.
        Cancellation: CancellationToken
        /// Whether Ctrl-C does the same, once: a second one ends the process.
        StopOnInterrupt: bool
        /// Where and how the application is built.
        Build: BuildOptions
    }

/// How an application is trained.
[<RequireQualifiedAccess>]
module Fit =
    /// Ten epochs in batches of 32, in another order each, on the best device. Batches are prepared on as many threads as there are
    /// processors, and at most 4.
    let defaults: FitOptions =
        {
            MaxEpochs = 10
            MaxSteps = None
            MinEpochs = None
            MinSteps = None
            BatchSize = 32L
            Validation = None
            ValidateEvery = 1
            ValidateWithin = None
            Seed = Some 0L
            Shuffle = true
            NumWorkers = min 4 Environment.ProcessorCount
            AccumulateBatches = 1
            GradientClip = NoClip
            WeightAveraging = None
            CheckFinite = true
            Progress = ignore
            Callbacks = []
            Cancellation = CancellationToken.None
            StopOnInterrupt = true
            Build = Build.defaults
        }

    /// Averages of which 0.999 stay in an update, after every step.
    let weightAveraging: WeightAveraging = { Decay = 0.999; UpdateEverySteps = 1; UpdateStartingAtStep = 0L }

    /// Stops where an option is none.
    let internal check (options: FitOptions) : unit =
        let least what (number: int64) (least: int64) =
            if number < least then
                Fail.with' (Malformed("fit", $"{what} of at least {string least}", string number))

        least "a number of epochs" (int64 options.MaxEpochs) 0L
        options.MaxSteps |> Option.iter (fun steps -> least "a number of steps" steps 0L)
        options.MinEpochs |> Option.iter (fun epochs -> least "a least number of epochs" (int64 epochs) 0L)
        options.MinSteps |> Option.iter (fun steps -> least "a least number of steps" steps 0L)
        least "a batch size" options.BatchSize 1L
        least "a number of threads" (int64 options.NumWorkers) 0L
        least "a number of epochs between validations" (int64 options.ValidateEvery) 1L
        least "a number of batches for a step" (int64 options.AccumulateBatches) 1L

        if options.ValidateWithin.IsSome && options.Validation.IsNone then
            Fail.with' (Malformed("fit", "data to validate with, where it is said when that is done", "none"))

        match options.ValidateWithin with
        | Some(ValidationInterval.RunBatches _) when options.ValidateEvery > 1 ->
            let expected = "1 epoch between validations that are counted over epochs"
            Fail.with' (Malformed("fit", expected, string options.ValidateEvery))
        | Some(ValidationInterval.EpochPart part) when not (part > 0.0 && part <= 1.0) ->
            Fail.with' (Malformed("fit", "a part of an epoch above 0 and at most 1", string part))
        | Some(ValidationInterval.Batches batches)
        | Some(ValidationInterval.RunBatches batches) -> least "a number of batches between validations" batches 1L
        | _ -> ()

        for averaging in Option.toList options.WeightAveraging do
            least "a number of steps between updates of averages" (int64 averaging.UpdateEverySteps) 1L
            least "a first step of averages" averaging.UpdateStartingAtStep 0L

            if not (averaging.Decay >= 0.0 && averaging.Decay <= 1.0) then
                Fail.with' (Malformed("fit", "a decay of averages from 0 to 1", string averaging.Decay))

        match options.GradientClip with
        | ByNorm limit
        | ByValue limit when not (limit > 0.0 && Double.IsFinite limit) ->
            Fail.with' (Malformed("fit", "a positive limit for gradients", string limit))
        | _ -> ()
