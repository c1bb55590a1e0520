namespace Deeplay.Library

open Deeplay.Core
open Deeplay.FSharp

/// A model with all it takes to train it to tell classes apart.
module internal Classifier =
    /// What is trained: a module from inputs to one logit per class.
    let model =
        Param.spec "model"
        |> Param.withDocumentation "What is trained: a module from inputs to one logit per class."

    /// Compares logits with class indices.
    let loss =
        Param.spec "loss"
        |> Param.withDefault (Spec.create Losses.crossEntropyDefinition Map.empty)
        |> Param.withDocumentation "Compares logits with class indices."

    /// Makes the steps.
    let optimizer =
        Param.spec "optimizer"
        |> Param.withDefault (Spec.create Optimizers.adamDefinition (Map.ofList [ Optimizers.lr => 1e-3 ]))
        |> Param.withDocumentation "Makes the steps."

    /// The number of classes; null where it does not matter.
    let numClasses =
        Common.nullable (Common.positive "num_classes")
        |> Param.withDocumentation "The number of classes; null where it does not matter."

    /// Whether the loss gets targets as one-hot vectors rather than as indices. Needs `num_classes`.
    let makeTargetsOneHot =
        Param.bool "make_targets_one_hot"
        |> Param.withDefault false
        |> Param.withDocumentation
            "Whether the loss gets targets as one-hot vectors rather than as indices. Needs the number of classes."

    /// The definition. Children: loss, optimizer, model.
    let definition =
        Definition.create
            "Classifier"
            [ model; loss; optimizer; makeTargetsOneHot; numClasses ]
            (fun arguments ->
                init {
                    let! _ = child "loss" (arguments.Get loss)
                    let! _ = child "optimizer" (arguments.Get optimizer)
                    let! model = child "model" (arguments.Get model)
                    return forward (call model)
                })
        |> Definition.withDocumentation "Trains a model to tell classes apart."
        |> Definition.withPositional [ numClasses; model ]
        |> Definition.withShapes "what the model takes → one logit for each class"
        |> Definition.withSource "Deeplay, Classifier"
