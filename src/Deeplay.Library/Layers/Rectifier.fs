namespace Deeplay.Library

open Deeplay.Core
open Deeplay.FSharp

module internal ReLU =
    let inplace = Key.inplace
    let definition = Activation.create "ReLU" [ inplace ] "max(x, 0)" |> Layer.taking KindRule.numbers

module internal ReLU6 =
    let inplace = Key.inplace
    let definition = Activation.create "ReLU6" [ inplace ] "min(max(x, 0), 6)" |> Layer.taking KindRule.numbers

module internal LeakyReLU =
    let negativeSlope = Key.number "negative_slope" 0.01 "The slope for negative numbers."
    let inplace = Key.inplace

    let definition =
        Activation.create "LeakyReLU" [ negativeSlope; inplace ] "x where positive, negative_slope · x elsewhere"
        |> Definition.withPositional [ negativeSlope ]
        |> Definition.withSource "Maas et al., 2013, Rectifier Nonlinearities Improve Neural Network Acoustic Models"

module internal PReLU =
    let numParameters = Key.positive "num_parameters" "1, or the number of channels." |> Param.withDefault 1
    let init = Key.number "init" 0.25 "The slope to begin with."

    // Source: PyTorch docs, torch.nn.PReLU: the channels are dimension 1, and 1 where there is none.
    let private rule =
        Rule.ranked (fun arguments dims ->
            let channels = if dims.Length > 1 then dims[1] else Known 1L

            match arguments.TryGet numParameters with
            | Some slopes when slopes > 1 && not (Dim.agrees channels (Known(int64 slopes))) ->
                Rule.fail $"{string slopes} channels in dimension 1" (Ranked dims)
            | _ -> Rule.gives (Ranked dims))

    let definition =
        Activation.withRule
            "PReLU"
            [ numParameters; init ]
            rule
            "LeakyReLU with a learned slope."
            "(N, C, …) → the same"
        |> Definition.withExtra (Extra.named [ "num_parameters" ])
        |> Definition.withWeights (Weights.weightAndBias (fun _ -> false) [ "num_parameters" ])
        |> Definition.withSource "He et al., 2015, Delving Deep into Rectifiers"

module internal RReLU =
    let lower = Key.number "lower" 0.125 "The least slope."
    let upper = Key.number "upper" (1.0 / 3.0) "The largest slope."
    let inplace = Key.inplace

    let definition =
        Activation.create "RReLU" [ lower; upper; inplace ] "LeakyReLU with a slope drawn at random while training"
        |> Definition.withSource "Xu et al., 2015, Empirical Evaluation of Rectified Activations"
        // Source: PyTorch, uniform: the slope is drawn between them.
        |> Definition.withCheck (fun a ->
            if a.Get upper >= a.Get lower then [] else [ upper, $"at least lower, {string (a.Get lower)}" ])

module internal ELU =
    let alpha = Key.number "alpha" 1.0 "The factor for negative numbers."
    let inplace = Key.inplace

    let definition =
        Activation.create "ELU" [ alpha; inplace ] "x where positive, alpha · (exp(x) − 1) elsewhere"
        |> Definition.withSource "Clevert et al., 2016, Exponential Linear Units"

module internal SELU =
    let inplace = Key.inplace

    let definition =
        Activation.create "SELU" [ inplace ] "The self-normalizing ELU"
        |> Definition.withSource "Klambauer et al., 2017, Self-Normalizing Neural Networks"

module internal CELU =
    let alpha =
        Key.number "alpha" 1.0 "The scale of negative numbers."
        // Source: PyTorch, celu: "alpha cannot be 0 for CELU".
        |> Param.withCheck "a float other than 0" (fun alpha -> alpha <> 0.0)

    let inplace = Key.inplace

    let definition =
        Activation.create "CELU" [ alpha; inplace ] "max(0, x) + min(0, alpha · (exp(x / alpha) − 1))"
        |> Definition.withSource "Barron, 2017, Continuously Differentiable Exponential Linear Units"
