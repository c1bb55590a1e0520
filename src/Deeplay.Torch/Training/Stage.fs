namespace Deeplay.Torch

open System
open Deeplay.Core
open TorchSharp

/// Training, validation or a test, over the batches of an epoch: what is done with each, and what is measured.
[<AbstractClass>]
type internal Stage() =
    /// Learns from a batch.
    abstract Train: StepContext -> unit

    /// Measures a batch.
    abstract Evaluate: StepContext -> unit

    /// Takes a number of a batch of so many examples that is logged.
    abstract Log: name: string * value: Tensor * examples: int64 -> unit

    /// Counts the loss and the outputs of a batch.
    abstract Measure: loss: Tensor * outputs: Tensor * targets: Tensor -> unit

    /// What was measured so far, by name.
    abstract Values: (string * float) list

    /// The same as it is kept, as copies in the caller's scope.
    abstract State: (string * Tensor) list

    /// Goes on from what another stage kept.
    abstract Restore: state: (string * Tensor) list -> unit

    abstract Dispose: unit -> unit

    interface IDisposable with
        member this.Dispose() = this.Dispose()

/// When a batch is worked on: in which epoch, which of it, after how many steps.
[<Struct>]
type internal BatchTime = { Epoch: int; Batch: int64; Step: int64 }

/// A batch of validation or of a test.
[<Sealed>]
type internal Evaluating(kind: string, parts: Parts, examples: Examples, time: BatchTime, stage: Stage) =
    inherit StepWork()
    override _.Arguments = parts.Arguments
    override _.Inputs = examples.Inputs
    override _.Targets = examples.Targets
    override _.Epoch = time.Epoch
    override _.Batch = time.Batch
    override _.Step = time.Step
    override _.Module name = parts.Find name
    override _.Call(name, inputs) = parts.Call(name, inputs)
    override _.Log(name, value) = stage.Log(name, value, examples.Count)
    override _.Measure(loss, outputs) = stage.Measure(loss, outputs, examples.Targets)

    override _.Minimize(name, _, _) =
        Fail.with' (Malformed(kind, "no step of an optimizer in validation", $"one of '{name}'"))

/// What an application of one's own does, and logs.
[<Sealed>]
type internal OwnStage(steps: TrainingSteps, device: torch.Device) =
    inherit Stage()
    let means = ResizeArray<struct (string * Mean)>()

    let meanOf name =
        match means |> Seq.tryFind (fun (struct (known, _)) -> known = name) with
        | Some(struct (_, mean)) -> mean
        | None ->
            let mean = new Mean(device)
            means.Add(struct (name, mean))
            mean

    override _.Train step = steps.Train step

    override _.Evaluate step = steps.Validate |> Option.iter (fun validate -> validate step)

    override _.Log(name, value, examples) =
        if value.NumberOfElements <> 1L then
            Fail.with' (Malformed($"log, {name}", "one number", string (Shape.known value.shape)))

        use _noGrad = torch.no_grad ()
        use _scope = torch.NewDisposeScope()
        use times = Numbers.whole examples
        let wide = value.``to``(torch.float64).``to`` device
        (meanOf name).Add(wide.mul times, torch.tensor (examples, dtype = torch.float64, device = device))

    override _.Measure(_, _, _) =
        Fail.with' (Malformed("measure", "an application with a loss of its own", "one without: log what it learns"))

    override _.Values = [ for struct (name, mean) in means -> name, mean.Value ]

    override _.State =
        [
            for struct (name, mean) in means do
                yield! MeasuredNames.under $"logged/{name}" mean.State
        ]

    override _.Restore state =
        let names = [ for name, _ in MeasuredNames.below "logged" state -> name.Substring(0, name.LastIndexOf '/') ]

        for name in List.distinct names do
            (meanOf name).Restore(MeasuredNames.below $"logged/{name}" state)

    override _.Dispose() =
        for struct (_, mean) in means do
            (mean :> IDisposable).Dispose()

/// The loss and the metrics of a model that is compared with targets. Its optimizer is the child of this name. What somebody else wrote
/// of its steps takes their place.
[<Sealed>]
type internal SupervisedStage
    (supervised: Supervised, measures: Measures, steps: TrainingSteps option, device: torch.Device) =
    inherit Stage()
    let own = steps |> Option.map (fun steps -> new OwnStage(steps, device))
    let mutable isMeasured = steps.IsNone

    override this.Train step =
        match own with
        | Some own -> own.Train step
        | None ->
            let first = ref ValueNone

            // What is measured is what there was before the step.
            let evaluate () =
                let outputs = supervised.Outputs step.AllInputs
                let loss = supervised.Loss(outputs, step.Targets)
                if ValueOption.isNone first.Value then first.Value <- ValueSome(struct (outputs, loss))
                loss

            step.Minimize("optimizer", evaluate)
            let struct (outputs, loss) = ValueOption.get first.Value
            this.Measure(loss, outputs, step.Targets)

    override this.Evaluate step =
        match own, steps with
        | Some own, Some { Validate = Some _ } -> own.Evaluate step
        | _ ->
            let outputs = supervised.Outputs step.AllInputs
            this.Measure(supervised.Loss(outputs, step.Targets), outputs, step.Targets)

    override _.Log(name, value, examples) =
        match own with
        | Some own -> own.Log(name, value, examples)
        | None ->
            let expected = "what a loss and metrics say of it, in an application with targets"
            Fail.with' (Malformed("log", expected, $"'{name}'"))

    override _.Measure(loss, outputs, targets) =
        isMeasured <- true
        measures.Add(loss, outputs, targets)

    // What was logged under the name of a metric is meant instead of it.
    override _.Values =
        let logged = own |> Option.map _.Values |> Option.defaultValue []
        let isLogged (name, _) = List.exists (fun (known, _) -> known = name) logged

        [
            if isMeasured then yield! measures.Values |> List.filter (isLogged >> not)
            yield! logged
        ]

    override _.State =
        [
            if isMeasured then yield! measures.State
            for own in Option.toList own do
                yield! own.State
        ]

    override _.Restore state =
        measures.Restore state

        isMeasured <-
            isMeasured
            || state |> List.exists (fun (name, _) -> name.StartsWith("loss/", StringComparison.Ordinal))

        own |> Option.iter (fun own -> own.Restore state)

    override _.Dispose() =
        (measures :> IDisposable).Dispose()
        own |> Option.iter _.Dispose()

[<CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module internal Stage =
    /// A stage over a dataset: what is compared with targets is measured by these metrics, what is not learns by `steps`.
    let start
        (name: string)
        (root: Node)
        supervised
        metrics
        (steps: TrainingSteps option)
        device
        (data: Dataset)
        : Stage =
        match supervised, steps with
        | Some(supervised: Supervised), _ ->
            let allCount =
                match data.Source with
                | Kept examples -> supervised.Targets.AllCount examples.Targets
                | Made _
                | Streamed _ -> false

            new SupervisedStage(supervised, new Measures(device, metrics, supervised.Targets, allCount), steps, device)
        | None, Some steps when name = "train" || steps.Validate.IsSome -> new OwnStage(steps, device)
        | None, found ->
            let step = if found.IsSome then "a step of validation" else "training steps"

            Outline.wrongKind
                root
                $"nothing says what to do with a batch: {step} can be added to the lowerings it is built with."
