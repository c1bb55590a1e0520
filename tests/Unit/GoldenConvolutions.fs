/// The convolutional blocks and networks of the golden files, by their keys.
module Deeplay.Tests.GoldenConvolutions

open System
open System.Text.RegularExpressions
open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Library

let private block = Blocks.conv2d 3 8
let private padded = block |> Module.configure Conv2dBlock.padding [ 1 ]
let private cnn = Components.convolutionalNeuralNetwork
let private encoder = Components.convolutionalEncoder2d 3 [ 8; 16 ] 32
let private unet = Components.uNet2d 1 [ 8; 16 ] 1
let private sigmoid = Module.configure "out_activation" Sigmoid.definition

let specs: (string * ModuleSpec) list =
    [
        "conv2dblock", block
        "conv2dblock_norm_act_pool", padded |> Block.normalized () |> Block.activated () |> Block.pooled ()
        "conv2dblock_upsampled", padded |> Block.upsampled ()
        "conv2dblock_residual", block |> Style.residual ()
        "conv2dblock_resnet", Blocks.conv2d 8 16 |> Style.resnet (stride = 2)
        "conv2dblock_spatial_self_attention", Blocks.conv2d 8 8 |> Style.spatialSelfAttention (toChannelLast = true)
        "cnn_default", cnn 3 [ 4 ] 1
        "cnn_empty_hidden", cnn 3 [] 1
        "cnn_lazy", Components.lazyConvolutionalNeuralNetwork [ 4 ] 1
        "cnn_norm", cnn 3 [ 4; 4 ] 1 |> Block.normalized ()
        "cnn_out_sigmoid", cnn 3 [ 4 ] 1 |> sigmoid
        "cnn_pool_type", cnn 3 [ 4; 4 ] 1 |> Module.configure "pool" (Layers.maxPool2d 2)
        "cnn_pooled", cnn 3 [ 4; 4 ] 1 |> Block.pooled ()
        "cnn_strided", cnn 3 [ 4; 4 ] 1 |> Block.strided 2
        "encoder2d", encoder
        "encoder2d_flatten", encoder |> Module.configure "postprocess" Layers.flatten
        "encoder2d_norm", encoder |> Block.normalized ()
        "decoder2d", Components.convolutionalDecoder2d 32 [ 16; 8 ] 1
        "decoder2d_sigmoid", Components.convolutionalDecoder2d 32 [ 16; 8 ] 1 |> sigmoid
        "encdec2d",
        Components.convolutionalEncoderDecoder2d 3 [ 8; 16; 32 ] 1
        |> Module.configure "decoder_channels" [ 16; 8 ]
        "encdec2d_bottleneck",
        Components.convolutionalEncoderDecoder2d 3 [ 8; 16 ] 2
        |> Module.configure "bottleneck_channels" [ 32; 32 ]
        |> Module.configure "decoder_channels" [ 8 ]
        |> sigmoid
        "unet2d_16_32_64", Components.uNet2d 1 [ 16; 32; 64 ] 1
        "unet2d_channels_kw", Components.uNet2d 3 [ 8; 16 ] 2
        "unet2d_norm",
        unet
        |> Module.select "encoder, bottleneck" (Block.normalized ())
        |> Module.select "decoder" (Block.normalized (afterLastLayer = false))
        "unet2d_out_sigmoid", unet |> sigmoid
        "backbone_resnet18", Models.backboneResnet18
        "dcgan_generator", Models.dcganGenerator
        "dcgan_discriminator", Models.dcganDiscriminator
        "dcgan_discriminator_cond",
        Models.dcganDiscriminator |> Module.configure DCGANDiscriminator.classConditionedModel true
        "cyclegan_generator", Models.cycleGANResnetGenerator
        "cyclegan_discriminator", Models.cycleGANDiscriminator
    ]

/// What of a golden file is not as Python Deeplay has it, and why.
[<NoComparison; NoEquality>]
type Difference =
    {
        Reason: string
        /// What is printed of the modules, as it should be.
        Print: string -> string
        /// Whether there should be a parameter of this name.
        Keeps: string -> bool
        /// Whether there should be a module of this tag.
        Holds: string -> bool
    }

/// Attention as it is printed here.
let attention =
    {
        Reason =
            "Attention is one layer here, with PyTorch's parameters: its projection is nothing that could be changed alone."
        Print =
            fun text -> Regex.Replace(text, @"MultiheadAttention\(\s*\(out_proj\)[^\n]*\n\s*\)", "MultiheadAttention()")
        Keeps = fun _ -> true
        Holds = fun tag -> not (tag.EndsWith("out_proj", StringComparison.Ordinal))
    }

/// The golden files in which Python Deeplay does not as it should. All others hold to the letter.
let differences: Map<string, Difference> =
    Map.ofList
        [
            "backbone_resnet18",
            {
                Reason =
                    "Deeplay keeps the biases of the convolutions in front of batch norms; the published network has none (He et al., 2016; torchvision)."
                Print =
                    fun text ->
                        let convolution = @"(kernel_size=\([13], [13]\), stride=\(\d, \d\)(, padding=\(1, 1\))?)"
                        Regex.Replace(text, convolution, "$1, bias=False")
                Keeps = fun name -> not (name.EndsWith("layer.bias", StringComparison.Ordinal))
                Holds = fun _ -> true
            }
            "conv2dblock_spatial_self_attention", attention
        ]

/// The shapes of inputs where a golden file has no forward pass: in Python Deeplay it fails.
let inputs: Map<string, int64 list list> = Map.ofList [ "conv2dblock_spatial_self_attention", [ [ 2; 8; 6; 5 ] ] ]
