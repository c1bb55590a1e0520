namespace Deeplay.Torch

open System
open Deeplay.Core
open TorchSharp

/// A built application: modules with all it takes to train them, on a device. Dispose it to free its memory.
[<Sealed>]
type Application
    internal
    (
        spec: ModuleSpec,
        inputShape: int64 list,
        built: torch.nn.Module,
        modes: Modes,
        outline: Outline,
        supervised: Supervised option,
        optimizers: (string * Optimizer) list,
        metrics: Map<string, Measured list>,
        paces: (string * Pace) list,
        options: BuildOptions,
        logs: Logs
    ) =
    let device = Device.parse options.Device
    let parameters = List.ofSeq (built.parameters ())
    let dtypes = Map.ofList [ for KeyValue(name, tensor) in built.state_dict () -> name, tensor.dtype ]
    let parts = lazy (dict [ for struct (name, part) in built.named_modules () -> name, part ])
    let mutable isDisposed = false
    let checkAlive () = if isDisposed then raise (ObjectDisposedException "Application")

    let wrong problem = Fail.with' (WrongStructure(Tag.root, outline.Root.Definition.Id, problem))

    let unknown kind (known: string seq) name =
        let all = String.Join(", ", known)
        let found = $"'{name}'{Nearest.hint name known}"
        Fail.with' (Malformed(outline.Root.Definition.Id, $"one of its {kind}: {all}", found))

    let network () =
        match built with
        | :? torch.nn.Module<Tensor, Tensor> as network -> network
        | _ -> wrong "it has no forward pass from one tensor to one."

    let comparing () =
        match supervised with
        | Some supervised -> supervised
        | None -> wrong "it compares nothing with targets: it has no loss of its own."

    // Numbers as the model's are, where its type was asked for.
    let cast (data: torch.Tensor) =
        match options.DType with
        | Some dtype when torch.is_floating_point data -> data.``to`` dtype
        | _ -> data

    // Some rows where the model is. A model may overwrite its input: the rows are not the dataset's own.
    let rows (data: torch.Tensor) start length = (cast (data.narrow (0L, start, length))).``to``(device).clone()

    let check (examples: Examples) =
        checkAlive ()
        use _scope = torch.NewDisposeScope()
        let examples = { Inputs = cast examples.Inputs; Targets = cast examples.Targets }
        supervised |> Option.iter (fun supervised -> supervised.Check examples)

    /// The unbuilt spec, as it was before building.
    member _.Spec = spec

    /// The shape of one input, without the batch.
    member _.InputShape = inputShape

    /// Where the parameters live.
    member _.Device = device

    /// The type that was asked for its parameters; None where none was.
    member internal _.DType = options.DType

    /// The torch module of the whole application.
    member _.Module = built

    /// The same as what takes one tensor and gives one; an error where it is not.
    member _.Network: torch.nn.Module<torch.Tensor, torch.Tensor> = network ()

    /// A part of it, by its name: `generator`, or `generator.blocks`.
    member internal _.Part(name: string) : torch.nn.Module =
        match parts.Value.TryGetValue name with
        | true, part -> part
        | _ -> unknown "modules" parts.Value.Keys name

    /// What the model keeps of its last call, where it was told to.
    member _.Logs = logs

    /// What steps the parameters. Of several optimizers it is an error: `Optimizers` has them.
    member _.Optimizer: Optimizer =
        match optimizers with
        | [ _, optimizer ] -> optimizer
        | several ->
            let names = several |> List.map fst |> String.concat ", "
            Fail.with' (Malformed("application", "one optimizer", names))

    /// What steps the parameters, by the names of the optimizers in the application.
    member _.Optimizers: Map<string, Optimizer> = Map.ofList optimizers

    /// The optimizer of this name.
    member internal _.FindOptimizer(name: string) : Optimizer =
        match optimizers |> List.tryFind (fun (known, _) -> known = name) with
        | Some(_, optimizer) -> optimizer
        | None -> unknown "optimizers" (List.map fst optimizers) name

    /// How step sizes change, by the names of the optimizers whose step size does.
    member internal _.Paces: (string * Pace) list = paces

    /// Averages of what was learned, where a run makes some.
    member val internal Averages: MovingAverages option = None with get, set

    /// The course of the training so far.
    member val History = History.empty with get, set

    /// Why the last run ended before its time; None where it did not.
    member val Stopped: string option = None with get, set

    /// What the last run saved and kept, the best one first, where a `ModelCheckpoint` watched it.
    member val Saved: SavedModel list = [] with get, set

    /// The folders that the loggers of the last run wrote into, in the order of its callbacks.
    member val LogDirs: string list = [] with get, set

    /// Optimizer steps made so far.
    member val Steps = 0L with get, set

    /// Tells where the epoch stands that a run is in, or did not finish.
    member val internal Standing: unit -> EpochPosition option = (fun () -> None) with get, set

    /// Where that epoch stands now; None within a step, and where there is none.
    member internal this.Position: EpochPosition option = this.Standing()

    /// What it is made of.
    member internal _.Outline = outline

    /// What it compares with targets; None of an application of one's own.
    member internal _.Supervised = supervised

    /// In which mode the network is while something is done with it.
    member internal _.Modes = modes

    /// Stops where the optimizer has other parameters than the model.
    member internal _.CheckTrains() : unit =
        let isOwn =
            Seq.length (built.parameters ()) = parameters.Length
            && Seq.forall2 (fun a b -> Object.ReferenceEquals(a, b)) (built.parameters ()) parameters

        if not isOwn then
            supervised |> Option.map _.Outline.Model |> Option.defaultValue outline.Root |> Outline.wrongKind
            <| "its parameters are others since it was moved to another type or device: build it there, by the options of the build."

    /// In which type the spec builds each tensor. They may have been moved since.
    member internal _.Built: Map<string, torch.ScalarType> =
        checkAlive ()
        dtypes

    /// The loss of outputs against targets: one number. An application of one's own has none.
    member _.Loss(outputs: torch.Tensor, targets: torch.Tensor) : torch.Tensor = (comparing ()).Loss(outputs, targets)

    /// Stops with a typed error where the model or the loss can't take these examples: it names what they take, and the
    /// first row that is something else. Of examples that are made later the first is looked at, and the others as they come.
    member _.Check(data: Dataset) : unit = check data.Some

    /// A batch where the model is. What is not in memory was not looked at yet.
    member internal _.Take(data: Dataset, batch: Examples) : Examples =
        match data.Source with
        | Kept _ -> ()
        | Made _
        | Streamed _ -> check batch

        { Inputs = (cast batch.Inputs).``to`` device; Targets = (cast batch.Targets).``to`` device }

    /// Begins a stage over a dataset.
    member internal _.Begin(stage: string, data: Dataset) : Stage =
        match supervised, options.Lowerings.TryFindSteps outline.Root.Definition with
        | Some supervised, _ ->
            let allCount =
                match data.Source with
                | Kept examples -> supervised.Targets.AllCount examples.Targets
                | Made _
                | Streamed _ -> false

            let measures = new Measures(device, metrics[stage], supervised.Targets, allCount)
            new SupervisedStage(supervised, measures)
        | None, Some steps when stage = "train" || steps.Validate.IsSome -> new OwnStage(steps, device)
        | None, found ->
            let step = if found.IsSome then "a step of validation" else "training steps"
            wrong $"nothing says what to do with a batch: {step} can be added to the lowerings it is built with."

    /// The loss and the metrics of a stage over a dataset, by name.
    member internal this.Evaluate(stage: string, data: Dataset, batchSize: int64) : Map<string, float> =
        this.Check data
        use measuring = this.Begin(stage, data)

        let evaluate batch examples =
            let time = { Epoch = this.History.Epochs.Length; Batch = batch; Step = this.Steps }

            measuring.Evaluate(
                StepContext(Evaluating(outline.Root.Definition.Id, this.Part, examples, time, measuring))
            )

        Evaluation.each modes data batchSize evaluate
        Map.ofList measuring.Values

    /// The outputs for inputs (N, …), on the CPU, in the dtype the model gives. They are computed in batches, in
    /// evaluation mode and without gradients.
    member this.Predict(inputs: torch.Tensor, ?batchSize: int64) : torch.Tensor =
        checkAlive ()
        supervised |> Option.iter (fun supervised -> supervised.CheckInputs(cast inputs))
        let network = network ()

        Evaluation.outputs modes inputs.shape[0] (defaultArg batchSize 1024L) (fun start length ->
            network.call (rows inputs start length))

    /// The outputs for the inputs of a dataset, in its order.
    member this.Predict(data: Dataset, ?batchSize: int64) : torch.Tensor =
        this.Check data
        let network = network ()

        Evaluation.outputsOf modes data (defaultArg batchSize 1024L) (fun batch ->
            network.call (this.Take(data, batch)).Inputs)

    /// Loss and test metrics over a dataset, by name: `loss`, `accuracy`, …. A metric of several numbers is there with the
    /// place of each (`recall_0`, …); one that is a matrix is not: `Measure` gives it.
    member this.Test(data: Dataset, ?batchSize: int64) : Map<string, float> =
        this.Evaluate("test", data, defaultArg batchSize 1024L)

    /// What a metric, such as `Metrics.confusionMatrix`, is over a dataset: on the CPU, in float64. As with the application's
    /// own metrics, what the loss ignores does not count.
    member this.Measure(metric: ModuleSpec, data: Dataset, ?batchSize: int64) : torch.Tensor =
        this.Check data
        let supervised = comparing ()
        let measured = Outline.alone options.Lowerings metric spec
        use measures = new Measures(device, [ measured ], supervised.Targets, false)

        let measure _ examples =
            let batch = this.Take(data, examples)
            measures.Add(supervised.Outputs batch.Inputs, batch.Targets)

        Evaluation.each modes data (defaultArg batchSize 1024L) measure
        snd measures.Results.Head

    interface IDisposable with
        member this.Dispose() =
            isDisposed <- true

            // Not while somebody else is in the middle of something.
            modes.Step(fun () ->
                logs.Clear()

                for _, optimizer in optimizers do
                    (optimizer :> IDisposable).Dispose()

                this.Averages |> Option.iter (fun averages -> (averages :> IDisposable).Dispose())
                built.Dispose())

[<RequireQualifiedAccess; CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module Application =
    // The shape of the inputs, for a batch. What has no forward pass takes none.
    let private forInputs (inputShape: int64 list) (spec: ModuleSpec) (options: BuildOptions) =
        let isCalled = (Construct.root spec).Graph.IsSome
        { options with Inputs = if isCalled then [ 2L :: inputShape ] else [] }

    /// The tree that `build` builds, before anything is made.
    let internal foresee (options: BuildOptions) (inputShape: int64 list) (spec: ModuleSpec) : Node =
        fst (Build.outline (forInputs inputShape spec options) spec)

    /// Builds an application for inputs of this shape (without the batch). A loss that is none, or an optimizer that the
    /// parameters don't fit, is an error that names it, and leaves nothing behind.
    let build (options: BuildOptions) (inputShape: int64 list) (spec: ModuleSpec) : Application =
        let logs = options.Logs |> Option.defaultWith (fun () -> new Logs())
        let options = { forInputs inputShape spec options with Logs = Some logs }
        let root, outputs = Build.outline options spec
        let outline = Outline.ofTree root outputs
        let built = Build.ofTree options root

        Failures.orDispose built (fun () ->
            let modes = Modes built
            let supervised = outline.Supervision |> Option.map (Supervised.ofBuilt inputShape built modes)
            let parameters = [ for struct (name, parameter) in built.named_parameters () -> name, parameter ]

            let optimizers =
                [
                    for name, _ in outline.Optimizers ->
                        name, (Outline.child built name :?> OptimizerMaker).Create(root, parameters)
                ]

            let metrics =
                match outline.Supervision with
                | Some supervision -> supervision.Metrics |> Map.map (Outline.measured built)
                | None -> Map.empty

            let paces =
                [
                    for name, node in outline.Schedules ->
                        let optimizer = List.find (fst >> (=) name) optimizers |> snd
                        name, Pace.create root node (Outline.child built node.Tag.Name) optimizer
                ]

            new Application(
                spec,
                inputShape,
                built,
                modes,
                outline,
                supervised,
                optimizers,
                metrics,
                paces,
                options,
                logs
            ))
