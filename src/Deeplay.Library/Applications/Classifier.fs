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

    let definition =
        Applications.special
            "Classifier"
            Losses.crossEntropyDefinition
            "Compares logits with class indices."
            [ makeTargetsOneHot; numClasses ]
        |> Definition.withDocumentation "Trains a model to tell classes apart."
        |> Definition.withPositional [ numClasses; Applications.model ]
        |> Definition.withShapes "what the model takes → one logit for each class"
