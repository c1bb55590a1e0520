namespace Deeplay.Torch

open System
open Deeplay.Core
open TorchSharp

/// A built model that is compared with targets: its loss, and the checks of what both get.
[<Sealed>]
type internal Supervised
    (
        outline: Supervision,
        network: torch.nn.Module<Tensor, Tensor>,
        loss: torch.nn.Module<Tensor, Tensor, Tensor>,
        inputs: Inputs,
        targets: Targets
    ) =
    let place = Place.at outline.Loss.Tag outline.Loss

    member _.Outline = outline
    member _.Targets = targets

    /// What the model gives.
    member _.Outputs(given: Tensor) : Tensor = network.call given

    /// Stops where the model can't take these inputs.
    member _.CheckInputs(given: Tensor) : unit = inputs.Check given

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
    /// That of a built application, for inputs of this shape.
    let ofBuilt inputShape (built: torch.nn.Module) (modes: Modes) (outline: Supervision) : Supervised =
        match built, Outline.child built "loss" with
        | (:? torch.nn.Module<Tensor, Tensor> as network), (:? torch.nn.Module<Tensor, Tensor, Tensor> as loss) ->
            let dtypes =
                [ for p in network.parameters () -> p.dtype ]
                |> List.distinct
                |> List.filter torch.is_floating_point

            // A model may well take numbers of another dtype than its parameters', if it does not mix them.
            let takes (given: torch.Tensor) =
                use _scope = torch.NewDisposeScope()
                let one = given.narrow(0L, 0L, 1L).``to``((Seq.head (network.parameters ())).device).clone()

                try
                    modes.Evaluate(fun () -> network.call one) |> ignore
                    true
                with error ->
                    not (error :? DeeplayException)

            let inputs = Inputs(outline.Model, inputShape, dtypes, takes)
            Supervised(outline, network, loss, inputs, Targets(outline.Loss, outline.Outputs, dtypes, outline.Labels))
        | :? torch.nn.Module<Tensor, Tensor>, _ ->
            let problem = "it is no loss, which takes a prediction and a target and gives one number."
            Outline.wrongKind outline.Loss problem
        | _ ->
            let problem = "it does not take one tensor and give one, as a model that is trained must."
            Fail.with' (WrongStructure(outline.Model.Tag, built.GetName(), problem))
