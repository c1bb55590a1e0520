namespace Deeplay.Library

open Deeplay.Core
open Deeplay.FSharp

/// What vision transformers have in common.
module internal VisionParts =
    let imageSize = Key.positive "image_size" "The width and height of the images, which patch_size divides."
    let patchSize = Patchify.patchSize

    /// Says where patches don't cover an image.
    let patchesFit (arguments: Arguments) : (Param * string) list =
        match arguments.TryGet imageSize, arguments.TryGet patchSize with
        | Some image, Some patch when image % patch <> 0 -> [ imageSize, $"divisible by the patch_size {string patch}" ]
        | _ -> []

    /// Makes patches of an image, puts the class token before them, and adds to each what stands for its position.
    let embed (arguments: Arguments) (width: int) token std : Init<Sym -> Sym> =
        let side = arguments.Get imageSize / arguments.Get patchSize

        let patches =
            [
                Patchify.inChannels.Name, arguments[Patchify.inChannels.Name]
                Patchify.outFeatures.Name, Int(int64 width)
                Patchify.patchSize.Name, arguments[patchSize.Name]
            ]
            |> BlockChain.given
            |> Spec.create Patchify.definition

        let positions =
            Map.ofList
                [
                    PositionalEmbedding.features => width
                    PositionalEmbedding.maxLength => 1 + side * side
                    PositionalEmbedding.initializer => "normal"
                    PositionalEmbedding.std => std
                    PositionalEmbedding.learnable => true
                    PositionalEmbedding.batchFirst => true
                ]
            |> Spec.create PositionalEmbedding.definition

        init {
            let! token = parameter "cls_token" [ 1; 1; width ] token
            let! patchEmbedder = child "patch_embedder" patches
            let! positionalEmbedder = child "positional_embedder" positions

            return
                fun image ->
                    let patches = call patchEmbedder image
                    let tokens = Op.expand [ Op.size 0 patches; Op.int -1; Op.int -1 ] token
                    call positionalEmbedder (Op.cat 1 [ tokens; patches ])
        }

    /// Puts a GELU in the place of an activation.
    let gelu (tag: string) : Init<unit> =
        fun builder -> builder.Change(Tag.parse tag, Verbs.replace (Spec.create GELU.definition Map.empty), false)

[<Group "Models">]
module internal ViT =
    let inChannels = Patchify.inChannels
    let imageSize = VisionParts.imageSize
    let patchSize = VisionParts.patchSize

    let hiddenFeatures =
        Param.list (Param.int "hidden_features" |> Param.atLeast 1)
        |> Param.withCheck "one positive int or more, the last at least 4" (fun widths ->
            not widths.IsEmpty && List.last widths >= 4)
        |> Param.withDocumentation
            "The width of each block of the transformer; the head narrows to a half and a quarter of the last."

    let outFeatures = Key.positive "out_features" "The number of features of the output."
    let numHeads = TransformerEncoderLayer.numHeads
    let outActivation = BlockChain.outActivation

    let private body (arguments: Arguments) : Init<Forward> =
        let widths = arguments.Get hiddenFeatures
        let first, last = widths.Head, List.last widths

        let encoder =
            Map.ofList
                [
                    TransformerEncoderLayer.inFeatures => first
                    TransformerEncoderLayer.hiddenFeatures => List.take (widths.Length - 1) widths
                    TransformerEncoderLayer.outFeatures => last
                    TransformerEncoderLayer.numHeads => arguments.Get numHeads
                    TransformerEncoderLayer.batchFirst => true
                    TransformerEncoderLayer.normFirst => true
                ]
            |> Spec.create TransformerEncoderLayer.definition

        let top =
            [
                MultiLayerPerceptron.inFeatures.Name, Int(int64 last)
                MultiLayerPerceptron.hiddenFeatures.Name, List [ Int(int64 (last / 2)); Int(int64 (last / 4)) ]
                MultiLayerPerceptron.outFeatures.Name, arguments[outFeatures.Name]
                MultiLayerPerceptron.outActivation.Name, arguments[outActivation.Name]
            ]
            |> BlockChain.given
            |> Spec.create MultiLayerPerceptron.definition

        let order = [ "normalization"; "layer"; "activation"; "dropout" ]

        init {
            let! embed = VisionParts.embed arguments first (Initial.normal 0.0 1.0) 1.0
            let! encoder = child "transformer_encoder" encoder
            let! top = child "dense_top" top

            for i in 0 .. widths.Length - 1 do
                for k in 0..1 do
                    do!
                        VisionParts.gelu
                            $"transformer_encoder.blocks.{string i}.feed_forward.layer.blocks.{string k}.activation"

            for i in 0..2 do
                do! configure (top / $"blocks.{string i}") LinearBlock.order.Name order

            for i in 0..1 do
                do! VisionParts.gelu $"dense_top.blocks.{string i}.activation"

            return forward (embed >> call encoder >> Op.select 1 0 >> call top)
        }

    let definition =
        Definition.create
            "ViT"
            [ inChannels; imageSize; patchSize; hiddenFeatures; outFeatures; numHeads; outActivation ]
            body
        |> Definition.withDocumentation
            "A vision transformer: attention between the patches of an image and a class token, and a perceptron over what the token becomes."
        |> Definition.withCheck VisionParts.patchesFit
        |> Definition.withShapes "(N, in_channels, image_size, image_size) → (N, out_features)"
        |> Definition.withSource "Dosovitskiy et al., 2020, An Image is Worth 16x16 Words"
        |> Definition.withSource "Deeplay, ViT"
        |> Definition.withExample
            [
                inChannels => 3
                imageSize => 32
                patchSize => 8
                hiddenFeatures => [ 32; 32 ]
                outFeatures => 10
                numHeads => 4
            ]
            [ Spatial.input 2 3 32 ]
