namespace Deeplay.Library

open Deeplay.Core
open Deeplay.FSharp

module private DropoutHelpers =
    let probability =
        Param.float "p"
        |> Param.withDefault 0.5
        |> Param.withCheck "a probability from 0 to 1" (fun p -> p >= 0.0 && p <= 1.0)
        |> Param.withDocumentation "The probability of an element to be zeroed."

    let dropout id rule documentation shapes =
        LayerDefinition.create
            id
            [ probability; Common.inplace ]
            rule
            documentation
            (Extra.named [ "p"; "inplace" ])
        |> Definition.withPositional [ probability ]
        |> Definition.withShapes shapes

    // Source: PyTorch, dropout of features: "Feature dropout requires at least 2 dimensions in the input".
    let atLeast rank words =
        Rule.one (fun _ input ->
            match input with
            | Ranked dims when dims.Length < rank -> Rule.fail $"an input of at least {words}" input
            | _ -> Rule.gives input)

    let channels = atLeast 2 "2 dimensions (N, C, …)"

open DropoutHelpers

/// `torch.nn.Dropout`: zeroes elements at random while training.
module internal Dropout =
    /// The probability of an element to be zeroed.
    let p = probability

    /// Whether the input is overwritten.
    let inplace = Common.inplace

    /// Parameters: p, inplace.
    let definition =
        dropout
            "Dropout"
            Rule.same
            "Zeroes elements at random while training, and divides the others by 1 − p."
            "(…) → the same"
        |> Definition.withSource
            "Hinton et al., 2012, Improving neural networks by preventing co-adaptation of feature detectors"

/// `torch.nn.Dropout1d`: zeroes whole channels of (N, C, L) or (C, L) at random while training.
module internal Dropout1d =
    /// The probability of a channel to be zeroed.
    let p = probability

    /// Whether the input is overwritten.
    let inplace = Common.inplace

    /// Parameters: p, inplace.
    let definition =
        dropout
            "Dropout1d"
            (Rule.sameOfRank [ 2; 3 ] "of 3 dimensions (N, C, L), or 2 (C, L)")
            "Zeroes whole channels at random while training, and divides the others by 1 − p."
            "(N, C, L) or (C, L) → the same"
        |> Definition.withSource
            "Tompson et al., 2015, Efficient Object Localization Using Convolutional Networks"

/// `torch.nn.Dropout2d`: zeroes whole channels of (N, C, …) at random while training.
module internal Dropout2d =
    /// The probability of a channel to be zeroed.
    let p = probability

    /// Whether the input is overwritten.
    let inplace = Common.inplace

    /// Parameters: p, inplace.
    let definition =
        dropout
            "Dropout2d"
            channels
            "Zeroes whole channels at random while training, and divides the others by 1 − p."
            "(N, C, …) → the same"
        |> Definition.withSource
            "Tompson et al., 2015, Efficient Object Localization Using Convolutional Networks"

/// `torch.nn.Dropout3d`: zeroes whole channels of (N, C, D, H, W) or (C, …) at random while training.
module internal Dropout3d =
    /// The probability of a channel to be zeroed.
    let p = probability

    /// Whether the input is overwritten.
    let inplace = Common.inplace

    /// Parameters: p, inplace.
    let definition =
        dropout
            "Dropout3d"
            (atLeast 1 "1 dimension (C, …)")
            "Zeroes whole channels at random while training, and divides the others by 1 − p."
            "(N, C, D, H, W) or (C, …) → the same"
        |> Definition.withSource
            "Tompson et al., 2015, Efficient Object Localization Using Convolutional Networks"

/// `torch.nn.AlphaDropout`: dropout that keeps mean and variance, for SELU.
module internal AlphaDropout =
    /// The probability of an element to be masked.
    let p = probability

    /// Whether the input is overwritten.
    let inplace = Common.inplace

    /// Parameters: p, inplace.
    let definition =
        dropout "AlphaDropout" Rule.same "Dropout that keeps mean and variance, for SELU." "(…) → the same"
        |> Definition.withSource "Klambauer et al., 2017, Self-Normalizing Neural Networks"

/// `torch.nn.FeatureAlphaDropout`: AlphaDropout of whole channels of (N, C, …).
module internal FeatureAlphaDropout =
    /// The probability of a channel to be masked.
    let p = probability

    /// Whether the input is overwritten.
    let inplace = Common.inplace

    /// Parameters: p, inplace.
    let definition =
        dropout
            "FeatureAlphaDropout"
            channels
            "Dropout of whole channels that keeps mean and variance, for SELU."
            "(N, C, …) → the same"

/// The layers of this file.
module internal DropoutLayers =
    let all =
        [
            Dropout.definition
            Dropout1d.definition
            Dropout2d.definition
            Dropout3d.definition
            AlphaDropout.definition
            FeatureAlphaDropout.definition
        ]
