namespace Deeplay.Library

open Deeplay.Core
open Deeplay.FSharp

/// What has all it takes to train a model: the model, a loss and an optimizer.
module internal Applications =
    let model = Param.spec "model" |> Param.withDocumentation "What is trained."

    let loss =
        Param.spec "loss"
        |> Param.withDocumentation "Compares what the model gives with the targets, and gives one number for a batch."

    let optimizer =
        Param.spec "optimizer"
        |> Param.withDefault (Spec.create Optimizers.adamDefinition (Map.ofList [ Optimizers.lr => 1e-3 ]))
        |> Param.withDocumentation "Makes the steps."

    let private create id (loss: Param<ModuleSpec>) (parameters: Param list) =
        Definition.create id ([ model :> Param; loss; optimizer ] @ parameters) (fun a ->
            init {
                let! _ = child "loss" (a.Get loss)
                let! _ = child "optimizer" (a.Get optimizer)
                let! model = child "model" (a.Get model)
                return forward (call model)
            })

    let definition =
        create "Application" loss []
        |> Definition.withDocumentation "What all applications are special cases of."

    /// A special case, with a loss that it has where none is given.
    let special id (kind: Definition) documentation (parameters: Param list) =
        let loss = loss |> Param.withDefault (Spec.create kind Map.empty) |> Param.withDocumentation documentation

        create id loss parameters
        |> Definition.withBase definition
        |> Definition.withSource $"Deeplay, {id}"

    let regressorDefinition =
        special "Regressor" Losses.l1Definition "Compares numbers with the targets." []
        |> Definition.withDocumentation "Trains a model to give numbers."
        |> Definition.withPositional [ model ]
        |> Definition.withShapes "what the model takes → numbers of the targets' shape"
