namespace Deeplay.Torch

/// How torchvision names the weights of models of the library: rules for reading a state dict of torchvision's.
///
///     StateDict.loadWith { StateDict.loading with Names = TorchvisionNames.resNet18 } "resnet18.safetensors" model
[<RequireQualifiedAccess>]
module TorchvisionNames =
    // Source: torchvision, models/resnet.py: the children of ResNet, BasicBlock and Bottleneck.
    let private rules (trunk: string) convolutions : NameRule list =
        let inBlock name becomes =
            ReplaceRegex($@"^layer(\d)\.(\d+)\.{name}\.", $"{trunk}blocks.$1.blocks.$2.{becomes}.")

        [
            ReplacePrefix("conv1.", $"{trunk}blocks.0.layer.")
            ReplacePrefix("bn1.", $"{trunk}blocks.0.normalization.")
            for i in 1..convolutions do
                inBlock $"conv{string i}" $"blocks.{string (i - 1)}.layer"
                inBlock $"bn{string i}" $"blocks.{string (i - 1)}.normalization"
            inBlock @"downsample\.0" "shortcut_start.layer"
            inBlock @"downsample\.1" "shortcut_start.normalization"
        ]

    let private withoutHead = [ DropNames "fc.*" ]

    /// The names of `resnet18`, for a `ResNet18`.
    let resNet18 = rules "backbone." 2

    /// The names of `resnet34`, for a `ResNet34`.
    let resNet34 = resNet18

    /// The names of `resnet50`, for a `ResNet50`.
    let resNet50 = rules "backbone." 3

    /// The names of `resnet101`, for a `ResNet101`.
    let resNet101 = resNet50

    /// The names of `resnet18`, for a `BackboneResnet18`.
    let backboneResnet18 = rules "" 2 @ withoutHead

    /// The names of `resnet34`, for a `BackboneResnet34`.
    let backboneResnet34 = backboneResnet18

    /// The names of `resnet50`, for a `BackboneResnet50`.
    let backboneResnet50 = rules "" 3 @ withoutHead

    /// The names of `resnet101`, for a `BackboneResnet101`.
    let backboneResnet101 = backboneResnet50

    /// The names of a `ConvNeXt` of up to nine stages, such as `convnext_tiny`, for a `ConvNeXt` or `ConvNeXtTiny`.
    // Source: torchvision, models/convnext.py: the children of ConvNeXt and CNBlock.
    let convNeXt: NameRule list =
        [
            ReplacePrefix("features.0.0.", "stem.layer.")
            ReplacePrefix("features.0.1.", "stem.normalization.")
            for i in 0..8 do
                let inBlock name becomes =
                    ReplaceRegex(
                        $@"^features\.{string (2 * i + 1)}\.(\d+)\.{name}",
                        $"stages.{string i}.blocks.$1.{becomes}"
                    )

                inBlock @"block\.0\." "layer."
                inBlock @"block\.2\." "normalization."
                inBlock @"block\.3\." "feed_forward.up."
                inBlock @"block\.5\." "feed_forward.down."
                inBlock "layer_scale$" "layer_scale"

                if i > 0 then
                    ReplacePrefix($"features.{string (2 * i)}.0.", $"stages.{string i}.downsample.normalization.")
                    ReplacePrefix($"features.{string (2 * i)}.1.", $"stages.{string i}.downsample.layer.")
            ReplacePrefix("classifier.0.", "normalization.")
            ReplacePrefix("classifier.2.", "head.")
        ]

    /// The names of a `VisionTransformer` of any size, such as `vit_b_16`, for a `VisionTransformer` or `ViTB16`. Those of files
    /// from before torchvision 0.14 are read too.
    // Source: torchvision, models/vision_transformer.py: the children of VisionTransformer, Encoder, EncoderBlock and MLPBlock.
    let visionTransformer: NameRule list =
        let block = "transformer_encoder.blocks.$1"

        let inBlock name becomes =
            ReplaceRegex($@"^encoder\.layers\.encoder_layer_(\d+)\.{name}\.", $"{block}.{becomes}.")

        [
            ReplaceRegex("^class_token$", "cls_token")
            ReplacePrefix("conv_proj.", "patch_embedder.layer.")
            ReplaceRegex(@"^encoder\.pos_embedding$", "positional_embedder.embs")
            ReplacePrefix("encoder.ln.", "normalization.")
            ReplacePrefix("heads.head.", "head.")
            inBlock "ln_1" "multihead.normalization"
            inBlock "self_attention" "multihead.layer.attention"
            inBlock "ln_2" "feed_forward.normalization"
            inBlock @"mlp\.(?:0|linear_1)" "feed_forward.layer.blocks.0.layer"
            inBlock @"mlp\.(?:3|linear_2)" "feed_forward.layer.blocks.1.layer"
        ]
