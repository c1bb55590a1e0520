/// Convolutional networks against PyTorch: what they give, and all gradients, with the same weights (reference/convolutions.py).
module Deeplay.Tests.ConvolutionNumbers

open System
open Expecto
open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Library
open Deeplay.Torch
open Deeplay.Tests
open Deeplay.Tests.ReferenceNumbers
open TorchSharp

let private conditioned = Module.configure "class_conditioned_model" true >> Module.configure "embedding_dim" 4

let private generator =
    Models.dcganGenerator |> Module.configure "latent_dim" 10 |> Module.configure "features_dim" 4

let private discriminator = Models.dcganDiscriminator |> Module.configure "features_dim" 4

// Models of other sizes, made as small as the one that was recorded.
let private smallConvNeXts =
    [
        for definition in
            [
                ConvNeXtTiny.definition
                ConvNeXtSmall.definition
                ConvNeXtBase.definition
                ConvNeXtLarge.definition
            ] ->
            "convnext",
            Module.create
                [
                    ConvNeXtTiny.channels => [ 8; 12 ]
                    ConvNeXtTiny.depths => [ 2; 1 ]
                    ConvNeXtTiny.numClasses => 10
                    ConvNeXtTiny.stochasticDepthProb => 0.0
                ]
                definition
    ]

let private specs: (string * ModuleSpec) list =
    smallConvNeXts
    @ [
        "cnn", Components.convolutionalNeuralNetwork 3 [ 4; 4 ] 3 |> Block.pooled () |> Block.normalized ()
        "residual", Blocks.conv2d 3 8 |> Style.residual ()
        "encoder_decoder",
        Components.convolutionalEncoderDecoder2d 3 [ 4; 8 ] 2
        |> Module.configure "bottleneck_channels" [ 8; 8 ]
        "encoder_decoder_1d", Components.convolutionalEncoderDecoder1d 3 [ 4; 8 ] 2
        "encoder_decoder_3d", Components.convolutionalEncoderDecoder3d 1 [ 2; 4 ] 1
        "unet", Components.uNet2d 1 [ 4; 8 ] 2
        "unet_add", Components.uNet2d 1 [ 4; 8; 8 ] 2 |> Module.configure UNet2d.skip Layers.add
        "unet_1d", Components.uNet1d 1 [ 4; 8 ] 2
        "unet_3d", Components.uNet3d 1 [ 2; 4 ] 1
        "spatial_self_attention", Blocks.conv2d 8 8 |> Style.spatialSelfAttention (toChannelLast = true, numHeads = 2)
        "resnet18", Models.resNet18 |> Module.configure "num_classes" 10
        "resnet34", Models.resNet34 |> Module.configure "num_classes" 10
        "resnet50", Models.resNet50 |> Module.configure "num_classes" 10
        "resnet101", Models.resNet101 |> Module.configure "num_classes" 10
        "convnext", Models.convNeXt [ 8; 12 ] [ 2; 1 ] |> Module.configure "num_classes" 10
        "dcgan_generator", generator
        "dcgan_generator_cond", conditioned generator
        "dcgan_discriminator", discriminator
        "dcgan_discriminator_cond", conditioned discriminator
        "cyclegan_generator",
        Models.cycleGANResnetGenerator |> Module.configure CycleGANResnetGenerator.nResidualBlocks 1
        "cyclegan_discriminator", Models.cycleGANDiscriminator
    ]

let private models = Recorded.read "reference" "convolutions" |> Recorded.items

/// How PyTorch's program calls a parameter of ours.
let private names name : (string list -> Map<string, string>) option =
    match name with
    | "resnet18" -> Some(published name TorchvisionNames.resNet18)
    | "resnet34" -> Some(published name TorchvisionNames.resNet34)
    | "resnet50" -> Some(published name TorchvisionNames.resNet50)
    | "resnet101" -> Some(published name TorchvisionNames.resNet101)
    | "convnext" -> Some(published name TorchvisionNames.convNeXt)
    | _ -> None

/// All networks that are compared.
let networks: Network list =
    [
        for name, spec in specs do
            let network = network name spec
            let isConditioned = name.EndsWith("_cond", StringComparison.Ordinal)

            // Where a hundred norms follow each other, rounding grows a thousandfold.
            let network =
                if List.contains name [ "resnet50"; "resnet101" ] then
                    { network with DType = torch.float64; Input = fun shape -> (single shape 1.0).requires_grad_() }
                else
                    network

            { network with
                Names = names name |> Option.defaultValue network.Names
                Inputs = fun input -> [ input; if isConditioned then torch.arange (input.size 0, dtype = torch.int64) ]
                // Of biases in front of an instance norm over many numbers.
                Rounding = if name.StartsWith("cyclegan", StringComparison.Ordinal) then 1e-4 else 0.0
            }
    ]

[<Tests>]
let tests = torchTests "ConvolutionNumbers" (ReferenceNumbers.tests models networks)
