namespace Deeplay.Library

open Deeplay.Core
open Deeplay.FSharp

module internal FeatureIntegrationModule =
    let inChannels = DiffusionParts.inChannels
    let outChannels = DiffusionParts.outChannels
    let positionEmbeddingDim = DiffusionParts.positionEmbeddingDim
    let contextEmbeddingDim = DiffusionParts.contextEmbeddingDim
    let numAttentionHeads = DiffusionParts.numAttentionHeads
    let enableAttention = Key.flag "enable_attention" true "Whether attention follows."

    let definition =
        Definition.create
            "FeatureIntegrationModule"
            [
                inChannels
                outChannels
                positionEmbeddingDim
                contextEmbeddingDim
                numAttentionHeads
                enableAttention
            ]
            (fun arguments ->
                let input, output = arguments.Get inChannels, arguments.Get outChannels
                let width = DiffusionParts.whole output

                init {
                    let! _ =
                        [ DiffusionParts.block input output; DiffusionParts.block output output ]
                        |> DiffusionParts.list
                        |> child "blocks"

                    let! past =
                        DiffusionParts.spec
                            Conv2d.definition
                            [ "in_channels", DiffusionParts.whole input; "out_channels", width; "kernel_size", Int 1L ]
                        |> child "res_block"

                    let! time =
                        DiffusionParts.linear arguments[positionEmbeddingDim.Name] width
                        |> child "feed_forward_position_embedding"

                    let! attention =
                        if arguments.Get enableAttention then
                            init {
                                let! attention =
                                    ("channels", width) :: DiffusionParts.shared arguments
                                    |> DiffusionParts.spec AttentionBlock.definition
                                    |> child "attention_layer"

                                return Some attention
                            }
                        else
                            init { return None }

                    return
                        forwardOf (DiffusionParts.inputs arguments [ "input"; "t" ]) (fun inputs ->
                            let time = call time inputs[1] |> Op.unsqueeze -1 |> Op.unsqueeze -1
                            let h = call (at "blocks.0") inputs[0] + time
                            let h = call (at "blocks.1") h + call past inputs[0]

                            match attention with
                            | Some attention -> callOn attention (h :: inputs[2..])
                            | None -> h)
                })
        |> Definition.withDocumentation
            "Two convolutions with a way past both, between which the time comes in, and attention behind them."
        |> Definition.withShapes
            "(N, in_channels, H, W), a time (N, position_embedding_dim), and a context (N, S, context_embedding_dim) → (N, out_channels, H, W)"
        |> Definition.withSource "Deeplay, AttentionUNet"
        |> Definition.withExample
            [ inChannels => 3; outChannels => 8; positionEmbeddingDim => 16 ]
            [ Spatial.input 2 3 8; Example.tensor [ 2; 16 ] ]
