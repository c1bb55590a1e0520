/// Random models made of the library's layers, with an input that they may or may not take.
module internal Deeplay.Properties.RandomModels

open FsCheck
open FsCheck.FSharp
open Deeplay.Core
open Deeplay.FSharp

/// A model with the shape of an input, batch included.
[<StructuredFormatDisplay("{Text}"); NoComparison>]
type Model =
    {
        Spec: ModuleSpec
        Input: int64 list
    }

    member this.Text = $"{Shape.known this.Input} into\n{Value.printSpec this.Spec}\n{this.Spec}"

let private activation =
    Gen.elements
        [
            Layers.relu
            Layers.gelu
            Layers.tanh
            Layers.sigmoid
            Layers.leakyReLU 0.2
            Layers.prelu
            Layers.silu
            Layers.elu
            Layers.softmax -1
        ]

/// One edit of a block.
let private edit: Gen<ModuleSpec -> ModuleSpec> =
    gen {
        let! other = activation

        return!
            Gen.elements
                [
                    Block.activated other
                    Block.normalized Layers.batchNorm1d
                    Block.normalized (Layers.layerNorm, mode = "prepend")
                    Block.appendDropout 0.3
                    Block.prepend (other, name = "first")
                    Block.shortcut ()
                    Block.multi 2
                    Module.select "layer|blocks" (Module.first id)
                ]
    }

/// The edit made, where it fits what the others left.
let private apply spec (edit: ModuleSpec -> ModuleSpec) =
    match Fail.catch (fun () -> edit spec) with
    | Ok changed when Result.isOk (Construct.tree changed) -> changed
    | _ -> spec

/// A width, given or left to be inferred.
let private given width (key: Param<int>) = Gen.elements [ [ key => width ]; [] ]

let private width = Param.int "width"

/// A module that its author wrote, with a parameter and buffers of its own, and sizes in its forward pass.
let private own =
    Definition.create "Own" [ width ] (fun a ->
        init {
            let! gain = parameter "gain" [ a.Get width ] (Initial.normal 1.0 0.1)
            let! mean = buffer "running_mean" [ a.Get width ] Initial.zeros
            let! shift = bufferOf DType.Float32 false "shift" [] (Initial.constant 0.5)

            return
                forward (fun x ->
                    Op.update mean (0.9 * mean + 0.1 * Op.mean [ 0 ] x)
                    let moved = (Op.byMode (x - Op.mean [ 0 ] x) (x - mean)) * gain + shift
                    moved |> Op.dropout 0.1 |> Op.reshape [ Op.size 0 x; Op.size -1 x ])
        })

/// A module that takes vectors of `width`, and the width that it gives.
let rec private vector depth width : Gen<ModuleSpec * int> =
    let same gen = Gen.map (fun spec -> spec, width) gen

    let linear =
        gen {
            let! outs = Gen.choose (1, 6)
            let! ins = given width Linear.inFeatures
            let! bias = Gen.elements [ true; false ]

            return Module.create (ins @ [ Linear.outFeatures => outs; Linear.bias => bias ]) Linear.definition, outs
        }

    let block =
        gen {
            let! outs = Gen.choose (1, 6)
            let! count = Gen.choose (0, 4)
            let! edits = Gen.listOfLength count edit
            let! ins = given width LinearBlock.inFeatures

            let start = Module.create (ins @ [ LinearBlock.outFeatures => outs ]) LinearBlock.definition

            return List.fold apply start edits, outs
        }

    Gen.frequency
        [
            4, linear
            4, block
            2, same activation
            1, same (Gen.constant (Module.create [ "width" => width ] own))
            1, same (Gen.elements [ Layers.batchNorm1d; Layers.layerNorm; Layers.dropout 0.5; Layers.identity ])
            if depth > 0 then
                2, vectors (depth - 1) width

                1,
                gen {
                    let! hidden = Gen.choose (0, 2) |> Gen.bind (fun n -> Gen.listOfLength n (Gen.choose (1, 6)))

                    let! outs = Gen.choose (1, 6)
                    return Components.multiLayerPerceptron width hidden outs, outs
                }
        ]

/// Such modules one after another.
and private vectors depth width : Gen<ModuleSpec * int> =
    let rec go n width =
        gen {
            if n = 0 then
                return [], width
            else
                let! first, next = vector depth width
                let! rest, last = go (n - 1) next
                return first :: rest, last
        }

    gen {
        let! count = Gen.choose (1, 4)
        let! layers, last = go count width
        return Layers.sequential layers, last
    }

/// One edit of a block of images.
let private imageEdit: Gen<ModuleSpec -> ModuleSpec> =
    gen {
        let! other = activation

        return!
            Gen.elements
                [
                    Block.activated other
                    Block.normalized Layers.batchNorm2d
                    Block.appendDropout 0.3
                    Block.pooled ()
                    Block.upsampled ()
                    Block.strided 2
                    Block.transposed ()
                    Block.shortcut ()
                    Block.multi 2
                    Style.residual ()
                    Style.bottleneck ()
                    Style.resnet (stride = 2)
                    Style.spatialSelfAttention (toChannelLast = true)
                ]
    }

/// A module that takes (N, channels, H, W), and the channels that it gives.
let private image channels : Gen<ModuleSpec * int> =
    let sizes low high =
        Gen.oneof [ Gen.map List.singleton (Gen.choose (low, high)); Gen.listOfLength 2 (Gen.choose (low, high)) ]

    let same gen = Gen.map (fun spec -> spec, channels) gen

    let convolution =
        gen {
            let! outs = Gen.choose (1, 4)
            let! ins = given channels Conv2d.inChannels
            let! kernel = sizes 1 4
            let! stride = sizes 1 3
            let! padding = sizes 0 2
            let! dilation = sizes 1 2
            let! bias = Gen.elements [ true; false ]

            return
                Module.create
                    (ins
                     @ [
                         Conv2d.outChannels => outs
                         Conv2d.kernelSize => kernel
                         Conv2d.stride => stride
                         Conv2d.padding => padding
                         Conv2d.dilation => dilation
                         Conv2d.bias => bias
                     ])
                    Conv2d.definition,
                outs
        }

    let transposed =
        gen {
            let! outs = Gen.choose (1, 3)
            let! kernel = sizes 1 3
            let! stride = sizes 1 2
            let! padding = sizes 0 1

            return
                Layers.convTranspose2d channels outs 1
                |> Module.configure ConvTranspose2d.kernelSize kernel
                |> Module.configure ConvTranspose2d.stride stride
                |> Module.configure ConvTranspose2d.padding padding,
                outs
        }

    let pool =
        gen {
            let! kernel = sizes 1 4
            let! stride = sizes 1 3
            let! padding = Gen.choose (0, 2)
            let! ceil = Gen.elements [ true; false ]
            let! kind = Gen.elements [ Layers.maxPool2d 1; Layers.avgPool2d 1 ]

            return
                kind
                |> Module.configure "kernel_size" kernel
                |> Module.configure "stride" stride
                |> Module.configure "padding" padding
                |> Module.configure "ceil_mode" ceil
        }

    let block =
        gen {
            let! outs = Gen.choose (1, 4)
            let! ins = given channels Conv2dBlock.inChannels
            let! kernel = sizes 1 3
            let! padding = Gen.choose (0, 2)
            let! count = Gen.choose (0, 3)
            let! edits = Gen.listOfLength count imageEdit

            let start =
                Module.create
                    (ins
                     @ [
                         Conv2dBlock.outChannels => outs
                         Conv2dBlock.kernelSize => kernel
                         Conv2dBlock.padding => [ padding ]
                     ])
                    Conv2dBlock.definition

            return List.fold apply start edits, outs
        }

    let network =
        gen {
            let! hidden = Gen.choose (0, 2) |> Gen.bind (fun n -> Gen.listOfLength n (Gen.choose (1, 4)))
            let! outs = Gen.choose (1, 3)

            return!
                Gen.elements
                    [
                        Components.convolutionalNeuralNetwork channels hidden outs, outs
                        Components.convolutionalEncoder2d channels hidden outs, outs
                        Components.convolutionalDecoder2d channels hidden outs, outs
                        Components.convolutionalEncoderDecoder2d channels (hidden @ [ 2 ]) outs, outs
                        Components.uNet2d channels (hidden @ [ 2 ]) outs, outs
                    ]
        }

    Gen.frequency
        [
            5, convolution
            1, transposed
            4, block
            1, network
            3, same pool
            2, same activation
            1,
            same (
                Gen.elements
                    [
                        Layers.batchNorm2d
                        Layers.groupNorm 1
                        Layers.dropout2d 0.5
                        Layers.upsample 2.0
                        Layers.adaptiveAvgPool2d [ 2 ]
                        Layers.adaptiveMaxPool2d [ 3; 2 ]
                    ]
            )
        ]

let private images: Gen<Model> =
    gen {
        let! batch = Gen.choose (1, 3)
        let! channels = Gen.choose (1, 3)
        let! height = Gen.choose (1, 12)
        let! width = Gen.choose (1, 12)
        let! count = Gen.choose (1, 4)

        let rec go n channels =
            gen {
                if n = 0 then
                    return []
                else
                    let! first, next = image channels
                    let! rest = go (n - 1) next
                    return first :: rest
            }

        let! layers = go count channels
        let! head = Gen.elements [ []; [ Layers.flatten; Layers.lazyLinear 3 ] ]

        return
            {
                Spec = Layers.sequential (layers @ head)
                Input = List.map int64 [ batch; channels; height; width ]
            }
    }

let private onVectors: Gen<Model> =
    gen {
        let! batch = Gen.choose (2, 4)
        let! width = Gen.choose (1, 6)
        let! spec, _ = vectors 2 width
        // Now and then the input has another width than the model was made for.
        let! wrong = Gen.frequency [ 9, Gen.constant 0; 1, Gen.constant 1 ]

        return { Spec = spec; Input = List.map int64 [ batch; width + wrong ] }
    }

/// Vectors and images.
let models: Arbitrary<Model> =
    let smaller (model: Model) =
        match model.Spec.Arguments.TryFind "layers", model.Spec.Definition.Id with
        | Some(List layers), _ when layers.Length > 1 ->
            seq {
                for i in 0 .. layers.Length - 1 ->
                    { model with Spec = Spec.withArgument "layers" (List(List.removeAt i layers)) model.Spec }
            }
        | _ -> Seq.empty

    Arb.fromGenShrink (Gen.frequency [ 1, onVectors; 1, images ], smaller)

/// A module that gives vectors as wide as those it takes, for a model that shares it.
let square width : Gen<ModuleSpec> =
    gen {
        let! inner, outs = vectors 1 width
        return Layers.sequential [ inner; Layers.linear outs width ]
    }
