namespace Deeplay.Library

open Deeplay.Core
open Deeplay.FSharp

module internal Classifier =
    let numClasses =
        Key.positive "num_classes" "The number of classes; null where it does not matter." |> Key.nullable

    let makeTargetsOneHot =
        Key.flag
            "make_targets_one_hot"
            false
            "Whether the loss gets targets as one-hot vectors rather than as indices. Needs the number of classes."

    let private metric (definition: Definition) settings = Spec.create definition (Map.ofList settings)

    // The accuracy, where targets are classes: other losses take any numbers.
    let private suiting (a: Arguments) (loss: Node) =
        let isOfClasses =
            a.Get makeTargetsOneHot
            || loss.Definition.Is Losses.crossEntropyDefinition
            || loss.Definition.Is Losses.nllDefinition

        if isOfClasses then
            [ metric MulticlassMetrics.accuracyDefinition [ ClassMetricKey.average => "micro" ] ]
        else
            []

    let private several id =
        Applications.define
            id
            Losses.crossEntropyDefinition
            "Compares logits with class indices."
            [ makeTargetsOneHot; numClasses ]
            suiting
        |> Definition.withPositional [ numClasses; Applications.model ]
        |> Definition.withShapes "what the model takes → one logit for each class"
        |> Definition.withExample
            [ numClasses => 4; Applications.model => Samples.linear 16 4 ]
            [ Example.tensor [ 2; 16 ] ]

    let definition = several "Classifier" |> Definition.withDocumentation "Trains a model to tell classes apart."

    let categoricalDefinition =
        several "CategoricalClassifier"
        |> Definition.withDocumentation "Trains a model to tell classes apart: a Classifier."
        |> Definition.withBase definition

    let private yesOrNo id metrics =
        Applications.define
            id
            Losses.bceDefinition
            "Compares probabilities with targets of 0 or 1; BCEWithLogitsLoss does logits."
            []
            (fun _ _ -> metrics)
        |> Definition.withPositional [ Applications.model ]
        |> Definition.withExample
            [
                Applications.model
                => Spec.create
                    Sequential.definition
                    (Map.ofList [ Sequential.layers => [ Samples.linear 16 3; Samples.sigmoid ] ])
            ]
            [ Example.tensor [ 2; 16 ] ]

    let binaryDefinition =
        yesOrNo "BinaryClassifier" [ metric BinaryMetrics.accuracyDefinition [] ]
        |> Definition.withDocumentation "Trains a model to tell two classes apart."
        |> Definition.withShapes "what the model takes → one probability for each target"

    let multiLabelDefinition =
        yesOrNo "MultiLabelClassifier" [ metric MultilabelMetrics.accuracyDefinition [] ]
        |> Definition.withDocumentation "Trains a model to tell which of several labels hold; any number of them may."
        |> Definition.withShapes "what the model takes → a probability for each label (N, L, …)"
