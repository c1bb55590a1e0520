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
        optimizer: torch.optim.Optimizer,
        outline: Outline,
        options: BuildOptions,
        logs: Logs
    ) =
    let device = Device.parse options.Device

    let dtypes =
        [ for p in network.parameters () -> p.dtype ]
        |> List.distinct
        |> List.filter torch.is_floating_point

    let targets = Targets(outline.Loss, outline.Outputs, dtypes, outline.OneHot)

    // Without gradients, in evaluation mode; the mode is left as it was.
    let evaluating (work: unit -> 'a) : 'a =
        let training = network.training
        use _noGrad = torch.no_grad ()
        network.eval ()

        try
            work ()
        finally
            if training then network.train ()

    // A model may well take numbers of another dtype than its parameters', if it does not mix them.
    let takes (inputs: torch.Tensor) =
        use _scope = torch.NewDisposeScope()

        try
            evaluating (fun () -> network.call (inputs.narrow(0L, 0L, 1L).``to`` device)) |> ignore

            true
        with error ->
            not (error :? DeeplayException)

    let checkInputs (inputs: torch.Tensor) =
        let wrong expected found =
            Fail.with' (WrongValue(outline.Model.Tag, outline.Model.Definition.Id, "inputs", expected, found))

        if inputs.dim () <> int64 inputShape.Length + 1L then
            let rows = Unknown :: List.map Known inputShape

            wrong $"of shape {Ranked rows}, examples along the first dimension" (string (Shape.known inputs.shape))

        let isForeign = torch.is_floating_point inputs && not (dtypes.IsEmpty || List.contains inputs.dtype dtypes)

        if isForeign && inputs.shape[0] > 0L && not (takes inputs) then
            let own = dtypes |> List.map Shown.dtype |> String.concat " or "
            wrong $"in {own}, as its parameters are" (Shown.dtype inputs.dtype)

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

    member internal _.Means(metrics: Metric list) = new Means(device, metrics, targets)

    /// TorchSharp's optimizer.
    member _.Optimizer = optimizer

    /// The course of the training so far.
    member val History = History.empty with get, set

    /// Optimizer steps made so far.
    member val Steps = 0L with get, set

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

        evaluating (fun () ->
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

    /// Loss and metrics over a dataset, by name.
    member this.Measure(data: Dataset, metrics: Metric list, batchSize: int64) : Map<string, float> =
        this.Check data

        if batchSize < 1L then Fail.with' (Malformed("test", "a positive batch size", string batchSize))

        evaluating (fun () ->
            use means = this.Means metrics

            for start in 0L .. batchSize .. data.Count - 1L do
                use _scope = torch.NewDisposeScope()
                let length = min batchSize (data.Count - start)
                let inputs = data.Inputs.narrow(0L, start, length).``to`` device
                let targets = data.Targets.narrow(0L, start, length).``to`` device
                let outputs = network.call inputs
                means.Add(this.Loss(outputs, targets), outputs, targets)

            Map.ofList means.Values)

    /// Loss and accuracy over a dataset: `loss`, and `accuracy` where targets are classes.
    member this.Test(data: Dataset) : Map<string, float> = this.Measure(data, [ Metric.accuracy ], 1024L)

    interface IDisposable with
        member _.Dispose() =
            logs.Clear()
            optimizer.Dispose()
            network.Dispose()

[<RequireQualifiedAccess; CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module Application =
    /// Builds an application for inputs of this shape (without the batch). A loss that is none, or an optimizer that the
    /// parameters don't fit, is an error that names it, and leaves nothing behind.
    let build (options: BuildOptions) (inputShape: int64 list) (spec: ModuleSpec) : Application =
        let logs = options.Logs |> Option.defaultWith (fun () -> new Logs())
        let options = { options with Inputs = [ 2L :: inputShape ]; Logs = Some logs }
        let root, outputs = Build.outline options spec
        let outline = Outline.ofTree root outputs
        let built = Build.ofTree options root

        let child name =
            built.named_children () |> Seq.pick (fun struct (known, m) -> if known = name then Some m else None)

        Failures.orDispose built (fun () ->
            match built, child "loss" with
            | (:? torch.nn.Module<Tensor, Tensor> as network), (:? torch.nn.Module<Tensor, Tensor, Tensor> as loss) ->
                let optimizer =
                    Shown.orRefused outline.Optimizer "TorchSharp can't make it" (fun () ->
                        (child "optimizer" :?> OptimizerModule).Create(network.parameters ()))

                new Application(spec, inputShape, network, loss, optimizer, outline, options, logs)
            | :? torch.nn.Module<Tensor, Tensor>, _ ->
                let problem = "it is no loss, which takes a prediction and a target and gives one number."
                Outline.wrongKind outline.Loss problem
            | _ ->
                let problem = "it does not take one tensor and give one, as a model that is trained must."
                Fail.with' (WrongStructure(outline.Model.Tag, root.Definition.Id, problem)))
