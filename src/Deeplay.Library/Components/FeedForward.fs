namespace Deeplay.Library

open Deeplay.Core
open Deeplay.FSharp

/// The feed-forward network of a transformer's block.
module internal FeedForward =
    let features = Key.positive "features" "The size of the vectors that come in and out."
    let dimFeedforward = Key.positive "dim_feedforward" "The width inside."

    let activation =
        Param.spec "activation"
        |> Param.withDefault (Spec.create GELU.definition Map.empty)
        |> Param.withDocumentation "The activation; a GELU by default."

    let gated =
        Key.flag
            "gated"
            false
            "Whether what is inside is multiplied by another projection: with a GELU that is GEGLU, with a SiLU SwiGLU. Then the activation acts on the one in front."

    let bias = Key.flag "bias" true "Whether the projections have a learned bias."

    let definition =
        Definition.create "FeedForward" [ features; dimFeedforward; activation; gated; bias ] (fun arguments ->
            let linear (input: Param<int>) (output: Param<int>) =
                Map.ofList
                    [
                        Linear.inFeatures => arguments.Get input
                        Linear.outFeatures => arguments.Get output
                        Linear.bias => arguments.Get bias
                    ]
                |> Spec.create Linear.definition

            init {
                let isGated = arguments.Get gated

                if isGated then
                    let! gate = child "gate" (linear features dimFeedforward)
                    let! up = child "up" (linear features dimFeedforward)
                    let! activation = child "activation" (arguments.Get activation)
                    let! down = child "down" (linear dimFeedforward features)
                    return forward (fun x -> call down (call activation (call gate x) * call up x))
                else
                    let! up = child "up" (linear features dimFeedforward)
                    let! activation = child "activation" (arguments.Get activation)
                    let! down = child "down" (linear dimFeedforward features)
                    return forward (call up >> call activation >> call down)
            })
        |> Definition.withDocumentation "Two linear layers with an activation between them, which may be gated."
        |> Definition.withShapes "(…, features) → the same"
        |> Definition.withSource "Shazeer, 2020, GLU Variants Improve Transformer"
        |> Definition.withExample [ features => 8; dimFeedforward => 32 ] [ Example.tensor [ 2; 5; 8 ] ]
