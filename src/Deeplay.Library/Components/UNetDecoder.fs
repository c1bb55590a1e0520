namespace Deeplay.Library

open Deeplay.Core
open Deeplay.FSharp

module internal UNetDecoderBlock =
    let inChannels = DiffusionParts.inChannels
    let outChannels = DiffusionParts.outChannels
    let positionEmbeddingDim = DiffusionParts.positionEmbeddingDim
    let contextEmbeddingDim = DiffusionParts.contextEmbeddingDim
    let numAttentionHeads = DiffusionParts.numAttentionHeads
    let enableAttention = FeatureIntegrationModule.enableAttention

    // A kind of its own, so that a size that was odd on the way down is told of the level where it does not fit.
    let definition =
        Definition.create
            "UNetDecoderBlock"
            [
                inChannels
                outChannels
                positionEmbeddingDim
                contextEmbeddingDim
                numAttentionHeads
                enableAttention
            ]
            (fun arguments ->
                init {
                    let! larger =
                        DiffusionParts.spec
                            ConvTranspose2d.definition
                            [
                                "in_channels", arguments["in_channels"]
                                "out_channels", arguments["out_channels"]
                                "kernel_size", Int 2L
                                "stride", Int 2L
                            ]
                        |> child "0"

                    let! features =
                        DiffusionParts.level
                            FeatureIntegrationModule.definition
                            arguments
                            // What is as large from the encoder is beside it.
                            (DiffusionParts.whole (2 * arguments.Get outChannels))
                            arguments["out_channels"]
                            arguments["enable_attention"]
                        |> child "1"

                    return
                        forwardOf (DiffusionParts.inputs arguments [ "input"; "feature_map"; "t" ]) (fun inputs ->
                            callOn features (Op.cat 1 [ call larger inputs[0]; inputs[1] ] :: inputs[2..]))
                })
        |> Definition.withDocumentation
            "A level of the decoder of an attention U-Net: what comes from below, twice as large, beside what the encoder gave."
        |> Definition.withShapes
            "(N, in_channels, H, W), (N, out_channels, 2H, 2W), a time and a context → (N, out_channels, 2H, 2W)"
        |> Definition.withSource "Deeplay, AttentionUNet"
        |> Definition.withExample
            [ inChannels => 16; outChannels => 8; positionEmbeddingDim => 16 ]
            [ Spatial.input 2 16 4; Spatial.input 2 8 8; Example.tensor [ 2; 16 ] ]

module internal UNetDecoder =
    let channels = DiffusionParts.channels
    let channelAttention = DiffusionParts.channelAttention
    let positionEmbeddingDim = DiffusionParts.positionEmbeddingDim
    let contextEmbeddingDim = DiffusionParts.contextEmbeddingDim
    let numAttentionHeads = DiffusionParts.numAttentionHeads

    let definition =
        Definition.create
            "UNetDecoder"
            [ channels; channelAttention; positionEmbeddingDim; contextEmbeddingDim; numAttentionHeads ]
            (fun arguments ->
                let widths = List.rev (arguments.Get channels)
                let flags = arguments.Get channelAttention |> DiffusionParts.padded widths.Length |> List.rev
                let above = widths.Length - 1

                let levels = DiffusionParts.levels UNetDecoderBlock.definition arguments widths (List.tail flags)
                let maps = [ for i in 0 .. above - 1 -> $"feature_map_{string i}" ]

                init {
                    let! _ = child "blocks" levels

                    return
                        forwardOf (DiffusionParts.inputs arguments ("input" :: maps @ [ "t" ])) (fun inputs ->
                            let maps, others = inputs.Tail |> List.splitAt above

                            (inputs.Head, List.indexed (List.rev maps))
                            ||> List.fold (fun x (i, map) -> callOn (at $"blocks.{string i}") (x :: map :: others)))
                })
        |> Definition.withCheck (fun arguments -> DiffusionParts.flags arguments channels channelAttention)
        |> Definition.withDocumentation
            "The decoder of an attention U-Net: levels, each twice as large as the one before."
        |> Definition.withShapes
            "what the last level of the encoder gave, what the others gave, a time and a context → (N, channels of the first level, H, W)"
        |> Definition.withSource "Deeplay, AttentionUNet"
        |> Definition.withExample
            [ channels => [ 8; 16 ]; channelAttention => [ false; true ]; positionEmbeddingDim => 16 ]
            [ Spatial.input 2 16 4; Spatial.input 2 8 8; Example.tensor [ 2; 16 ] ]
