namespace Deeplay.Torch

open System
open Deeplay.Core
open Deeplay.Library

/// How a good step size is looked for: a short run, in which it grows from step to step. Names, defaults and rules are those of
/// Lightning's `Tuner.lr_find`.
type LearningRateFinder =
    {
        /// The step size of the first step.
        MinLr: float
        /// The step size that the last step comes to.
        MaxLr: float
        /// How many steps are made.
        NumTraining: int
        /// Whether it grows by a factor, rather than by a difference.
        IsExponential: bool
        /// The run ends where the loss is larger than the least one by this factor; None for all steps.
        EarlyStopThreshold: float option
    }

/// What was found.
type LearningRateCurve =
    {
        /// The step size of each step.
        Rates: float list
        /// The loss of its batch, as a running mean in which 0.98 of what was stays.
        Losses: float list
        /// The step size at which the loss falls fastest, as its logarithm grows; None where too few steps were made to tell.
        Suggestion: float option
    }

/// Looks for a good step size.
[<RequireQualifiedAccess; CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module LearningRateFinder =
    /// From 1e-8 to 1 in 100 steps, by a factor.
    let defaults: LearningRateFinder =
        {
            MinLr = 1e-8
            MaxLr = 1.0
            NumTraining = 100
            IsExponential = true
            EarlyStopThreshold = Some 4.0
        }

    // How much of the mean stays.
    let private beta = 0.98

    let internal rateOf (finder: LearningRateFinder) (step: int) : float =
        let part = float step / float finder.NumTraining

        if finder.IsExponential then
            finder.MinLr * (finder.MaxLr / finder.MinLr) ** part
        else
            finder.MinLr + part * (finder.MaxLr - finder.MinLr)

    // The slope at each place, as numpy's `gradient` has it: of both neighbours, at the ends of one.
    let private slopes (values: float[]) =
        let last = values.Length - 1

        Array.init values.Length (fun i ->
            let low, high = max 0 (i - 1), min last (i + 1)
            (values[high] - values[low]) / float (high - low))

    /// The place where a curve falls fastest, without its first ten and its last; None where nothing is left of it.
    let internal steepest (losses: float list) : int option =
        let skipped = 10
        let left = losses |> List.skip (min skipped losses.Length) |> Array.ofList
        let left = Array.truncate (left.Length - 1) left |> Array.takeWhile Double.IsFinite

        if left.Length < 2 then
            None
        else
            let slopes = slopes left
            Some(skipped + Array.findIndex ((=) (Array.min slopes)) slopes)

    let private check (finder: LearningRateFinder) =
        let wrong expected found = Fail.with' (Malformed("learning rate finder", expected, string found))

        if not (finder.MinLr > 0.0 && finder.MinLr < finder.MaxLr && Double.IsFinite finder.MaxLr) then
            wrong "a positive step size that grows to a larger one" $"{finder.MinLr} to {finder.MaxLr}"

        if finder.NumTraining < 1 then wrong "a positive number of steps" finder.NumTraining

        match finder.EarlyStopThreshold with
        | Some threshold when not (threshold > 1.0) -> wrong "a threshold above 1" threshold
        | _ -> ()

    /// Builds an application and trains it for some steps, with the options' batches and seed: nothing of that is left. A
    /// schedule of the application is left out.
    let find (finder: LearningRateFinder) (options: FitOptions) (data: Dataset) (spec: ModuleSpec) : LearningRateCurve =
        check finder
        let rates, losses = ResizeArray(), ResizeArray()
        let mutable mean, least = 0.0, infinity

        let watch (run: TrainingRun) =
            let optimizer = run.Application.Optimizer
            optimizer.LearningRate <- rateOf finder 0

            { Callback.idle with
                BatchEnd =
                    fun batch ->
                        rates.Add optimizer.LearningRate
                        mean <- beta * mean + (1.0 - beta) * batch.Loss
                        let smooth = mean / (1.0 - beta ** float (rates.Count))
                        losses.Add smooth

                        let isTooLarge =
                            finder.EarlyStopThreshold |> Option.exists (fun factor -> smooth > factor * least)

                        if not (Double.IsFinite smooth) || (rates.Count > 1 && isTooLarge) then
                            run.Stop "The loss grew."

                        least <- min least smooth
                        optimizer.LearningRate <- rateOf finder rates.Count
            }

        let spec =
            if spec.Definition.Signature.Has Applications.lrScheduler.Name then
                Selection.ofSpec spec |> Change.configure None Applications.lrScheduler.Name Null |> _.Spec
            else
                spec

        use _application =
            Trainer.fit
                { options with
                    MaxEpochs = Int32.MaxValue
                    MaxSteps = Some(int64 finder.NumTraining)
                    MinEpochs = None
                    MinSteps = None
                    AccumulateBatches = 1
                    Validation = None
                    ValidateWithin = None
                    WeightAveraging = None
                    CheckFinite = false
                    Progress = ignore
                    Callbacks = [ Callback.create "LearningRateFinder" watch ]
                }
                data
                spec

        {
            Rates = List.ofSeq rates
            Losses = List.ofSeq losses
            Suggestion = steepest (List.ofSeq losses) |> Option.map (fun place -> rates[place])
        }
