namespace Deeplay.Torch

open System
open Deeplay.Core
open TorchSharp

/// A built model that is compared with targets: its loss, and the checks of what both get.
[<Sealed>]
type internal Supervised
    (
        outline: Supervision,
        network: Inputs -> Tensor,
        loss: torch.nn.Module<Tensor, Tensor, Tensor>,
        inputs: ModelInputs,
        targets: Targets
    ) =
    let place = Place.at outline.Loss.Tag outline.Loss

    member _.Outline = outline
    member _.Targets = targets

    /// What the model gives.
    member _.Outputs(given: Inputs) : Tensor =
        try
            network (inputs.Arrange given)
        with :? DeeplayException as error when given.Count > 1 ->
            match inputs.Blame given with
            | Some blamed -> Fail.withAll (blamed :: error.All)
            | None -> Failures.raiseAgain error

    /// Stops where the model can't take these inputs.
    member _.CheckInputs(given: Inputs) : unit = inputs.Check given

    /// Stops where the model or the loss can't take these examples.
    member _.Check(examples: Examples) : unit =
        inputs.Check examples.Inputs
        targets.Check examples.Targets

    /// The loss of outputs against targets: one number.
    member _.Loss(outputs: Tensor, given: Tensor) : Tensor =
        let prepared = targets.Prepare given

        let result =
            try
                try
                    loss.call (outputs, prepared)
                finally
                    if not (Object.ReferenceEquals(prepared, given)) then prepared.Dispose()
            with error ->
                Failures.raiseAgain (Failures.At(place, [ outputs; given ], error))

        if result.NumberOfElements <> 1L then
            let found = $"{Shape.known result.shape}: give it a reduction, such as 'mean'"
            Fail.with' (WrongShape(place.Tag, place.Kind, "to give one number for a batch", found))

        result

[<CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module internal Supervised =
    /// That of a built application, for inputs of these shapes.
    let ofBuilt (form: InputForm) shapes (built: torch.nn.Module) (modes: Modes) (outline: Supervision) : Supervised =
        match Network.tryOfBuilt built, Outline.child built "loss" with
        | Some network, (:? torch.nn.Module<Tensor, Tensor, Tensor> as loss) ->
            let dtypes =
                [ for p in built.parameters () -> p.dtype ] |> List.distinct |> List.filter torch.is_floating_point

            // A model may well take numbers of another dtype than its parameters', if it does not mix them.
            let takes (given: Inputs) =
                use _scope = torch.NewDisposeScope()
                let device = (Seq.head (built.parameters ())).device
                let first (tensor: Tensor) = if given.IsGraph then tensor else tensor.narrow (0L, 0L, 1L)
                let one = given |> Inputs.map (fun tensor -> (first tensor).``to``(device).clone())

                try
                    modes.Evaluate(fun () -> network one) |> ignore
                    true
                with error ->
                    not (error :? DeeplayException)

            let inputs = ModelInputs(outline.Model, form, shapes, dtypes, takes)
            Supervised(outline, network, loss, inputs, Targets(outline.Loss, outline.Outputs, dtypes, outline.Labels))
        | Some _, _ ->
            let problem = "it is no loss, which takes a prediction and a target and gives one number."
            Outline.wrongKind outline.Loss problem
        | None, _ -> Outline.wrongKind outline.Model "it does not give one tensor, as a model that is trained must."
