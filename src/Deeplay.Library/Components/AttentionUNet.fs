namespace Deeplay.Library

open Deeplay.Core
open Deeplay.FSharp

module internal AttentionUNet =
    let inChannels = DiffusionParts.inChannels |> Param.withDefault 1
    let channels = DiffusionParts.channels |> Param.withDefault [ 32; 64; 128 ]

    let channelAttention =
        Param.list (Param.bool "channel_attention")
        |> Key.optional "Whether a level has attention, for each of them; all have where null."

    let baseChannels =
        Param.list (Param.int "base_channels" |> Param.atLeast 1)
        |> Param.withCheck "a list of one positive int or more" (fun widths ->
            not widths.IsEmpty && List.forall (fun width -> width > 0) widths)
        |> Param.withDefault [ 256; 256 ]
        |> Param.withDocumentation "The channels of the blocks between encoder and decoder but the last."

    let outChannels = DiffusionParts.outChannels |> Param.withDefault 1
    let positionEmbeddingDim = DiffusionParts.positionEmbeddingDim |> Param.withDefault 16

    let numClasses =
        Key.positive "num_classes" "The number of classes, of which each image is told its own; null for none."
        |> Key.nullable

    let contextEmbeddingDim = DiffusionParts.contextEmbeddingDim
    let numAttentionHeads = DiffusionParts.numAttentionHeads

    let private flags (arguments: Arguments) =
        arguments.Get channelAttention
        |> Option.defaultWith (fun () -> List.replicate (arguments.Get channels).Length true)

    let private check (arguments: Arguments) : (Param * string) list =
        match arguments.TryGet channels, arguments.TryGet channelAttention with
        | Some widths, Some(Some given) when widths.Length <> given.Length ->
            [ channelAttention, $"a bool for each of the {string widths.Length} channels" ]
        | _ -> []

    let definition =
        Definition.create
            "AttentionUNet"
            [
                inChannels
                channels
                channelAttention
                baseChannels
                outChannels
                positionEmbeddingDim
                numClasses
                contextEmbeddingDim
                numAttentionHeads
            ]
            (fun arguments ->
                let widths, inside = arguments.Get channels, arguments.Get baseChannels

                let shared =
                    [
                        "channels", arguments["channels"]
                        "channel_attention", List(flags arguments |> List.map Bool)
                        positionEmbeddingDim.Name, arguments[positionEmbeddingDim.Name]
                    ]
                    @ DiffusionParts.shared arguments

                init {
                    let! classes =
                        match arguments[numClasses.Name] with
                        | Int _ as count ->
                            init {
                                let! classes =
                                    DiffusionParts.spec
                                        Embedding.definition
                                        [
                                            Embedding.numEmbeddings.Name, count
                                            Embedding.embeddingDim.Name, arguments[positionEmbeddingDim.Name]
                                        ]
                                    |> child "class_embedding"

                                return Some classes
                            }
                        | _ -> init { return None }

                    let! encoder =
                        ("in_channels", arguments["in_channels"]) :: shared
                        |> DiffusionParts.spec UNetEncoder.definition
                        |> child "encoder"

                    let! middle =
                        List.pairwise (List.last widths :: inside @ [ List.last widths ])
                        |> List.map (fun (input, output) -> DiffusionParts.block input output)
                        |> DiffusionParts.list
                        |> child "base_blocks"

                    let! decoder = child "decoder" (DiffusionParts.spec UNetDecoder.definition shared)

                    let! output =
                        DiffusionParts.spec
                            Conv2d.definition
                            [
                                "in_channels", DiffusionParts.whole widths.Head
                                "out_channels", arguments["out_channels"]
                                "kernel_size", Int 1L
                            ]
                        |> child "output"

                    let names = [ "input"; "t"; if classes.IsSome then "y" ]

                    return
                        forwardOf (DiffusionParts.inputs arguments names) (fun inputs ->
                            let time, context =
                                match classes with
                                | Some classes -> inputs[1] + call classes inputs[2], inputs[3..]
                                | None -> inputs[1], inputs[2..]

                            let maps = callMany widths.Length encoder (inputs[0] :: time :: context)
                            let lowest = chain middle (List.last maps)
                            let others = List.take (widths.Length - 1) maps
                            lowest :: others @ time :: context |> callOn decoder |> call output)
                })
        |> Definition.withCheck check
        |> Definition.withDocumentation
            "A U-Net with attention, which is told of a time, and perhaps of a class and of a context: what it takes out of an image is its noise, as a rule. TimestepEmbedding makes the time's vector."
        |> Definition.withShapes
            "(N, in_channels, H, W), a time (N, position_embedding_dim), a class (N) with num_classes, and a context (N, S, context_embedding_dim) → (N, out_channels, H, W), where every level can be halved"
        |> Definition.withSource "Ho et al., 2020, Denoising Diffusion Probabilistic Models"
        |> Definition.withSource "Deeplay, AttentionUNet"
        |> Definition.withExample
            [ channels => [ 8; 16 ]; baseChannels => [ 16 ] ]
            [ Spatial.input 2 1 16; Example.tensor [ 2; 16 ] ]
