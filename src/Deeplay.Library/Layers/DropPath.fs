namespace Deeplay.Library

open Deeplay.Core
open Deeplay.FSharp

/// Stochastic depth: what one way gives is left out for some examples.
module internal DropPath =
    let p = Key.probability "The probability of an example to be zeroed."

    let definition =
        Layer.own
            "DropPath"
            [ p ]
            (Rule.sameOfAtLeast 1 "1 dimension (N, …)")
            "Zeroes whole examples at random while training, and divides the others by 1 − p: in front of a sum, the depth is random."
            "(N, …) → the same"
        // In evaluation, as a dropout.
        |> Layer.taking KindRule.kept
        |> Definition.withExample [ p => 0.1 ] [ Example.tensor [ 2; 8 ] ]
        |> Definition.withSource "Huang et al., 2016, Deep Networks with Stochastic Depth"
        |> Definition.withSource "torchvision.ops.StochasticDepth with mode 'row'"
