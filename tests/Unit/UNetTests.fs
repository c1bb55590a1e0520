/// U-Nets and what they are made of: skips, sizes that fit and that do not, and other dimensions by selectors.
module Deeplay.Tests.UNetTests

open Expecto
open Deeplay.Tests
open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Library

let private unet = Components.uNet2d 1 [ 4; 8 ] 2
let private gives (expected: int64 list) (input: int64 list) spec = Assert.equal expected (Module.inferShape input spec)

[<Tests>]
let tests =
    testList
        "UNetTests"
        [
            // In Python Deeplay they fail.
            testCase "the defaults work" (fun () ->
                let spec = Module.create [] UNet2d.definition
                spec |> gives [ 1; 1; 32; 32 ] [ 1; 3; 32; 32 ]
                Assert.equal 1024 (Module.argument "decoder.blocks.0" Conv2dBlock.inChannels spec))

            testCase "a size that does not fit is an error with both shapes, before anything runs" (fun () ->
                let problem = Recorded.problem (fun () -> unet |> Module.inferShape [ 1; 1; 15; 16 ])

                for part in [ "skip (Cat)"; "(1, 8, 7, 8)"; "(1, 8, 6, 8)" ] do
                    Assert.containsText part problem)

            testCase "what skips give decides what the decoder's blocks take" (fun () ->
                let widths (spec: ModuleSpec) =
                    Tree.walk (Module.construct spec)
                    |> Seq.choose (fun (tag, node, _) ->
                        if tag.Depth = 3 && string tag |> _.StartsWith("decoder.blocks") then
                            Some node.Arguments["in_channels"]
                        else
                            None)
                    |> List.ofSeq

                Assert.equal [ Int 16L; Int 8L ] (widths unet)
                let add = unet |> Module.configure UNet2d.skip Layers.add
                Assert.equal [ Int 8L; Int 4L ] (widths add)
                add |> gives [ 1; 2; 16; 16 ] [ 1; 1; 16; 16 ]
                // A width of the encoder that is set later, even in a block.
                let wide = unet |> Module.select "encoder/blocks/0" (Module.configure Conv2dBlock.outChannels 6)
                Assert.equal [ Int 16L; Int 10L ] (widths wide)
                // Of another merge nobody knows before the shapes do.
                let other = unet |> Module.configure UNet2d.skip (Layers.cat -3)
                other |> gives [ 1; 2; 16; 16 ] [ 1; 1; 16; 16 ]
                // The user's own word.
                let own = unet |> Module.select "decoder/blocks/0" (Module.configure Conv2dBlock.inChannels 5)
                Assert.equal [ Int 5L; Int 8L ] (widths own))

            testCase "as many blocks down as up, or an error that says so" (fun () ->
                let spec = unet |> Module.configure UNet2d.decoderChannels (Some [ 8; 8; 8 ])

                Assert.containsText
                    "its encoder has 2 blocks and its decoder 4"
                    (Recorded.problem (fun () -> Module.construct spec)))

            testCase "a bottleneck of no block, of one and of several" (fun () ->
                for channels, expected in
                    [ [], "Identity"; [ 6 ], "ConvolutionalNeuralNetwork"; [ 6; 7 ], "ConvolutionalNeuralNetwork" ] do
                    let spec =
                        Components.convolutionalEncoderDecoder2d 1 [ 4; 8 ] 1
                        |> Module.configure "bottleneck_channels" channels

                    Assert.equal expected (Tree.find (Tag.parse "bottleneck") (Module.construct spec)).Definition.Id
                    spec |> gives [ 1; 1; 16; 16 ] [ 1; 1; 16; 16 ])

            testCase "an encoder without a channel is an error" (fun () ->
                Assert.containsText
                    "a list of one positive int or more"
                    (Recorded.problem (fun () -> Components.uNet2d 1 [] 1)))

            // What a program did with Python Deeplay: see the eighth of the real programs.
            testCase "an encoder and decoder of images becomes one of signals by selectors" (fun () ->
                let like (definition: Definition) (arguments: (string * Value) list) =
                    Module.become (Module.create arguments definition)

                let spec =
                    Components.convolutionalEncoderDecoder2d 1 [ 8; 8; 8 ] 1
                    |> Module.select
                        ".../layer"
                        (like Conv1d.definition [ "kernel_size", Int 4L; "padding", Text "same" ])
                    |> Module.select ".../pool" (like MaxPool1d.definition [ "kernel_size", Int 4L; "stride", Int 4L ])
                    |> Module.select
                        ".../upsample"
                        (like ConvTranspose1d.definition [ "kernel_size", Int 4L; "stride", Int 4L ])

                spec |> gives [ 16; 1; 1024 ] [ 16; 1; 1024 ])

            testCase "networks one after another, with a head whose width is inferred" (fun () ->
                let cnn = Components.convolutionalNeuralNetwork 3 [ 16; 16; 32 ] 32

                // Blood smears, location of a particle, location without labels.
                Layers.sequential
                    [
                        cnn |> Module.select "blocks/2" (Block.pooled (Layers.maxPool2d 2))
                        Layers.adaptiveAvgPool2d [ 1 ]
                        Components.multiLayerPerceptron 32 [] 1
                    ]
                |> gives [ 4; 1 ] [ 4; 3; 28; 28 ]

                Layers.sequential
                    [
                        Components.convolutionalNeuralNetwork 1 [ 16; 32 ] 64
                        |> Module.configure "pool" (Layers.maxPool2d 2)
                        |> Module.configure "out_activation" Layers.relu
                        Layers.maxPool2d 2
                        Layers.flatten
                        Components.multiLayerPerceptron 2304 [ 32; 32 ] 2
                    ]
                |> gives [ 4; 2 ] [ 4; 1; 51; 51 ]

                Layers.sequential
                    [
                        Components.convolutionalNeuralNetwork 1 [ 16; 32; 64 ] 128
                        |> Module.configure "pool" (Layers.maxPool2d 2)
                        Layers.flatten
                        Layers.lazyLinear 2
                    ]
                |> gives [ 1; 2 ] [ 1; 1; 51; 51 ]

                // Active learning: the last block is the end of the trunk.
                let trunk =
                    Components.convolutionalNeuralNetwork 1 [ 64; 64; 64; 64 ] 128
                    |> Block.pooled ()
                    |> Module.select
                        "blocks/-1"
                        (Block.append (Layers.adaptiveAvgPool2d [ 1 ]) >> Block.append Layers.flatten)

                Layers.sequential [ trunk; Components.multiLayerPerceptron 128 [] 10 ]
                |> gives [ 4; 10 ] [ 4; 1; 28; 28 ])
        ]
