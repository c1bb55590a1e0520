namespace Deeplay.Torch

open System
open Deeplay.Core
open TorchSharp

/// A built application: a model with its loss and optimizer, on a device. Dispose it to free its memory.
[<Sealed>]
type Application
    internal
    (
        spec: ModuleSpec,
        inputShape: int64 list,
        network: torch.nn.Module<torch.Tensor, torch.Tensor>,
        loss: torch.nn.Module<torch.Tensor, torch.Tensor, torch.Tensor>,
        optimizer: Optimizer,
        metrics: Map<string, Measured list>,
        pace: Pace option,
        outline: Outline,
        options: BuildOptions,
        logs: Logs
    ) =
    let device = Device.parse options.Device

    let dtypes =
        [ for p in network.parameters () -> p.dtype ]
        |> List.distinct
        |> List.filter torch.is_floating_point

    let targets = Targets(outline.Loss, outline.Outputs, dtypes, outline.Labels)

    // What the optimizer steps, and how the spec builds it.
    let parameters = List.ofSeq (network.parameters ())
    let built = Map.ofList [ for KeyValue(name, tensor) in network.state_dict () -> name, tensor.dtype ]
    let mutable isDisposed = false
    let checkAlive () = if isDisposed then raise (ObjectDisposedException "Application")

    let modes = Modes network

    // Some rows where the model is. A model may overwrite its input: the rows are not the dataset's own.
    let rows (data: torch.Tensor) start length = data.narrow(0L, start, length).``to``(device).clone()

    let inputs =
        // A model may well take numbers of another dtype than its parameters', if it does not mix them.
        let takes (given: torch.Tensor) =
            use _scope = torch.NewDisposeScope()

            try
                modes.Evaluate(fun () -> network.call (rows given 0L 1L)) |> ignore
                true
            with error ->
                not (error :? DeeplayException)

        Inputs(outline.Model, inputShape, dtypes, takes)

    let checkInputs (given: torch.Tensor) =
        checkAlive ()
        inputs.Check given

    /// The unbuilt spec, as it was before building.
    member _.Spec = spec

    /// The shape of one input, without the batch.
    member _.InputShape = inputShape

    /// Where the parameters live.
    member _.Device = device

    /// The torch module of the whole application; its `model` child is what is trained.
    member _.Module = network

    /// What the model keeps of its last call, where it was told to.
    member _.Logs = logs

    /// How the step size changes; None where it stays.
    member internal _.Pace = pace

    /// Begins to measure the loss and the metrics of a stage over a dataset.
    member internal _.Measures(stage: string, data: Dataset) =
        new Measures(device, metrics[stage], targets, targets.AllCount data.Targets)

    /// What steps the parameters.
    member _.Optimizer = optimizer

    /// The course of the training so far.
    member val History = History.empty with get, set

    /// Why the last run ended before its time; None where it did not.
    member val Stopped: string option = None with get, set

    /// What the last run saved and kept, the best one first, where a `ModelCheckpoint` watched it.
    member val Saved: SavedModel list = [] with get, set

    /// Tells where the epoch stands that a run is in, or did not finish.
    member val internal Standing: unit -> EpochPosition option = (fun () -> None) with get, set

    /// Where that epoch stands now; None within a step, and where there is none.
    member internal this.Position: EpochPosition option = this.Standing()

    member internal _.Outline = outline

    member internal _.Targets = targets

    /// Optimizer steps made so far.
    member val Steps = 0L with get, set

    /// In which mode the network is while something is done with it.
    member internal _.Modes = modes

    /// Stops where the optimizer has other parameters than the model.
    member internal _.CheckTrains() : unit =
        let isOwn =
            Seq.length (network.parameters ()) = parameters.Length
            && Seq.forall2 (fun a b -> Object.ReferenceEquals(a, b)) (network.parameters ()) parameters

        if not isOwn then
            "its parameters are others since it was moved to another type or device: build it there, by the options of the build."
            |> Outline.wrongKind outline.Model

    /// In which type the spec builds each tensor. They may have been moved since.
    member internal _.Built: Map<string, torch.ScalarType> =
        checkAlive ()
        built

    /// The loss of outputs against targets: one number.
    member _.Loss(outputs: torch.Tensor, targets': torch.Tensor) : torch.Tensor =
        let place = Place.at outline.Loss.Tag outline.Loss
        let prepared = targets.Prepare targets'

        let result =
            try
                try
                    loss.call (outputs, prepared)
                finally
                    if not (Object.ReferenceEquals(prepared, targets')) then prepared.Dispose()
            with error ->
                Failures.raiseAgain (Failures.At(place, [ outputs; targets' ], error))

        if result.NumberOfElements <> 1L then
            let found = $"{Shape.known result.shape}: give it a reduction, such as 'mean'"
            Fail.with' (WrongShape(place.Tag, place.Kind, "to give one number for a batch", found))

        result

    /// Stops with a typed error where the model or the loss can't take these examples: it names what they take, and the
    /// first row that is something else.
    member _.Check(data: Dataset) : unit =
        checkInputs data.Inputs
        targets.Check data.Targets

    /// The outputs for inputs (N, …), on the CPU, in the dtype the model gives. They are computed in batches, in
    /// evaluation mode and without gradients.
    member this.Predict(inputs: torch.Tensor, ?batchSize: int64) : torch.Tensor =
        let batchSize = defaultArg batchSize 1024L

        if batchSize < 1L then Fail.with' (Malformed("predict", "a positive batch size", string batchSize))

        checkInputs inputs

        modes.Evaluate(fun () ->
            use scope = torch.NewDisposeScope()

            let outputs =
                [|
                    for start in 0L .. batchSize .. inputs.shape[0] - 1L do
                        let length = min batchSize (inputs.shape[0] - start)
                        use part = torch.NewDisposeScope()
                        part.MoveToOuter(network.call(rows inputs start length).cpu())
                |]

            match outputs with
            | [||] -> Fail.with' (Malformed("predict", "at least one input", "none"))
            | _ -> scope.MoveToOuter(torch.cat (outputs, 0L)))

    // Outputs and targets of each batch, in evaluation mode and without gradients.
    member private _.Each(data: Dataset, batchSize: int64, work: torch.Tensor -> torch.Tensor -> unit) : unit =
        if batchSize < 1L then Fail.with' (Malformed("test", "a positive batch size", string batchSize))

        modes.Evaluate(fun () ->
            for start in 0L .. batchSize .. data.Count - 1L do
                use _scope = torch.NewDisposeScope()
                let length = min batchSize (data.Count - start)
                work (network.call (rows data.Inputs start length)) (rows data.Targets start length))

    /// The loss and the metrics of a stage over a dataset, by name.
    member internal this.Evaluate(stage: string, data: Dataset, batchSize: int64) : Map<string, float> =
        this.Check data
        use measures = this.Measures(stage, data)

        this.Each(data, batchSize, (fun outputs targets -> measures.Add(this.Loss(outputs, targets), outputs, targets)))

        Map.ofList measures.Values

    /// Loss and test metrics over a dataset, by name: `loss`, `accuracy`, …. A metric of several numbers is there with the
    /// place of each (`recall_0`, …); one that is a matrix is not: `Measure` gives it.
    member this.Test(data: Dataset, ?batchSize: int64) : Map<string, float> =
        this.Evaluate("test", data, defaultArg batchSize 1024L)

    /// What a metric, such as `Metrics.confusionMatrix`, is over a dataset: on the CPU, in float64. As with the application's
    /// own metrics, what the loss ignores does not count.
    member this.Measure(metric: ModuleSpec, data: Dataset, ?batchSize: int64) : torch.Tensor =
        this.Check data
        let measured = Outline.alone options.Lowerings metric spec
        use measures = new Measures(device, [ measured ], targets, false)
        this.Each(data, defaultArg batchSize 1024L, (fun outputs targets -> measures.Add(outputs, targets)))
        snd measures.Results.Head

    interface IDisposable with
        member _.Dispose() =
            isDisposed <- true

            // Not while somebody else is in the middle of something.
            modes.Step(fun () ->
                logs.Clear()
                (optimizer :> IDisposable).Dispose()
                network.Dispose())

[<RequireQualifiedAccess; CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module Application =
    // The shape of the inputs, for a batch.
    let private forInputs (inputShape: int64 list) (options: BuildOptions) =
        { options with Inputs = [ 2L :: inputShape ] }

    /// The tree that `build` builds, before anything is made.
    let internal foresee (options: BuildOptions) (inputShape: int64 list) (spec: ModuleSpec) : Node =
        fst (Build.outline (forInputs inputShape options) spec)

    /// Builds an application for inputs of this shape (without the batch). A loss that is none, or an optimizer that the
    /// parameters don't fit, is an error that names it, and leaves nothing behind.
    let build (options: BuildOptions) (inputShape: int64 list) (spec: ModuleSpec) : Application =
        let logs = options.Logs |> Option.defaultWith (fun () -> new Logs())
        let options = { forInputs inputShape options with Logs = Some logs }
        let root, outputs = Build.outline options spec
        let outline = Outline.ofTree root outputs
        let built = Build.ofTree options root

        let child = Outline.child built

        Failures.orDispose built (fun () ->
            match built, child "loss" with
            | (:? torch.nn.Module<Tensor, Tensor> as network), (:? torch.nn.Module<Tensor, Tensor, Tensor> as loss) ->
                let optimizer =
                    (child "optimizer" :?> OptimizerModule)
                        .Create([ for struct (name, parameter) in network.named_parameters () -> name, parameter ])

                let metrics = outline.Metrics |> Map.map (Outline.measured built)

                let pace =
                    outline.Schedule |> Option.map (fun node -> Pace.create root node (child "lr_scheduler") optimizer)

                new Application(spec, inputShape, network, loss, optimizer, metrics, pace, outline, options, logs)
            | :? torch.nn.Module<Tensor, Tensor>, _ ->
                let problem = "it is no loss, which takes a prediction and a target and gives one number."
                Outline.wrongKind outline.Loss problem
            | _ ->
                let problem = "it does not take one tensor and give one, as a model that is trained must."
                Fail.with' (WrongStructure(outline.Model.Tag, root.Definition.Id, problem)))
