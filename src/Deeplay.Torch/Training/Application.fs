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
        shapes: InputShape list,
        forward: (Inputs -> Tensor) option,
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
    let parts = Parts(outline.Root, built)
    let mutable isDisposed = false
    let mutable left: EpochPosition option = None
    let checkAlive () = if isDisposed then raise (ObjectDisposedException "Application")

    let wrong problem = Fail.with' (WrongStructure(Tag.root, outline.Root.Definition.Id, problem))

    let call () =
        match forward with
        | Some forward -> forward
        | None -> wrong "it has no forward pass that gives one tensor."

    let comparing () =
        match supervised with
        | Some supervised -> supervised
        | None -> wrong "it compares nothing with targets: it has no loss of its own."

    let feed = Feed(device, options.DType, supervised)

    /// The unbuilt spec, as it was before building.
    member _.Spec = spec

    /// The shape of its input, without the batch; of several inputs it is an error: `InputShapes` has them.
    member _.InputShape: int64 list =
        match shapes with
        | [ only ] -> only.Shape
        | several ->
            let names = several |> List.map InputShape.print |> String.concat ", "
            Fail.with' (Malformed("application", "one input", names))

    /// The name and the shape of each input, without the batch, in the order in which its forward pass takes them.
    member _.InputShapes: (string * int64 list) list = shapes |> List.map (fun input -> input.Name, input.Shape)

    member internal _.Shapes = shapes

    /// Where the parameters live.
    member _.Device = device

    /// The type that was asked for its parameters; None where none was.
    member internal _.DType = options.DType

    /// The torch module of the whole application.
    member _.Module = built

    /// The same as what takes one tensor and gives one; an error where it is not.
    member _.Network: torch.nn.Module<torch.Tensor, torch.Tensor> =
        match built with
        | :? torch.nn.Module<Tensor, Tensor> as network -> network
        | _ -> wrong "it has no forward pass from one tensor to one."

    /// What it gives for inputs of a batch where it is.
    member internal _.Call(inputs: Inputs) : Tensor = call () inputs

    /// Its modules, by their names.
    member internal _.Parts = parts

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
        | None -> parts.Unknown("optimizers", List.map fst optimizers, name)

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

    /// What is drawn by where a run has no seed.
    member val internal DrawnSeed: Lazy<int64> =
        lazy (torch.randint(Int64.MaxValue, [| 1L |], dtype = torch.int64).data<int64>()[0L])

    /// What callbacks remember beyond a run, by the keys they chose.
    member val internal Remembered: Map<string, string> = Map.empty with get, set

    /// Tells where the epoch stands that a run is in, or did not finish.
    member val internal Standing: unit -> EpochPosition option = (fun () -> None) with get, set

    /// The epoch that a run did not finish is left here, until one goes on with it or begins another.
    member internal this.Leave(position: EpochPosition option) : unit =
        match left, position with
        | Some before, Some now when Object.ReferenceEquals(before, now) -> ()
        | _ ->
            left |> Option.iter _.Dispose()
            left <- position |> Option.map _.Keep()
            let position = left
            this.Standing <- fun () -> position

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
    member _.Check(data: Dataset) : unit =
        checkAlive ()
        feed.Check data.Some

    /// A batch where the model is.
    member internal _.Take(data: Dataset, batch: Examples) : Examples =
        checkAlive ()
        feed.Take(data, batch)

    /// Some rows of a tensor where the model is.
    member internal _.Rows(data: Tensor, start: int64, length: int64) : Tensor =
        checkAlive ()
        feed.Rows(Inputs.one data, start, length).Only

    /// Begins a stage over a dataset.
    member internal _.Begin(stage: string, data: Dataset) : Stage =
        let steps = options.Lowerings.TryFindSteps outline.Root.Definition
        let metrics = metrics |> Map.tryFind stage |> Option.defaultValue []
        Stage.start stage outline.Root supervised metrics steps device data

    /// The loss and the metrics of a stage over a dataset, by name.
    member internal this.Evaluate(stage: string, data: Dataset, batchSize: int64) : Map<string, float> =
        this.Check data
        use measuring = this.Begin(stage, data)

        let evaluate number examples =
            let time = { Epoch = this.History.Epochs.Length; Batch = number; Step = this.Steps }
            let batch = this.Take(data, examples)
            measuring.Evaluate(StepContext(Evaluating(outline.Root.Definition.Id, parts, batch, time, measuring)))

        Evaluation.each modes data batchSize evaluate
        Map.ofList measuring.Values

    /// The outputs for inputs (N, …), on the CPU, in the dtype the model gives. They are computed in batches, in
    /// evaluation mode and without gradients.
    member this.Predict(inputs: torch.Tensor, ?batchSize: int64) : torch.Tensor =
        this.Predict(Inputs.one inputs, ?batchSize = batchSize)

    /// The same for a model of several inputs: `Inputs.several [ … ]` or `Inputs.named [ "tokens", …; "mask", … ]`.
    member _.Predict(inputs: Inputs, ?batchSize: int64) : torch.Tensor =
        checkAlive ()
        feed.CheckInputs inputs
        let call = call ()

        let count = if inputs.IsGraph then 1L else inputs[0].shape[0]

        Evaluation.outputs modes count (defaultArg batchSize 1024L) (fun start length ->
            call (feed.Rows(inputs, start, length)))

    /// The outputs for the inputs of a dataset, in its order.
    member this.Predict(data: Dataset, ?batchSize: int64) : torch.Tensor =
        this.Check data
        let call = call ()

        Evaluation.outputsOf modes data (defaultArg batchSize 1024L) (fun batch -> call (this.Take(data, batch)).Inputs)

    /// What a part gives while the whole runs on inputs, on the CPU: the part `model.encoder` is the child `encoder` of the model. It
    /// gives one tensor, with a row for each input; where it is called several times, this is what it gave last.
    member _.PredictPart(part: string, inputs: Inputs, ?batchSize: int64) : torch.Tensor =
        checkAlive ()
        feed.CheckInputs inputs
        let call = call ()

        Evaluation.outputs modes inputs[0].shape[0] (defaultArg batchSize 1024L) (fun start length ->
            Watch.output parts part (fun () -> call (feed.Rows(inputs, start, length))))

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
                left |> Option.iter _.Dispose()

                for _, optimizer in optimizers do
                    (optimizer :> IDisposable).Dispose()

                this.Averages |> Option.iter (fun averages -> (averages :> IDisposable).Dispose())
                built.Dispose())
