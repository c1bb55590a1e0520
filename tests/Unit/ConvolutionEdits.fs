/// Edits and styles of convolutional blocks and networks.
module Deeplay.Tests.ConvolutionEdits

open Expecto
open Deeplay.Tests
open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Library

let private block = Blocks.conv2d 3 8 |> Module.configure Conv2dBlock.padding [ 1 ]
let private isChildren (expected: string list) spec = Assert.equal expected (Recorded.children spec)
let private at tag (spec: ModuleSpec) = Tree.find (Tag.parse tag) (Module.construct spec)
let private kindAt tag spec = (at tag spec).Definition.Id
let private gives (expected: int64 list) (input: int64 list) spec = Assert.equal expected (Module.inferShape input spec)
let private image = [ 2L; 3L; 16L; 16L ]

let private strideAt tag (spec: ModuleSpec) = Sizes.ofValue 2 (at tag spec).Arguments["stride"]

[<Tests>]
let tests =
    testList
        "ConvolutionEdits"
        [
            testCase "a pool goes in front, an upsampling behind, each once" (fun () ->
                let edited =
                    block
                    |> Block.activated ()
                    |> Block.upsampled ()
                    |> Block.pooled ()
                    |> Block.pooled (Layers.avgPool2d 4)
                    |> Block.upsampled (Layers.upsample 4.0)

                edited |> isChildren [ "pool"; "layer"; "activation"; "upsample" ]
                Assert.equal [ "AvgPool2d"; "Upsample" ] [ kindAt "pool" edited; kindAt "upsample" edited ]
                edited |> gives [ 2; 8; 16; 16 ] image)

            testCase "the same children come from arguments, and can be told apart by dimensions" (fun () ->
                for block, pool, input in
                    [
                        Blocks.conv1d 3 8, Layers.maxPool1d 2, [ 2L; 3L; 16L ]
                        Blocks.conv2d 3 8, Layers.maxPool2d 2, [ 2L; 3L; 16L; 16L ]
                        Blocks.conv3d 3 8, Layers.maxPool3d 2, [ 2L; 3L; 16L; 16L; 16L ]
                    ] do
                    let padded = block |> Module.configure "padding" 1
                    let given = padded |> Module.configure "pool" pool |> Module.configure "activation" Layers.relu
                    let edited = padded |> Block.activated () |> Block.pooled ()
                    Assert.equal (Recorded.modules edited) (Recorded.modules given)
                    Assert.equal (Module.inferShape input edited) (Module.inferShape input given))

            testCase "an upsampling has the channels of its place" (fun () ->
                let edited = block |> Block.upsampled ()
                Assert.equal 8 (Module.argument "upsample" ConvTranspose2d.inChannels edited)
                let wide = edited |> Module.configure Conv2dBlock.outChannels 5
                Assert.equal 5 (Module.argument "upsample" ConvTranspose2d.outChannels wide)
                wide |> gives [ 2; 5; 32; 32 ] image)

            // In Python Deeplay this fails.
            testCase "a transposed convolution takes the place of layer and upsampling" (fun () ->
                let edited = block |> Block.activated () |> Block.upsampled () |> Block.transposed ()
                edited |> isChildren [ "transpose"; "activation" ]
                edited |> gives [ 2; 8; 32; 32 ] image

                let kept = block |> Block.transposed (removeLayer = false)
                kept |> isChildren [ "transpose"; "layer" ]
                kept |> gives [ 2; 8; 32; 32 ] image)

            testCase "a stride takes the place of a pool, in the first of several and past them" (fun () ->
                let strided = block |> Block.pooled () |> Block.strided 2
                strided |> isChildren [ "layer" ]
                strided |> gives [ 2; 8; 8; 8 ] image

                let residual = Blocks.conv2d 8 8 |> Style.residual () |> Block.strided 2
                Assert.equal "Conv2d" (kindAt "shortcut_start.layer" residual)
                Assert.equal [ 2L; 2L ] (strideAt "blocks.0.layer" residual)
                Assert.equal [ 1L; 1L ] (strideAt "blocks.1.layer" residual)
                residual |> gives [ 2; 8; 8; 8 ] [ 2; 8; 16; 16 ]
                // And back.
                residual |> Block.strided 1 |> gives [ 2; 8; 16; 16 ] [ 2; 8; 16; 16 ]

                // Set later, it stands.
                strided |> Module.configure Conv2dBlock.stride [ 4 ] |> gives [ 2; 8; 4; 4 ] image)

            testCase "a block without anything to stride says so" (fun () ->
                let spec = block |> Block.transposed ()
                Assert.containsText "has no child 'layer'" (Recorded.problem (fun () -> spec |> Block.strided 2)))

            testCase "several blocks share one pool and one upsampling" (fun () ->
                let twice = block |> Block.activated () |> Block.pooled () |> Block.upsampled () |> Block.multi 2
                twice |> isChildren [ "pool"; "blocks"; "upsample" ]
                Assert.equal [ "layer"; "activation" ] (at "blocks.0" twice).Children.Names
                twice |> gives [ 2; 8; 16; 16 ] image

                // A U-Net with two convolutions a stage, as published.
                let unet =
                    Components.uNet2d 1 [ 4; 8 ] 2
                    |> Module.select "encoder|bottleneck/blocks/:" (Block.multi 2)
                    |> Module.select "decoder/blocks/:-1" (Block.multi 2)

                unet |> gives [ 1; 2; 16; 16 ] [ 1; 1; 16; 16 ]
                Assert.equal 16 (Module.argument "decoder.blocks.0.blocks.0.layer" Conv2d.inChannels unet))

            testCase "a way past a block runs beside its pool and its upsampling" (fun () ->
                let edited = block |> Block.pooled () |> Block.upsampled () |> Block.shortcut ()
                edited |> isChildren [ "pool"; "shortcut_start"; "layer"; "shortcut_end"; "upsample" ]
                edited |> gives [ 2; 8; 16; 16 ] image)

            testCase "the order of a residual block is written as letters" (fun () ->
                let spec = Blocks.conv2d 3 8 |> Style.residual (order = "nalnal|", activation = Layers.gelu)
                let names i = (at $"blocks.{string i}" spec).Children.Names
                Assert.equal [ "normalization"; "activation"; "layer" ] (names 0)
                Assert.equal [ "normalization"; "activation"; "layer" ] (names 1)
                Assert.equal 3 (Module.argument "blocks.0.normalization" BatchNorm2d.numFeatures spec)
                Assert.equal 8 (Module.argument "blocks.1.normalization" BatchNorm2d.numFeatures spec)
                Assert.equal "GELU" (kindAt "blocks.1.activation" spec)
                spec |> gives [ 2; 8; 16; 16 ] image

                let behind = Blocks.conv2d 3 8 |> Style.residual (order = "LNALNDL|nad", dropout = 0.3)

                behind
                |> isChildren [ "shortcut_start"; "blocks"; "shortcut_end"; "normalization"; "activation"; "dropout" ]

                Assert.equal 0.3 (Module.argument "blocks.1.dropout" Dropout.p behind)
                behind |> gives [ 2; 8; 16; 16 ] image)

            testCase "what is no order of a residual block is an error" (fun () ->
                for order in [ ""; "|"; "lax"; "la|l"; "la|aa"; "l|a|n" ] do
                    Assert.containsText
                        "letters l, a, n, d"
                        (Recorded.problem (fun () -> block |> Style.residual (order = order))))

            testCase "what was put in before a style is not there twice" (fun () ->
                let spec =
                    block
                    |> Block.activated Layers.tanh
                    |> Block.normalized ()
                    |> Block.appendDropout 0.1
                    |> Block.pooled ()
                    |> Style.residual (order = "la|")

                spec |> isChildren [ "pool"; "shortcut_start"; "blocks"; "shortcut_end" ]
                Assert.equal [ "layer"; "activation" ] (at "blocks.0" spec).Children.Names
                spec |> gives [ 2; 8; 8; 8 ] image)

            testCase "a residual block has the stride of the block in its first convolution" (fun () ->
                for strided in
                    [
                        block |> Module.configure Conv2dBlock.stride [ 2 ] |> Style.residual ()
                        block |> Block.strided 2 |> Style.residual ()
                        block |> Block.strided 2 |> Module.configure Conv2dBlock.stride [ 2 ] |> Style.residual ()
                        block |> Style.residual () |> Module.configure Conv2dBlock.stride [ 2 ]
                        block |> Module.select "layer" (Module.configure Conv2d.stride [ 2 ]) |> Style.residual ()
                    ] do
                    strided |> gives [ 2; 8; 8; 8 ] image
                    Assert.equal [ 1L; 1L ] (strideAt "blocks.1.layer" strided))

            testCase "a bottleneck narrows in between" (fun () ->
                let spec = Blocks.conv2d 16 16 |> Style.bottleneck ()
                let width i = Module.argument $"blocks.{string i}.layer" Conv2d.outChannels spec
                Assert.equal [ 4; 4; 16 ] [ width 0; width 1; width 2 ]
                spec |> gives [ 2; 16; 8; 8 ] [ 2; 16; 8; 8 ]

                Assert.containsText
                    "a divisor of the 10 channels"
                    (Recorded.problem (fun () -> Blocks.conv2d 4 10 |> Style.bottleneck ())))

            testCase "a stride that an edit set is one of the whole, in a ResNet's blocks too" (fun () ->
                for stride, spec in
                    [
                        2L, block |> Block.strided 2 |> Style.resnet ()
                        4L, block |> Block.strided 2 |> Style.resnet (stride = 4)
                        2L, block |> Module.configure Conv2dBlock.stride [ 2 ] |> Style.resnet (bottleneck = true)
                        2L, block |> Block.strided 2 |> Module.configure Conv2dBlock.stride [ 2 ] |> Style.resnet ()
                    ] do
                    spec |> gives [ 2; 8; 16L / stride; 16L / stride ] image
                    Assert.equal [ 1L; 1L ] (strideAt "blocks.1.blocks.0.layer" spec))

            testCase "styles hold in every number of dimensions" (fun () ->
                Blocks.conv1d 4 8 |> Style.resnet (stride = 2) |> gives [ 2; 8; 8 ] [ 2; 4; 16 ]
                Blocks.conv3d 4 8 |> Style.resnet (stride = 2) |> gives [ 2; 8; 4; 4; 4 ] [ 2; 4; 8; 8; 8 ])

            testCase "edits and styles survive undo, redo, replay, JSON and what comes later" (fun () ->
                let origin = Components.convolutionalNeuralNetwork 3 [ 4; 4 ] 8

                let edited =
                    origin
                    |> Block.pooled ()
                    |> Block.normalized (afterLastLayer = false)
                    |> Module.select "blocks/1" (Style.residual (order = "lnaln|a"))
                    |> Module.select "blocks/-1" (Block.strided 2)
                    |> Module.configure "hidden_channels" [ 4; 6; 6 ]

                Assert.equal 6 (Module.argument "blocks.1.blocks.1.layer" Conv2d.outChannels edited)
                Assert.equal (string edited) (edited |> Module.undo |> Module.redo |> string)
                Assert.equal edited (Module.replay (Module.tape edited) origin)
                let back = Codec.encode edited |> Fail.unwrap |> Codec.decode Library.registry |> Fail.unwrap
                Assert.equal (string edited) (string back)
                Assert.isTrue (Tree.equal (Construct.scratch edited |> Fail.unwrap) (Module.construct edited))
                edited |> gives [ 2; 8; 4; 4 ] [ 2; 3; 32; 32 ])

            testCase "a network's edits leave its first or its last block alone where it is said" (fun () ->
                let cnn = Components.convolutionalNeuralNetwork 3 [ 4; 4 ] 1
                let pools spec = Recorded.tags spec |> List.filter (fun tag -> tag.EndsWith ".pool")
                Assert.equal [ "blocks.1.pool"; "blocks.2.pool" ] (cnn |> Block.pooled () |> pools)
                Assert.equal 3 (cnn |> Block.pooled (beforeFirst = true) |> pools).Length

                // Python Deeplay strides the last layer in any case.
                let strided = cnn |> Block.strided (2, applyToLast = false)

                Assert.equal
                    [ [ 1L; 1L ]; [ 2L; 2L ]; [ 1L; 1L ] ]
                    [ for i in 0..2 -> strideAt $"blocks.{i}.layer" strided ]

                let first = cnn |> Block.strided (2, applyToFirst = true)
                Assert.equal [ 2L; 2L ] (strideAt "blocks.0.layer" first)
                let normed = cnn |> Block.normalized (afterLastLayer = false)
                Assert.equal [ "layer"; "activation" ] (at "blocks.2" normed).Children.Names)

            testCase "an argument that the kind does not take is an error that names those it takes" (fun () ->
                Assert.containsText
                    "has no parameter 'before_first'"
                    (Recorded.problem (fun () -> block |> Block.pooled (beforeFirst = true))))
        ]
