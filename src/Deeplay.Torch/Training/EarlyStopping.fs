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
        /// After how many epochs, or validations where these are run by batches, that were no better it ends.
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

/// How the values of a metric stand: the best one, and how many were no better since.
type internal MetricCourse = { Best: float; Waited: int }

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

    // What the values so far say, one after the other, and why it ends.
    let internal judge
        (rule: EarlyStopping)
        (unit: string)
        (course: MetricCourse)
        (value: float)
        : MetricCourse * string option =
        let better = isBetter rule.Mode
        let delta = if rule.Mode = MonitorMode.Min then -rule.MinDelta else rule.MinDelta
        let told = $"{rule.Monitor} = {string value}"

        if rule.CheckFinite && not (Double.IsFinite value) then
            course, Some $"{told} is no finite number."
        elif rule.StoppingThreshold |> Option.exists (better value) then
            course, Some $"{told} is better than {string rule.StoppingThreshold.Value}."
        elif rule.DivergenceThreshold |> Option.exists (fun limit -> better limit value) then
            course, Some $"{told} is worse than {string rule.DivergenceThreshold.Value}."
        elif better (value - delta) course.Best then
            { Best = value; Waited = 0 }, None
        else
            let waited = course.Waited + 1

            let reason = $"{rule.Monitor} was no better than {string course.Best} for {string waited} {unit}."

            { course with Waited = waited }, (if waited >= rule.Patience then Some reason else None)

    // Rules of other names have a memory of their own. As Lightning's `state_key`, with all that counts.
    let private keyed (rule: EarlyStopping) =
        {|
            monitor = rule.Monitor
            mode = string rule.Mode
            min_delta = rule.MinDelta
            patience = rule.Patience
        |}

    let private remembered (course: MetricCourse) =
        JsonText.write (Map.ofList [ "best", course.Best; "waited", float course.Waited ])

    let private recalled key text : MetricCourse =
        let isCount waited = waited >= 0.0 && waited <= float Int32.MaxValue && Double.IsInteger waited

        let isWhole (kept: Map<string, float>) =
            kept.ContainsKey "best" && kept.TryFind "waited" |> Option.exists isCount

        let kept = JsonText.read key "the best value and how many were no better since" isWhole text
        { Best = kept["best"]; Waited = int kept["waited"] }

    /// The callback of a rule. What it saw counts on in later runs of the application, and in those of its files.
    let callback (rule: EarlyStopping) : Callback =
        if not (rule.MinDelta >= 0.0) then
            Fail.with' (Malformed("EarlyStopping", "a min_delta of at least 0", string rule.MinDelta))

        if rule.Patience < 0 then
            Fail.with' (Malformed("EarlyStopping", "a patience of at least 0", string rule.Patience))

        Callback.create "EarlyStopping" (fun run ->
            let key = $"EarlyStopping {JsonText.write (keyed rule)}"

            let mutable course =
                match run.Recall key with
                | Some text -> recalled key text
                | None -> { Best = (if rule.Mode = MonitorMode.Min then infinity else -infinity); Waited = 0 }

            let unit = if Callback.countsValidations rule.Monitor run then "validations" else "epochs"

            Callback.whenMeasured rule.Monitor run (fun epoch ->
                let found =
                    if rule.Strict then
                        Callback.monitored "EarlyStopping" rule.Monitor run epoch
                    else
                        epoch.Metrics.TryFind rule.Monitor

                match found with
                | Some value ->
                    let next, reason = judge rule unit course value
                    course <- next
                    run.Remember(key, remembered course)
                    Option.iter run.Stop reason
                | None -> ()))
