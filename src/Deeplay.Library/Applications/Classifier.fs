namespace Deeplay.Library

open Deeplay.Core
open Deeplay.FSharp

module internal Classifier =
    let model =
        Param.spec "model"
        |> Param.withDocumentation "What is trained: a module from inputs to one logit per class."

    let loss =
        Param.spec "loss"
        |> Param.withDefault (Spec.create Losses.crossEntropyDefinition Map.empty)
        |> Param.withDocumentation "Compares logits with class indices."

    let optimizer =
        Param.spec "optimizer"
        |> Param.withDefault (Spec.create Optimizers.adamDefinition (Map.ofList [ Optimizers.lr => 1e-3 ]))
        |> Param.withDocumentation "Makes the steps."

    let numClasses =
        Key.positive "num_classes" "The number of classes; null where it does not matter." |> Key.nullable

    let makeTargetsOneHot =
        Key.flag
            "make_targets_one_hot"
            false
            "Whether the loss gets targets as one-hot vectors rather than as indices. Needs the number of classes."

    let definition =
        Definition.create "Classifier" [ model; loss; optimizer; makeTargetsOneHot; numClasses ] (fun a ->
            init {
                let! _ = child "loss" (a.Get loss)
                let! _ = child "optimizer" (a.Get optimizer)
                let! model = child "model" (a.Get model)
                return forward (call model)
            })
        |> Definition.withDocumentation "Trains a model to tell classes apart."
        |> Definition.withPositional [ numClasses; model ]
        |> Definition.withShapes "what the model takes → one logit for each class"
        |> Definition.withSource "Deeplay, Classifier"
