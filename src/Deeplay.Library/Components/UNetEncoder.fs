namespace Deeplay.Library

open Deeplay.Core
open Deeplay.FSharp

module internal UNetEncoder =
    let inChannels = DiffusionParts.inChannels
    let channels = DiffusionParts.channels
    let channelAttention = DiffusionParts.channelAttention
    let positionEmbeddingDim = DiffusionParts.positionEmbeddingDim
    let contextEmbeddingDim = DiffusionParts.contextEmbeddingDim
    let numAttentionHeads = DiffusionParts.numAttentionHeads

    let definition =
        Definition.create
            "UNetEncoder"
            [
                inChannels
                channels
                channelAttention
                positionEmbeddingDim
                contextEmbeddingDim
                numAttentionHeads
            ]
            (fun arguments ->
                let widths = arguments.Get channels

                let flags = DiffusionParts.padded widths.Length (arguments.Get channelAttention)

                let levels =
                    DiffusionParts.levels
                        FeatureIntegrationModule.definition
                        arguments
                        (arguments.Get inChannels :: widths)
                        flags

                init {
                    let! _ = child "blocks" levels
                    let! pool = child "pool" (ConvolutionEdits.usualPool 2)

                    return
                        forwardMany (DiffusionParts.inputs arguments [ "input"; "t" ]) (fun inputs ->
                            let mutable x = inputs[0]

                            [
                                for i in 0 .. widths.Length - 1 do
                                    if i > 0 then x <- call pool x
                                    x <- callOn (at $"blocks.{string i}") (x :: inputs[1..])
                                    x
                            ])
                })
        |> Definition.withCheck (fun arguments -> DiffusionParts.flags arguments channels channelAttention)
        |> Definition.withDocumentation
            "The encoder of an attention U-Net: levels, each half as large as the one before."
        |> Definition.withShapes
            "(N, in_channels, H, W), a time (N, position_embedding_dim), and a context (N, S, context_embedding_dim) → what each level gives"
        |> Definition.withSource "Deeplay, AttentionUNet"
        |> Definition.withExample
            [
                inChannels => 1
                channels => [ 8; 16 ]
                channelAttention => [ false; true ]
                positionEmbeddingDim => 16
            ]
            [ Spatial.input 2 1 8; Example.tensor [ 2; 16 ] ]
