namespace Deeplay.Library

open Deeplay.Core
open Deeplay.FSharp

/// What activations are a special case of. Selecting by this kind finds every activation of the library.
module internal Activation =
    let definition =
        Definition.primitive "Activation" [] Rule.same
        |> Definition.withDocumentation "What every activation is a special case of."
        |> Definition.withBase Layer.definition

    let withRule id parameters rule documentation shapes : Definition =
        Layer.basedOn definition id parameters rule documentation shapes
        |> Definition.withExample [] [ Example.tensor [ 2; 8 ] ]

    /// An activation that keeps shapes. PyTorch prints the parameters, but of `inplace` only that it is true.
    let create id (parameters: Param list) documentation : Definition =
        let names =
            [
                for key in parameters do
                    if key.Name <> "inplace" then key.Name
            ]

        let extra (arguments: Arguments) =
            [
                if names <> [] then Extra.named names arguments
                if parameters.Length > names.Length && arguments["inplace"] = Bool true then "inplace=True"
            ]
            |> String.concat ", "

        withRule id parameters Rule.same documentation "(…) → the same" |> Definition.withExtra extra

    let dimension =
        Key.nullable (Param.int "dim")
        |> Param.withDocumentation "The dimension along which the result sums up to 1; PyTorch's choice where null."

    /// A function along `dim`, which the input must have.
    let along id documentation : Definition =
        let rule =
            Rule.ranked (fun arguments dims ->
                match arguments.TryGet dimension with
                | Some dim when (Shape.normalize (max 1 dims.Length) dim).IsNone ->
                    Rule.fail $"an input with a dimension {string dim}" (Ranked dims)
                | _ -> Rule.gives (Ranked dims))

        withRule id [ dimension ] rule documentation "(…) → the same"
        |> Definition.withPositional [ dimension ]
        |> Definition.withExample [ dimension => 1 ] [ Example.tensor [ 2; 8 ] ]

module internal GELU =
    let approximate =
        Key.choice [ "none"; "tanh" ] "approximate" "none" "'none' for the exact form, 'tanh' for the approximation."

    let definition =
        Activation.create "GELU" [ approximate ] "x · Φ(x)"
        |> Definition.withSource "Hendrycks and Gimpel, 2016, Gaussian Error Linear Units"

module internal SiLU =
    let inplace = Key.inplace

    let definition =
        Activation.create "SiLU" [ inplace ] "x · sigmoid(x)"
        |> Definition.withSource "Elfwing et al., 2018, Sigmoid-Weighted Linear Units"

module internal Mish =
    let inplace = Key.inplace

    let definition =
        Activation.create "Mish" [ inplace ] "x · tanh(softplus(x))"
        |> Definition.withSource "Misra, 2019, Mish"

module internal Sigmoid =
    let definition = Activation.create "Sigmoid" [] "1 / (1 + exp(−x))" |> Layer.taking KindRule.floats

module internal Tanh =
    let definition = Activation.create "Tanh" [] "The hyperbolic tangent" |> Layer.taking KindRule.floats

module internal Softmax =
    let dim = Activation.dimension
    let definition = Activation.along "Softmax" "exp(x) / Σ exp(x) along a dimension"

module internal LogSoftmax =
    let dim = Activation.dimension
    let definition = Activation.along "LogSoftmax" "The logarithm of Softmax"

module internal Softmin =
    let dim = Activation.dimension
    let definition = Activation.along "Softmin" "exp(−x) / Σ exp(−x) along a dimension"

module internal Softmax2d =
    let definition =
        Activation.withRule
            "Softmax2d"
            []
            (Spatial.same 2)
            "Softmax over the channels of images."
            "(N, C, H, W) or (C, H, W) → the same"
        |> Definition.withExample [] [ Spatial.input 2 3 8 ]

module internal LogSigmoid =
    let definition = Activation.create "LogSigmoid" [] "The logarithm of Sigmoid"

module internal GLU =
    let dim = Key.whole "dim" -1 "The dimension that is halved."

    // Source: PyTorch docs, torch.nn.GLU, "Shape".
    let private rule =
        Rule.ranked (fun arguments dims ->
            match Shape.normalize dims.Length (arguments.Get dim) with
            | None -> Rule.fail $"an input with a dimension {string (arguments.Get dim)}" (Ranked dims)
            | Some at ->
                match dims[at] with
                | Known size when size % 2L <> 0L -> Rule.fail $"an even size in dimension {string at}" (Ranked dims)
                | size -> Rule.gives (Ranked(List.updateAt at (Dim.map (fun n -> n / 2L) size) dims)))

    let definition =
        Activation.withRule
            "GLU"
            [ dim ]
            rule
            "One half of a dimension times the sigmoid of the other half."
            "(…, size of dim, …) → (…, half of it, …)"
        |> Definition.withSource "Dauphin et al., 2017, Language Modeling with Gated Convolutional Networks"
