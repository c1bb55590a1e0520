namespace Deeplay.Torch

open Deeplay.Core

/// When a learning rate is logged.
[<RequireQualifiedAccess>]
type LoggingInterval =
    /// With the rows of steps.
    | Step
    /// With the rows of epochs.
    | Epoch

/// Gives loggers the learning rate, as `lr-Adam` for Adam. Names and defaults are Lightning's.
type LearningRateMonitor =
    {
        /// With which rows; None for those by which its schedule counts its time, and for both where there is no schedule.
        LoggingInterval: LoggingInterval option
    }

/// Logs the learning rate.
[<RequireQualifiedAccess; CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module LearningRateMonitor =
    /// As often as the schedule changes it.
    let defaults: LearningRateMonitor = { LoggingInterval = None }

    /// The callback of a rule. A run without a logger is an error.
    let callback (rule: LearningRateMonitor) : Callback =
        Callback.create "LearningRateMonitor" (fun run ->
            let application = run.Application
            let optimizers = application.Outline.Optimizers

            // Named by kind, and another one of a kind by a number, as Lightning does.
            let names =
                [
                    for i, (_, node) in List.indexed optimizers do
                        let kind = node.Definition.Id

                        let same =
                            optimizers |> List.truncate i |> List.filter (fun (_, other) -> other.Definition.Id = kind)

                        if same.IsEmpty then $"lr-{kind}" else $"lr-{kind}-{string same.Length}"
                ]

            let rate () =
                [
                    for name, (child, _) in List.zip names optimizers ->
                        name, application.Optimizers[child].LearningRate
                ]

            let ofSteps, ofEpochs =
                match rule.LoggingInterval, application.Pace with
                | Some LoggingInterval.Step, _ -> true, false
                | Some LoggingInterval.Epoch, _ -> false, true
                | None, Some pace -> pace.OfSteps, not pace.OfSteps
                | None, None -> true, true

            if ofSteps then run.StepValues.Add rate
            if ofEpochs then run.EpochValues.Add rate

            // Loggers may stand after it in the list.
            let check () =
                if run.Loggers = 0 then
                    let expected = "a logger beside it, such as CsvLogger"
                    Fail.with' (Malformed("LearningRateMonitor", expected, "none among the callbacks"))

            { Callback.idle with BatchEnd = fun _ -> check () })
