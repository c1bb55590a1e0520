namespace Deeplay.Library

open Deeplay.Core
open Deeplay.FSharp

/// What activations are a special case of.
module internal Activation =
    /// Selecting by this kind finds every activation of the library.
    let definition =
        Definition.primitive "Activation" [] Rule.same
        |> Definition.withDocumentation "What every activation is a special case of."
        |> Definition.withBase Layer.definition

module internal ActivationHelpers =
    let activation id (parameters: Param list) documentation extra : Definition =
        Definition.primitive id parameters Rule.same
        |> Definition.withDocumentation documentation
        |> Definition.withShapes "(…) → the same"
        |> Definition.withSource $"torch.nn.{id}"
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
        Param.float name |> Param.withDefault standard |> Param.withDocumentation documentation

    let dimension =
        Common.nullable (Param.int "dim")
        |> Param.withDocumentation "The dimension along which the result sums up to 1."

    /// The rule of a function along `dim`, which the input must have.
    let along: ShapeRule =
        Rule.one (fun arguments input ->
            match arguments.TryGet dimension, input with
            | Some dim, Ranked dims when (Shape.normalize (max 1 dims.Length) dim).IsNone ->
                Rule.fail $"an input with a dimension {string dim}" input
            | _ -> Rule.gives input)

    let activationAlong id documentation : Definition =
        Definition.primitive id [ dimension ] along
        |> Definition.withDocumentation documentation
        |> Definition.withShapes "(…) → the same"
        |> Definition.withSource $"torch.nn.{id}"
        |> Definition.withPositional [ dimension ]
        |> Definition.withExtra (Extra.named [ "dim" ])
        |> Definition.withBase Activation.definition

open ActivationHelpers

/// `torch.nn.GELU`: x · Φ(x), with the distribution function Φ of the standard normal distribution.
module internal GELU =
    /// "none" for the exact form, "tanh" for the approximation by tanh.
    let approximate =
        Param.oneOf [ "none"; "tanh" ] "approximate"
        |> Param.withDefault "none"
        |> Param.withDocumentation "'none' for the exact form, 'tanh' for the approximation."

    /// Parameters: approximate.
    let definition =
        activation "GELU" [ approximate ] "x · Φ(x)" (Extra.named [ "approximate" ])
        |> Definition.withSource "Hendrycks and Gimpel, 2016, Gaussian Error Linear Units"

/// `torch.nn.SiLU`: x · sigmoid(x).
module internal SiLU =
    /// Whether the input is overwritten.
    let inplace = Common.inplace

    /// Parameters: inplace.
    let definition =
        activation "SiLU" [ inplace ] "x · sigmoid(x)" (withInplace Extra.none)
        |> Definition.withSource "Elfwing et al., 2018, Sigmoid-Weighted Linear Units"

/// `torch.nn.Mish`: x · tanh(softplus(x)).
module internal Mish =
    /// Whether the input is overwritten.
    let inplace = Common.inplace

    /// Parameters: inplace.
    let definition =
        activation "Mish" [ inplace ] "x · tanh(softplus(x))" (withInplace Extra.none)
        |> Definition.withSource "Misra, 2019, Mish"

/// `torch.nn.Sigmoid`: 1 / (1 + exp(−x)).
module internal Sigmoid =
    /// No parameters.
    let definition = activation "Sigmoid" [] "1 / (1 + exp(−x))" Extra.none

/// `torch.nn.Tanh`: the hyperbolic tangent.
module internal Tanh =
    /// No parameters.
    let definition = activation "Tanh" [] "The hyperbolic tangent" Extra.none

/// `torch.nn.Softmax`: exp(x) / Σ exp(x) along a dimension.
module internal Softmax =
    /// The dimension along which the result sums up to 1. Null leaves the choice to PyTorch.
    let dim = dimension

    /// Parameters: dim.
    let definition = activationAlong "Softmax" "exp(x) / Σ exp(x) along a dimension"

/// `torch.nn.LogSoftmax`: the logarithm of Softmax.
module internal LogSoftmax =
    /// The dimension along which the exponentials of the result sum up to 1.
    let dim = dimension

    /// Parameters: dim.
    let definition = activationAlong "LogSoftmax" "The logarithm of Softmax"

/// `torch.nn.Softmin`: exp(−x) / Σ exp(−x) along a dimension.
module internal Softmin =
    /// The dimension along which the result sums up to 1.
    let dim = dimension

    /// Parameters: dim.
    let definition = activationAlong "Softmin" "exp(−x) / Σ exp(−x) along a dimension"

/// `torch.nn.Softmax2d`: Softmax over the channels of (N, C, H, W) or (C, H, W).
module internal Softmax2d =
    /// No parameters.
    let definition =
        Definition.primitive
            "Softmax2d"
            []
            (Rule.sameOfRank [ 3; 4 ] "of 4 dimensions (N, C, H, W), or 3 (C, H, W)")
        |> Definition.withDocumentation "Softmax over the channels of images."
        |> Definition.withBase Activation.definition
        |> Definition.withShapes "(N, C, H, W) or (C, H, W) → the same"
        |> Definition.withSource "torch.nn.Softmax2d"

/// `torch.nn.LogSigmoid`: the logarithm of Sigmoid.
module internal LogSigmoid =
    /// No parameters.
    let definition = activation "LogSigmoid" [] "The logarithm of Sigmoid" Extra.none

/// `torch.nn.GLU`: one half of a dimension times the sigmoid of the other half.
module internal GLU =
    /// The dimension that is halved.
    let dim =
        Param.int "dim" |> Param.withDefault -1 |> Param.withDocumentation "The dimension that is halved."

    // Source: PyTorch docs, torch.nn.GLU, "Shape".
    let private rule =
        Rule.one (fun arguments input ->
            match input with
            | Unranked -> Rule.gives Unranked
            | Ranked dims ->
                match Shape.normalize dims.Length (arguments.Get dim) with
                | None -> Rule.fail $"an input with a dimension {string (arguments.Get dim)}" input
                | Some at ->
                    match dims[at] with
                    | Known size when size % 2L <> 0L -> Rule.fail $"an even size in dimension {at}" input
                    | size -> Rule.gives (Ranked(List.updateAt at (Dim.map (fun n -> n / 2L) size) dims)))

    /// Parameters: dim.
    let definition =
        Definition.primitive "GLU" [ dim ] rule
        |> Definition.withDocumentation "One half of a dimension times the sigmoid of the other half."
        |> Definition.withExtra (Extra.named [ "dim" ])
        |> Definition.withBase Activation.definition
        |> Definition.withShapes "(…, size of dim, …) → (…, half of it, …)"
        |> Definition.withSource "torch.nn.GLU"
        |> Definition.withSource "Dauphin et al., 2017, Language Modeling with Gated Convolutional Networks"

/// The layers of this file.
module internal ActivationLayers =
    let all =
        [
            GELU.definition
            SiLU.definition
            Mish.definition
            Sigmoid.definition
            Tanh.definition
            Softmax.definition
            LogSoftmax.definition
            Softmin.definition
            Softmax2d.definition
            LogSigmoid.definition
            GLU.definition
        ]
