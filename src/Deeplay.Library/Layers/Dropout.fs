namespace Deeplay.Library

open Deeplay.Core
open Deeplay.FSharp

/// A dropout of `what`: elements or channels.
type internal DropoutLayer(id, what, rule, documentation, shapes, source, input) =
    let probability = Key.probability $"The probability of {what} to be zeroed." |> Param.withDefault 0.5

    member _.p = probability
    member _.inplace = Key.inplace

    member val definition =
        Layer.create id [ probability; Key.inplace ] rule documentation shapes
        // In evaluation; what is refused in training is not known before.
        |> Layer.taking KindRule.kept
        |> Definition.withExample [ probability => 0.5 ] [ input ]
        |> Definition.withPositional [ probability ]
        |> Definition.withSource source

[<AutoOpen>]
module internal DropoutLayers =
    let private ofChannels n rule shapes =
        DropoutLayer(
            $"Dropout{string n}d",
            "a channel",
            rule,
            "Zeroes whole channels at random while training, and divides the others by 1 − p.",
            shapes,
            "Tompson et al., 2015, Efficient Object Localization Using Convolutional Networks",
            Spatial.input n 3 8
        )

    // Source: PyTorch, dropout of features: "Feature dropout requires at least 2 dimensions in the input".
    let private channels = Rule.sameOfAtLeast 2 "2 dimensions (N, C, …)"

    let Dropout =
        DropoutLayer(
            "Dropout",
            "an element",
            Rule.same,
            "Zeroes elements at random while training, and divides the others by 1 − p.",
            "(…) → the same",
            "Hinton et al., 2012, Improving neural networks by preventing co-adaptation of feature detectors",
            Example.tensor [ 2; 8 ]
        )

    let Dropout1d = ofChannels 1 (Spatial.same 1) "(N, C, L) or (C, L) → the same"
    let Dropout2d = ofChannels 2 channels "(N, C, …) → the same"

    let Dropout3d = ofChannels 3 (Rule.sameOfAtLeast 1 "1 dimension (C, …)") "(N, C, D, H, W) or (C, …) → the same"

    let AlphaDropout =
        DropoutLayer(
            "AlphaDropout",
            "an element",
            Rule.same,
            "Dropout that keeps mean and variance, for SELU.",
            "(…) → the same",
            "Klambauer et al., 2017, Self-Normalizing Neural Networks",
            Example.tensor [ 2; 8 ]
        )

    let FeatureAlphaDropout =
        DropoutLayer(
            "FeatureAlphaDropout",
            "a channel",
            channels,
            "Dropout of whole channels that keeps mean and variance, for SELU.",
            "(N, C, …) → the same",
            "Klambauer et al., 2017, Self-Normalizing Neural Networks",
            Spatial.input 2 3 8
        )
