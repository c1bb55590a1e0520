namespace Deeplay.FSharp

open Deeplay.Core

/// What activations are a special case of.
[<RequireQualifiedAccess>]
module Activation =
    /// Selecting by this kind finds every activation of the library.
    let definition =
        Definition.primitive "Activation" [] Rule.same
        |> Definition.withDocumentation "What every activation is a special case of."
        |> Definition.withBase Layer.definition

[<AutoOpen>]
module private ActivationHelpers =
    let activation id (parameters: Param list) documentation extra : Definition =
        Definition.primitive id parameters Rule.same
        |> Definition.withDocumentation documentation
        |> Definition.withExtra extra
        |> Definition.withBase Activation.definition

    /// PyTorch prints `inplace=True` for activations, and nothing where it is false.
    let withInplace (extra: Arguments -> string) (arguments: Arguments) =
        let text = extra arguments

        match arguments["inplace"], text with
        | Bool true, "" -> "inplace=True"
        | Bool true, _ -> text + ", inplace=True"
        | _ -> text

    let number name standard documentation =
        Param.float name
        |> Param.withDefault standard
        |> Param.withDocumentation documentation

    let dimension =
        Param.int "dim"
        |> Param.optional
        |> Param.withDefault None
        |> Param.withDocumentation "The dimension along which the result sums up to 1."

    /// The rule of a function along `dim`, which the input must have.
    let along: ShapeRule =
        Rule.one (fun arguments input ->
            match arguments.TryGet dimension, input with
            | Some(Some dim), Ranked dims when (Shape.normalize (max 1 dims.Length) dim).IsNone ->
                Rule.fail $"an input with a dimension {dim}" input
            | _ -> Rule.gives input)

    let activationAlong id documentation : Definition =
        Definition.primitive id [ dimension ] along
        |> Definition.withDocumentation documentation
        |> Definition.withExtra (Extra.named [ "dim" ])
        |> Definition.withBase Activation.definition

/// `torch.nn.ReLU`: max(x, 0).
[<RequireQualifiedAccess>]
module ReLU =
    /// Whether the input is overwritten.
    let inplace = Common.inplace

    /// Parameters: inplace.
    let definition = activation "ReLU" [ inplace ] "max(x, 0)" (withInplace Extra.none)

/// `torch.nn.ReLU6`: min(max(x, 0), 6).
[<RequireQualifiedAccess>]
module ReLU6 =
    /// Whether the input is overwritten.
    let inplace = Common.inplace

    /// Parameters: inplace.
    let definition =
        activation "ReLU6" [ inplace ] "min(max(x, 0), 6)" (withInplace Extra.none)

/// `torch.nn.LeakyReLU`: x where it is positive, negative_slope · x elsewhere.
[<RequireQualifiedAccess>]
module LeakyReLU =
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

/// `torch.nn.PReLU`: LeakyReLU with a learned slope, one for all channels or one for each.
[<RequireQualifiedAccess>]
module PReLU =
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
        |> Definition.withBase Activation.definition

/// `torch.nn.RReLU`: LeakyReLU with a slope drawn at random while training.
[<RequireQualifiedAccess>]
module RReLU =
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

/// `torch.nn.ELU`: x where positive, alpha · (exp(x) − 1) elsewhere.
[<RequireQualifiedAccess>]
module ELU =
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

/// `torch.nn.SELU`: the self-normalizing ELU.
[<RequireQualifiedAccess>]
module SELU =
    /// Whether the input is overwritten.
    let inplace = Common.inplace

    /// Parameters: inplace.
    let definition =
        activation "SELU" [ inplace ] "The self-normalizing ELU" (withInplace Extra.none)

/// `torch.nn.CELU`: max(0, x) + min(0, alpha · (exp(x / alpha) − 1)).
[<RequireQualifiedAccess>]
module CELU =
    /// The scale of negative numbers.
    let alpha = number "alpha" 1.0 "The scale of negative numbers."

    /// Whether the input is overwritten.
    let inplace = Common.inplace

    /// Parameters: alpha, inplace.
    let definition =
        activation
            "CELU"
            [ alpha; inplace ]
            "max(0, x) + min(0, alpha · (exp(x / alpha) − 1))"
            (withInplace (Extra.named [ "alpha" ]))

/// `torch.nn.GELU`: x · Φ(x), with the distribution function Φ of the standard normal distribution.
[<RequireQualifiedAccess>]
module GELU =
    /// "none" for the exact form, "tanh" for the approximation by tanh.
    let approximate =
        Param.oneOf [ "none"; "tanh" ] "approximate"
        |> Param.withDefault "none"
        |> Param.withDocumentation "'none' for the exact form, 'tanh' for the approximation."

    /// Parameters: approximate.
    let definition =
        activation "GELU" [ approximate ] "x · Φ(x)" (Extra.named [ "approximate" ])

/// `torch.nn.SiLU`: x · sigmoid(x).
[<RequireQualifiedAccess>]
module SiLU =
    /// Whether the input is overwritten.
    let inplace = Common.inplace

    /// Parameters: inplace.
    let definition =
        activation "SiLU" [ inplace ] "x · sigmoid(x)" (withInplace Extra.none)

/// `torch.nn.Mish`: x · tanh(softplus(x)).
[<RequireQualifiedAccess>]
module Mish =
    /// Whether the input is overwritten.
    let inplace = Common.inplace

    /// Parameters: inplace.
    let definition =
        activation "Mish" [ inplace ] "x · tanh(softplus(x))" (withInplace Extra.none)

/// `torch.nn.Sigmoid`: 1 / (1 + exp(−x)).
[<RequireQualifiedAccess>]
module Sigmoid =
    /// No parameters.
    let definition = activation "Sigmoid" [] "1 / (1 + exp(−x))" Extra.none

/// `torch.nn.Tanh`: the hyperbolic tangent.
[<RequireQualifiedAccess>]
module Tanh =
    /// No parameters.
    let definition = activation "Tanh" [] "The hyperbolic tangent" Extra.none

/// `torch.nn.Softmax`: exp(x) / Σ exp(x) along a dimension.
[<RequireQualifiedAccess>]
module Softmax =
    /// The dimension along which the result sums up to 1. Null leaves the choice to PyTorch.
    let dim = dimension

    /// Parameters: dim.
    let definition = activationAlong "Softmax" "exp(x) / Σ exp(x) along a dimension"

/// `torch.nn.LogSoftmax`: the logarithm of Softmax.
[<RequireQualifiedAccess>]
module LogSoftmax =
    /// The dimension along which the exponentials of the result sum up to 1.
    let dim = dimension

    /// Parameters: dim.
    let definition = activationAlong "LogSoftmax" "The logarithm of Softmax"
