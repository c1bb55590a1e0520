namespace Deeplay.Library

open Deeplay.Core
open Deeplay.FSharp

/// What the parts of an attention U-Net have in common. Names, widths and the order of children: Deeplay,
/// components/diffusion/attention_unet.py.
module internal DiffusionParts =
    let inChannels = Key.positive "in_channels" "The channels of what comes in."
    let outChannels = Key.positive "out_channels" "The channels of what comes out."

    let channels =
        Param.list (Param.int "channels" |> Param.atLeast 1)
        |> Param.withCheck "a list of one positive int or more" (fun widths ->
            not widths.IsEmpty && List.forall (fun width -> width > 0) widths)
        |> Param.withDocumentation "The channels of each level, the largest images first."

    let channelAttention =
        Param.list (Param.bool "channel_attention")
        |> Param.withDocumentation "Whether a level has attention, for each of them."

    let positionEmbeddingDim =
        Key.positive "position_embedding_dim" "The size of the vector that stands for the time."

    let contextEmbeddingDim =
        Key.positive
            "context_embedding_dim"
            "The size of the vectors of a context, such as a text, that the levels attend to; null for no context."
        |> Key.nullable

    let numAttentionHeads =
        Param.ints "num_attention_heads"
        |> Param.withCheck "two positive ints" (fun heads -> heads.Length = 2 && List.forall ((<) 0) heads)
        |> Param.withDefault [ 1; 1 ]
        |> Param.withDocumentation "The heads of self-attention, and those of cross-attention."

    let spec (definition: Definition) settings = Spec.create definition (BlockChain.given settings)
    let whole (number: int) = Int(int64 number)

    /// Whether there is a context, as an input behind the others.
    let hasContext (arguments: Arguments) = arguments.TryGet contextEmbeddingDim |> Option.isSome

    let inputs (arguments: Arguments) names = names @ [ if hasContext arguments then "context" ]

    /// Those settings that parts have as the whole has them.
    let shared (arguments: Arguments) =
        [ contextEmbeddingDim.Name; numAttentionHeads.Name ] |> List.map (fun name -> name, arguments[name])

    /// What is wrong where there is not a flag for each level.
    let flags (arguments: Arguments) (channels: Param<int list>) (flags: Param<bool list>) : (Param * string) list =
        match arguments.TryGet channels, arguments.TryGet flags with
        | Some widths, Some given when widths.Length <> given.Length ->
            [ flags, $"a bool for each of the {string widths.Length} channels" ]
        | _ -> []

    /// A flag for each level, whatever is given: what is wrong is told by a check, which comes later.
    let padded (count: int) (flags: bool list) : bool list =
        List.init count (fun i -> List.tryItem i flags |> Option.defaultValue false)

    /// A part of one level, between these channels, that is told of a time as the whole is.
    let level
        (definition: Definition)
        (arguments: Arguments)
        (input: Value)
        (output: Value)
        (isAttending: Value)
        : ModuleSpec =
        [
            inChannels.Name, input
            outChannels.Name, output
            positionEmbeddingDim.Name, arguments[positionEmbeddingDim.Name]
            "enable_attention", isAttending
        ]
        @ shared arguments
        |> spec definition

    /// A convolution, a normalization over each image and an activation.
    let block (input: int) (output: int) : ModuleSpec =
        TransformerParts.named
            [
                "layer",
                spec
                    Conv2d.definition
                    [
                        "in_channels", whole input
                        "out_channels", whole output
                        "kernel_size", Int 3L
                        "padding", Int 1L
                    ]
                "normalization", spec GroupNorm.definition [ "num_groups", Int 1L; "num_channels", whole output ]
                "activation", spec GELU.definition []
            ]

    let list (specs: ModuleSpec list) : ModuleSpec =
        spec LayerList.definition [ LayerList.layers.Name, List(List.map Module specs) ]

    /// Such parts one after another, between neighbours of these widths, as a list: each but the first width with its flag.
    let levels (definition: Definition) (arguments: Arguments) (widths: int list) (flags: bool list) : ModuleSpec =
        List.zip (List.pairwise widths) flags
        |> List.map (fun ((input, output), flag) -> level definition arguments (whole input) (whole output) (Bool flag))
        |> list

    let linear (input: Value) (output: Value) = spec Linear.definition [ "in_features", input; "out_features", output ]

module internal AttentionBlock =
    let channels = Key.positive "channels" "The channels of the image, which attention keeps."
    let contextEmbeddingDim = DiffusionParts.contextEmbeddingDim
    let numAttentionHeads = DiffusionParts.numAttentionHeads

    let definition =
        Definition.create "AttentionBlock" [ channels; contextEmbeddingDim; numAttentionHeads ] (fun arguments ->
            let width = arguments[channels.Name]

            let norm () = DiffusionParts.spec LayerNorm.definition [ LayerNorm.normalizedShape.Name, List [ width ] ]

            let attention place =
                DiffusionParts.spec
                    MultiheadAttention.definition
                    [
                        "embed_dim", width
                        "num_heads", DiffusionParts.whole (arguments.Get numAttentionHeads).[place]
                        "batch_first", Bool true
                    ]

            init {
                let! norm1 = child "layer_norm1" (norm ())
                let! self = child "self_attention" (attention 0)

                let! cross =
                    if DiffusionParts.hasContext arguments then
                        init {
                            let! cross = child "cross_attention" (attention 1)
                            let! norm2 = child "layer_norm2" (norm ())

                            let! projection =
                                DiffusionParts.linear arguments[contextEmbeddingDim.Name] width
                                |> child "context_projection"

                            return Some(cross, norm2, projection)
                        }
                    else
                        init { return None }

                let! norm3 = child "layer_norm3" (norm ())

                let! feedForward =
                    [
                        DiffusionParts.linear width width
                        DiffusionParts.spec GELU.definition []
                        DiffusionParts.linear width width
                    ]
                    |> List.map Module
                    |> fun layers -> DiffusionParts.spec Sequential.definition [ Sequential.layers.Name, List layers ]
                    |> child "feed_forward"

                return
                    forwardOf (DiffusionParts.inputs arguments [ "input" ]) (fun inputs ->
                        // All places of an image are one sequence.
                        let x = inputs[0] |> Op.permute [ 0; 2; 3; 1 ] |> call norm1
                        let x = x + callOn self [ x; x; x ]

                        let x =
                            match cross with
                            | Some(cross, norm2, projection) ->
                                let context = call projection inputs[1]
                                x + callOn cross [ call norm2 x; context; context ]
                            | None -> x

                        x + (x |> call norm3 |> call feedForward) |> Op.permute [ 0; 3; 1; 2 ])
            })
        |> Definition.withDocumentation
            "Attention of all places of an image to each other, then to a context where there is one, and a feed-forward network."
        |> Definition.withShapes
            "(N, channels, H, W), and a context (N, S, context_embedding_dim) → (N, channels, H, W)"
        |> Definition.withSource "Deeplay, AttentionUNet"
        |> Definition.withExample [ channels => 8 ] [ Spatial.input 2 8 4 ]
