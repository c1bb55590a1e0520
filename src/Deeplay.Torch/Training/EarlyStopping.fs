namespace Deeplay.Torch

open System
open Deeplay.Core

/// Which of two values of a metric is better.
[<RequireQualifiedAccess>]
type MonitorMode =
    | Min
    | Max

/// When a run ends early. Names, defaults and rules are Lightning's.
type EarlyStopping =
    {
        /// The metric that is followed.
        Monitor: string
        /// Only what is better by more than this counts as better; at least 0.
        MinDelta: float
        /// After how many epochs that were no better it ends.
        Patience: int
        Mode: MonitorMode
        /// Whether it ends where the metric is no finite number.
        CheckFinite: bool
        /// It ends where the metric is better than this.
        StoppingThreshold: float option
        /// It ends where the metric is worse than this.
        DivergenceThreshold: float option
        /// Whether a metric that is not measured is an error; else it is passed over.
        Strict: bool
    }

/// Ends a run when a metric no longer gets better.
[<RequireQualifiedAccess; CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module EarlyStopping =
    /// The loss of validation gets no smaller for three epochs.
    let defaults =
        {
            Monitor = "val_loss"
            MinDelta = 0.0
            Patience = 3
            Mode = MonitorMode.Min
            CheckFinite = true
            StoppingThreshold = None
            DivergenceThreshold = None
            Strict = true
        }

    let private isBetter mode (a: float) (b: float) =
        match mode with
        | MonitorMode.Min -> a < b
        | MonitorMode.Max -> a > b

    // What the values so far say, one after the other: the best one, how many were no better since, and why it ends.
    let internal judge (rule: EarlyStopping) (best: float, waited: int) (value: float) : (float * int) * string option =
        let better = isBetter rule.Mode
        let delta = if rule.Mode = MonitorMode.Min then -rule.MinDelta else rule.MinDelta
        let told = $"{rule.Monitor} = {string value}"

        if rule.CheckFinite && not (Double.IsFinite value) then
            (best, waited), Some $"{told} is no finite number."
        elif rule.StoppingThreshold |> Option.exists (better value) then
            (best, waited), Some $"{told} is better than {string rule.StoppingThreshold.Value}."
        elif rule.DivergenceThreshold |> Option.exists (fun limit -> better limit value) then
            (best, waited), Some $"{told} is worse than {string rule.DivergenceThreshold.Value}."
        elif better (value - delta) best then
            (value, 0), None
        elif waited + 1 >= rule.Patience then
            let reason = $"{rule.Monitor} was no better than {string best} for {string (waited + 1)} epochs."
            (best, waited + 1), Some reason
        else
            (best, waited + 1), None

    /// The callback of a rule.
    let callback (rule: EarlyStopping) : Callback =
        if not (rule.MinDelta >= 0.0) then
            Fail.with' (Malformed("EarlyStopping", "a min_delta of at least 0", string rule.MinDelta))

        if rule.Patience < 0 then
            Fail.with' (Malformed("EarlyStopping", "a patience of at least 0", string rule.Patience))

        Callback.create "EarlyStopping" (fun run ->
            let mutable state = (if rule.Mode = MonitorMode.Min then infinity else -infinity), 0

            Callback.whenMeasured rule.Monitor run (fun epoch ->
                let found =
                    if rule.Strict then
                        Callback.monitored "EarlyStopping" rule.Monitor run epoch
                    else
                        epoch.Metrics.TryFind rule.Monitor

                match found with
                | Some value ->
                    let next, reason = judge rule state value
                    state <- next
                    Option.iter run.Stop reason
                | None -> ()))
