namespace Deeplay.Torch

open Deeplay.Core

/// When a learning rate is logged.
[<RequireQualifiedAccess>]
type LoggingInterval =
    /// With the rows of steps.
    | Step
    /// With the rows of epochs.
    | Epoch

/// Gives loggers the learning rate, as `lr-Adam` for Adam; of parameter groups as `lr-Adam/pg1` and so on, in their order, those that
/// are frozen left out, and last that of the parameters in none. Names and defaults are Lightning's.
type LearningRateMonitor =
    {
        /// With which rows; None for those by which an optimizer's schedule counts its time, and for both where it has none.
        LoggingInterval: LoggingInterval option
    }

/// Logs the learning rate.
[<RequireQualifiedAccess; CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module LearningRateMonitor =
    /// As often as the schedule changes it.
    let defaults: LearningRateMonitor = { LoggingInterval = None }

    // Named by kind, and another one of a kind by a number, as Lightning does.
    let private nameOf (earlier: Optimizer list) (optimizer: Optimizer) =
        match earlier |> List.filter (fun other -> other.Kind = optimizer.Kind) |> List.length with
        | 0 -> $"lr-{optimizer.Kind}"
        | same -> $"lr-{optimizer.Kind}-{string same}"

    let private ratesOf (name: string, optimizer: Optimizer) =
        match optimizer.Rates with
        | [ rate ] -> [ name, rate ]
        | several -> several |> List.mapi (fun i rate -> $"{name}/pg{string (i + 1)}", rate)

    /// The callback of a rule. A run without a logger is an error.
    let callback (rule: LearningRateMonitor) : Callback =
        Callback.create "LearningRateMonitor" (fun run ->
            let application = run.Application
            let children = application.Outline.Optimizers |> List.map fst
            let optimizers = children |> List.map application.FindOptimizer
            let names = optimizers |> List.mapi (fun i optimizer -> nameOf (List.truncate i optimizers) optimizer)
            let all = List.zip3 children names optimizers

            // With which rows that of an optimizer is logged, by its name in the application.
            let isWith ofSteps (child: string) =
                match rule.LoggingInterval, application.Paces |> List.tryFind (fst >> (=) child) with
                | Some interval, _ -> (interval = LoggingInterval.Step) = ofSteps
                | None, Some(_, pace) -> pace.OfSteps = ofSteps
                | None, None -> true

            let add ofSteps (values: ResizeArray<unit -> (string * float) list>) =
                match all |> List.filter (fun (child, _, _) -> isWith ofSteps child) with
                | [] -> ()
                | some ->
                    values.Add(fun () -> some |> List.collect (fun (_, name, optimizer) -> ratesOf (name, optimizer)))

            add true run.StepValues
            add false run.EpochValues

            // Loggers may stand after it in the list.
            let check () =
                if run.Loggers = 0 then
                    let expected = "a logger beside it, such as CsvLogger"
                    Fail.with' (Malformed("LearningRateMonitor", expected, "none among the callbacks"))

            { Callback.idle with BatchEnd = fun _ -> check () })
