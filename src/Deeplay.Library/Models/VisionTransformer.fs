namespace Deeplay.Library

open Deeplay.Core
open Deeplay.FSharp

/// A published size of vision transformer.
type internal VisionTransformerSize =
    {
        Name: string
        ImageSize: int
        PatchSize: int
        NumLayers: int
        NumHeads: int
        HiddenDim: int
        MlpDim: int
    }

/// The keys of a vision transformer; of a published size where one is given.
type internal VisionTransformerKeys(size: VisionTransformerSize option) =
    let sized (key: Param<int>) (get: VisionTransformerSize -> int) =
        match size with
        | Some size -> Param.withDefault (get size) key
        | None -> key

    member val inChannels = Patchify.inChannels |> Param.withDefault 3
    member val imageSize = sized VisionParts.imageSize _.ImageSize
    member val patchSize = sized VisionParts.patchSize _.PatchSize
    member val numLayers = sized (Key.count "num_layers" "The number of blocks of the transformer.") _.NumLayers
    member val numHeads = sized (Key.positive "num_heads" "The number of heads, which divides hidden_dim.") _.NumHeads
    member val hiddenDim = sized (Key.positive "hidden_dim" "The width of the transformer.") _.HiddenDim

    member val mlpDim =
        sized (Key.positive "mlp_dim" "The width inside of the feed-forward network of each block.") _.MlpDim

    member val numClasses = Key.positive "num_classes" "The number of classes." |> Param.withDefault 1000

    /// The example: a small one, or one of a published size as it is.
    member keys.Shown: Definition -> Definition =
        match size with
        | Some size -> Definition.withExample [] [ Example.tensor [ 1; 3; size.ImageSize; size.ImageSize ] ]
        | None ->
            Definition.withExample
                [
                    keys.imageSize => 32
                    keys.patchSize => 8
                    keys.numLayers => 2
                    keys.numHeads => 4
                    keys.hiddenDim => 32
                    keys.mlpDim => 64
                    keys.numClasses => 10
                ]
                [ Spatial.input 2 3 32 ]

/// A vision transformer as torchvision has it; a published size where one is given.
[<Group "Models">]
type internal VisionTransformer(size: VisionTransformerSize option) as this =
    inherit VisionTransformerKeys(size)

    // Source: torchvision, models/vision_transformer.py, the constructors. A truncated normal distribution that is cut at
    // more than twenty standard deviations is a normal one.
    member private _.Initialize(arguments: Arguments) : Init<unit> =
        let tensor (name: string) = Initialization.tensors => [ name ]

        let act target action given : Init<unit> =
            fun builder -> builder.Change(Tag.parse target, Verbs.act action (Map.ofList given), false)

        init {
            match arguments.TryGet this.inChannels with
            | Some channels ->
                let fan = channels * pown (arguments.Get this.patchSize) 2
                let std = sqrt (1.0 / float fan)

                do!
                    act
                        "patch_embedder.layer"
                        Initialization.normal
                        [ Initialization.std => std; Initialization.bias => Some 0.0 ]
            | None -> ()

            for i in 0 .. arguments.Get this.numLayers - 1 do
                for k in 0..1 do
                    let linear = $"transformer_encoder.blocks.{string i}.feed_forward.layer.blocks.{string k}.layer"
                    do! act linear Initialization.xavierUniform []
                    do! act linear Initialization.normal [ tensor "bias"; Initialization.std => 1e-6 ]

            do!
                act
                    "head"
                    Initialization.constant
                    [ Initialization.weight => Some 0.0; Initialization.bias => Some 0.0 ]
        }

    member private _.Body(arguments: Arguments) : Init<Forward> =
        let width, layers = arguments.Get this.hiddenDim, arguments.Get this.numLayers

        let encoder =
            Map.ofList
                [
                    TransformerEncoderLayer.inFeatures => width
                    TransformerEncoderLayer.hiddenFeatures => List.replicate (layers - 1) width
                    TransformerEncoderLayer.outFeatures => width
                    TransformerEncoderLayer.numHeads => arguments.Get this.numHeads
                    TransformerEncoderLayer.dimFeedforward => arguments.Get this.mlpDim
                    TransformerEncoderLayer.batchFirst => true
                    TransformerEncoderLayer.normFirst => true
                ]
            |> Spec.create TransformerEncoderLayer.definition

        let norm = Map.ofList [ LayerNorm.normalizedShape => [ width ]; LayerNorm.eps => 1e-6 ]
        let head = Map.ofList [ Linear.inFeatures => width; Linear.outFeatures => arguments.Get this.numClasses ]

        init {
            let! embed = VisionParts.embed arguments width Initial.zeros 0.02
            let! encoder = child "transformer_encoder" encoder
            let! normalization = child "normalization" (Spec.create LayerNorm.definition norm)
            let! head = child "head" (Spec.create Linear.definition head)

            for i in 0 .. layers - 1 do
                let block = $"transformer_encoder.blocks.{string i}"
                do! VisionParts.gelu $"{block}.feed_forward.layer.blocks.0.activation"

                for half in [ "multihead"; "feed_forward" ] do
                    do! configure (at $"{block}.{half}.normalization") LayerNorm.eps.Name 1e-6

            do! this.Initialize arguments
            return forward (embed >> call encoder >> call normalization >> Op.select 1 0 >> call head)
        }

    member val definition: Definition =
        let documentation =
            match size with
            | Some size -> $"A vision transformer of the size {size.Name}, with the parameters of torchvision's."
            | None ->
                "A vision transformer: attention between the patches of an image and a class token, and a linear layer over what the token becomes."

        let parameters: Param list =
            [
                this.imageSize
                this.patchSize
                this.numLayers
                this.numHeads
                this.hiddenDim
                this.mlpDim
                this.inChannels
                this.numClasses
            ]

        let id = size |> Option.map _.Name |> Option.defaultValue "VisionTransformer"

        Definition.create id parameters (fun arguments -> this.Body arguments)
        |> Definition.withDocumentation documentation
        |> Definition.withCheck VisionParts.patchesFit
        |> Definition.withShapes "(N, in_channels, image_size, image_size) → (N, num_classes)"
        |> Definition.withSource "Dosovitskiy et al., 2020, An Image is Worth 16x16 Words"
        |> Definition.withSource "torchvision, VisionTransformer"
        |> this.Shown

[<AutoOpen>]
module internal VisionTransformers =
    let private published name patch layers heads width inside =
        VisionTransformer(
            Some
                {
                    Name = name
                    ImageSize = 224
                    PatchSize = patch
                    NumLayers = layers
                    NumHeads = heads
                    HiddenDim = width
                    MlpDim = inside
                }
        )

    let VisionTransformer = VisionTransformer None
    let ViTB16 = published "ViTB16" 16 12 12 768 3072
    let ViTB32 = published "ViTB32" 32 12 12 768 3072
    let ViTL16 = published "ViTL16" 16 24 16 1024 4096
    let ViTL32 = published "ViTL32" 32 24 16 1024 4096
