namespace Deeplay.Library

open Deeplay.Core
open Deeplay.FSharp
open ActivationHelpers

/// `torch.nn.ReLU`: max(x, 0).
module internal ReLU =
    /// Whether the input is overwritten.
    let inplace = Common.inplace

    /// Parameters: inplace.
    let definition = activation "ReLU" [ inplace ] "max(x, 0)" (withInplace Extra.none)

/// `torch.nn.ReLU6`: min(max(x, 0), 6).
module internal ReLU6 =
    /// Whether the input is overwritten.
    let inplace = Common.inplace

    /// Parameters: inplace.
    let definition = activation "ReLU6" [ inplace ] "min(max(x, 0), 6)" (withInplace Extra.none)

/// `torch.nn.LeakyReLU`: x where it is positive, negative_slope · x elsewhere.
module internal LeakyReLU =
    /// The slope for negative numbers.
    let negativeSlope = number "negative_slope" 0.01 "The slope for negative numbers."

    /// Whether the input is overwritten.
    let inplace = Common.inplace

    /// Parameters: negative_slope, inplace.
    let definition =
        activation
            "LeakyReLU"
            [ negativeSlope; inplace ]
            "x where positive, negative_slope · x elsewhere"
            (withInplace (Extra.named [ "negative_slope" ]))
        |> Definition.withPositional [ negativeSlope ]
        |> Definition.withSource
            "Maas et al., 2013, Rectifier Nonlinearities Improve Neural Network Acoustic Models"

/// `torch.nn.PReLU`: LeakyReLU with a learned slope, one for all channels or one for each.
module internal PReLU =
    /// The number of slopes: 1, or the number of channels.
    let numParameters =
        Common.positive "num_parameters"
        |> Param.withDefault 1
        |> Param.withDocumentation "1, or the number of channels."

    /// The slope to begin with.
    let init = number "init" 0.25 "The slope to begin with."

    // Source: PyTorch docs, torch.nn.PReLU: the channels are dimension 1, and 1 where there is none.
    let private rule =
        Rule.one (fun arguments input ->
            match arguments.TryGet numParameters, input with
            | Some slopes, Ranked dims when slopes > 1 ->
                let channels = if dims.Length > 1 then dims[1] else Known 1L

                if Dim.agrees channels (Known(int64 slopes)) then
                    Rule.gives input
                else
                    Rule.fail $"{slopes} channels in dimension 1" input
            | _ -> Rule.gives input)

    /// Parameters: num_parameters, init.
    let definition =
        Definition.primitive "PReLU" [ numParameters; init ] rule
        |> Definition.withDocumentation "LeakyReLU with a learned slope."
        |> Definition.withExtra (Extra.named [ "num_parameters" ])
        |> Definition.withWeights (Weights.weight [ "num_parameters" ])
        |> Definition.withBase Activation.definition
        |> Definition.withShapes "(N, C, …) → the same"
        |> Definition.withSource "torch.nn.PReLU"
        |> Definition.withSource "He et al., 2015, Delving Deep into Rectifiers"

/// `torch.nn.RReLU`: LeakyReLU with a slope drawn at random while training.
module internal RReLU =
    /// The least slope.
    let lower = number "lower" 0.125 "The least slope."

    /// The largest slope.
    let upper = number "upper" (1.0 / 3.0) "The largest slope."

    /// Whether the input is overwritten.
    let inplace = Common.inplace

    /// Parameters: lower, upper, inplace.
    let definition =
        activation
            "RReLU"
            [ lower; upper; inplace ]
            "LeakyReLU with a slope drawn at random while training"
            (withInplace (Extra.named [ "lower"; "upper" ]))
        |> Definition.withSource "Xu et al., 2015, Empirical Evaluation of Rectified Activations"
        // Source: PyTorch, uniform: the slope is drawn between them.
        |> Definition.withCheck (fun arguments ->
            if arguments.Get upper >= arguments.Get lower then
                []
            else
                [ upper, $"at least lower, {arguments.Get lower}" ])

/// `torch.nn.ELU`: x where positive, alpha · (exp(x) − 1) elsewhere.
module internal ELU =
    /// The factor for negative numbers.
    let alpha = number "alpha" 1.0 "The factor for negative numbers."

    /// Whether the input is overwritten.
    let inplace = Common.inplace

    /// Parameters: alpha, inplace.
    let definition =
        activation
            "ELU"
            [ alpha; inplace ]
            "x where positive, alpha · (exp(x) − 1) elsewhere"
            (withInplace (Extra.named [ "alpha" ]))
        |> Definition.withSource "Clevert et al., 2016, Exponential Linear Units"

/// `torch.nn.SELU`: the self-normalizing ELU.
module internal SELU =
    /// Whether the input is overwritten.
    let inplace = Common.inplace

    /// Parameters: inplace.
    let definition =
        activation "SELU" [ inplace ] "The self-normalizing ELU" (withInplace Extra.none)
        |> Definition.withSource "Klambauer et al., 2017, Self-Normalizing Neural Networks"

/// `torch.nn.CELU`: max(0, x) + min(0, alpha · (exp(x / alpha) − 1)).
module internal CELU =
    /// The scale of negative numbers; not 0.
    let alpha =
        number "alpha" 1.0 "The scale of negative numbers."
        // Source: PyTorch, celu: "alpha cannot be 0 for CELU".
        |> Param.withCheck "a float other than 0" (fun alpha -> alpha <> 0.0)

    /// Whether the input is overwritten.
    let inplace = Common.inplace

    /// Parameters: alpha, inplace.
    let definition =
        activation
            "CELU"
            [ alpha; inplace ]
            "max(0, x) + min(0, alpha · (exp(x / alpha) − 1))"
            (withInplace (Extra.named [ "alpha" ]))
        |> Definition.withSource "Barron, 2017, Continuously Differentiable Exponential Linear Units"

/// The layers of this file.
module internal RectifierLayers =
    let all =
        [
            ReLU.definition
            ReLU6.definition
            LeakyReLU.definition
            PReLU.definition
            RReLU.definition
            ELU.definition
            SELU.definition
            CELU.definition
        ]
