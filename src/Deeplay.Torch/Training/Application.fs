namespace Deeplay.Torch

open System
open System.Collections.Generic
open Deeplay.Core
open Deeplay.FSharp
open TorchSharp

/// A built application: a model with its loss and optimizer, on a device. Dispose it to free its memory.
[<Sealed>]
type Application
    internal
    (
        spec: ModuleSpec,
        inputShape: int64 list,
        device: torch.Device,
        root: Node,
        built: torch.nn.Module,
        logs: Logs
    ) =
    let network = built :?> torch.nn.Module<torch.Tensor, torch.Tensor>

    let child name =
        built.named_children ()
        |> Seq.pick (fun struct (known, m) -> if known = name then Some m else None)

    let loss =
        child "loss" :?> torch.nn.Module<torch.Tensor, torch.Tensor, torch.Tensor>

    let optimizer = (child "optimizer" :?> OptimizerModule).Create(built.parameters ())
    let oneHot = root.Arguments.TryGet Classifier.makeTargetsOneHot = Some true
    let classes = root.Arguments.TryGet Classifier.numClasses

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

    /// The engine's optimizer.
    member _.Optimizer = optimizer

    /// The course of the training so far.
    member val History = History.empty with get, set

    /// Optimizer steps made so far.
    member val Steps = 0L with get, set

    /// The loss of outputs against targets.
    member _.Loss(outputs: torch.Tensor, targets: torch.Tensor) : torch.Tensor =
        match oneHot, classes with
        | true, Some classes ->
            use hot = torch.nn.functional.one_hot (targets, int64 classes)
            use target = hot.``to`` outputs.dtype
            loss.call (outputs, target)
        | true, None ->
            Fail.with' (
                Missing(
                    Tag.root,
                    spec.Definition.Id,
                    "num_classes",
                    "One-hot targets need the number of classes."
                )
            )
        | false, _ -> loss.call (outputs, targets)

    /// The outputs for inputs (N, …), on the CPU, in the dtype the model gives. They are computed in batches, in
    /// evaluation mode and without gradients.
    member this.Predict(inputs: torch.Tensor, ?batchSize: int64) : torch.Tensor =
        let batchSize = defaultArg batchSize 1024L

        if batchSize < 1L then
            Fail.with' (Malformed("predict", "a positive batch size", string batchSize))

        if inputs.dim () = 0L then
            Fail.with' (
                Malformed("predict", "inputs along the first dimension, (N, …)", "a tensor of shape ()")
            )

        this.Evaluating(fun () ->
            use scope = torch.NewDisposeScope()

            let outputs =
                [|
                    for start in 0L .. batchSize .. inputs.shape[0] - 1L do
                        let length = min batchSize (inputs.shape[0] - start)
                        use part = torch.NewDisposeScope()
                        let batch = inputs.narrow(0L, start, length).``to`` device
                        part.MoveToOuter(network.call(batch).cpu())
                |]

            match outputs with
            | [||] -> Fail.with' (Malformed("predict", "at least one input", "none"))
            | _ -> scope.MoveToOuter(torch.cat (outputs, 0L)))

    /// Runs `work` in evaluation mode without gradients, and leaves the mode as it was.
    member internal _.Evaluating<'a>(work: unit -> 'a) : 'a =
        let training = network.training
        use _noGrad = torch.no_grad ()
        network.eval ()

        try
            work ()
        finally
            if training then
                network.train ()

    /// Loss and metrics over a dataset, by name.
    member this.Measure(data: Dataset, metrics: Metric list, batchSize: int64) : Map<string, float> =
        this.Evaluating(fun () ->
            let means =
                ("loss", new RunningMean(device))
                :: [ for m in metrics -> m.Name, new RunningMean(device) ]

            try
                for start in 0L .. batchSize .. data.Count - 1L do
                    use _scope = torch.NewDisposeScope()
                    let length = min batchSize (data.Count - start)
                    let inputs = data.Inputs.narrow(0L, start, length).``to`` device
                    let targets = data.Targets.narrow(0L, start, length).``to`` device
                    let outputs = network.call inputs
                    let loss = this.Loss(outputs, targets)
                    use count = Scalar.op_Implicit length
                    (snd means.Head).Add(loss.mul count, length)

                    for metric, (_, mean) in List.zip metrics means.Tail do
                        mean.Add(metric.Sum outputs targets, length)

                means |> List.map (fun (name, mean) -> name, mean.Value) |> Map.ofList
            finally
                for _, mean in means do
                    (mean :> IDisposable).Dispose())

    /// Loss and accuracy over a dataset: `loss` and `accuracy`.
    member this.Test(data: Dataset) : Map<string, float> =
        this.Measure(data, [ Metric.accuracy ], 1024L)

    interface IDisposable with
        member _.Dispose() =
            logs.Clear()
            optimizer.Dispose()
            network.Dispose()

[<RequireQualifiedAccess; CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module Application =
    /// Builds an application for inputs of this shape (without the batch) on a device.
    let build
        (lowerings: Lowerings)
        (device: torch.Device)
        (inputShape: int64 list)
        (spec: ModuleSpec)
        : Application =
        let options =
            {
                Device = device
                Inputs = [ 2L :: inputShape ]
                AllowUnused = false
                Lowerings = lowerings
            }

        let root = Build.plan options.Inputs false spec
        let logs = new Logs()

        match root.Definition.Is Classifier.definition with
        | true -> ()
        | false -> Fail.with' (Malformed("application", "a spec of Classifier", root.Definition.Id))

        match Build.runLogged logs options spec with
        | :? torch.nn.Module<torch.Tensor, torch.Tensor> as built ->
            new Application(spec, inputShape, device, root, built, logs)
        | built ->
            built.Dispose()

            let problem =
                "it does not take one tensor and give one, as a model that is trained must."

            Fail.with' (WrongStructure(Tag.ofNames [ "model" ], root.Definition.Id, problem))
