/// Structural edits of blocks and lists.
module Deeplay.Tests.BlockEdits

open Expecto
open Deeplay.Tests
open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Library

let private block = Blocks.linear 3 4

let private list = Layers.sequential [ Layers.linear 3 4; Layers.relu; Layers.linear 4 5 ]

let private isChildren (expected: string list) spec = Assert.equal expected (Recorded.children spec)

let private kindAt tag (spec: ModuleSpec) = (Tree.find (Tag.parse tag) (Module.construct spec)).Definition.Id

let private calls (spec: ModuleSpec) = Graph.describe (Module.construct spec).Graph.Value

[<Tests>]
let tests =
    testList
        "BlockEdits"
        [
            testCase "append, prepend and insert run in the order that the names show" (fun () ->
                let edited =
                    block
                    |> Block.append Layers.relu
                    |> Block.prepend (Layers.dropout 0.1)
                    |> Block.insert (Layers.batchNorm1d, "layer", name = "norm")
                    |> Block.append (Layers.tanh, name = "last")
                    |> Block.prepend (Layers.identity, name = "first")

                edited |> isChildren [ "first"; "dropout"; "layer"; "norm"; "relu"; "last" ]

                Assert.equal "%0 = input input\n%1 = chain %0\nreturn %1" (calls edited)
                Assert.equal [ 2L; 4L ] (Module.inferShape [ 2; 3 ] edited))

            testCase "an edit leaves the spec it was made on as it was" (fun () ->
                let before = string block
                block |> Block.activated Layers.relu |> string |> ignore
                Assert.equal before (string block))

            testCase "a name that is there already is an error that says so" (fun () ->
                let once = block |> Block.append Layers.relu

                Assert.equal
                    "append: the root (LinearBlock): there is a child 'relu' already."
                    (Recorded.withoutPlaces (Recorded.problem (fun () -> once |> Block.append Layers.relu))))

            testCase "inserting after a child that is not there names the nearest" (fun () ->
                Assert.equal
                    "insert: the root (LinearBlock) has no child 'lyer'. Did you mean 'layer'? It has: layer."
                    (Recorded.withoutPlaces (Recorded.problem (fun () -> block |> Block.insert (Layers.relu, "lyer")))))

            testCase "removing a child that is not there is an error unless it is said to be fine" (fun () ->
                Assert.containsText
                    "has no child 'activation'"
                    (Recorded.problem (fun () -> block |> Block.remove "activation" |> Module.construct))

                block |> Block.remove ("activation", allowMissing = true) |> isChildren [ "layer" ]

                block |> Block.activated Layers.relu |> Block.remove "activation" |> isChildren [ "layer" ])

            testCase "activated and normalized take the place of what is there" (fun () ->
                let edited =
                    block
                    |> Block.activated Layers.relu
                    |> Block.append (Layers.dropout 0.1)
                    |> Block.normalized Layers.batchNorm1d
                    |> Block.activated Layers.gelu
                    |> Block.normalized Layers.layerNorm

                edited |> isChildren [ "layer"; "activation"; "dropout"; "normalization" ]
                Assert.equal "GELU" (kindAt "activation" edited)
                Assert.equal "LayerNorm" (kindAt "normalization" edited))

            // Blocks of the same widths are one spec, of which the first is made by itself.
            testCase "what is said of one of several equal blocks holds for it alone" (fun () ->
                let perceptron = Components.multiLayerPerceptron 4 [ 4; 4; 4 ] 4
                let bias i spec = Module.argument $"blocks.{i}.layer" Linear.bias spec
                let kinds spec = List.init 3 (fun i -> kindAt $"blocks.{i}.activation" spec)

                let changed =
                    perceptron
                    |> Module.select "blocks/1" (Module.configure LinearBlock.bias false)
                    |> Module.select "blocks/2" (Block.activated Layers.tanh)

                Assert.equal [ true; false; true ] (List.init 3 (fun i -> bias i changed))
                Assert.equal [ "ReLU"; "ReLU"; "Tanh" ] (kinds changed)
                Assert.equal [ true; false; true ] (List.init 3 (fun i -> bias i (Module.fresh changed)))
                Assert.equal [ "ReLU"; "ReLU"; "ReLU" ] (kinds perceptron))

            testCase "of an edit and a setting the later wins" (fun () ->
                let active = block |> Block.activated Layers.relu

                let first =
                    active |> Module.select "activation" (Module.become Layers.gelu) |> Block.activated Layers.tanh

                let second =
                    active |> Block.activated Layers.tanh |> Module.select "activation" (Module.become Layers.gelu)

                Assert.equal "Tanh" (kindAt "activation" first)
                Assert.equal "GELU" (kindAt "activation" second))

            testCase "a normalization has the width of its place" (fun () ->
                let width spec = Module.argument "normalization" BatchNorm1d.numFeatures spec

                Assert.equal 4 (block |> Block.normalized Layers.batchNorm1d |> width)
                Assert.equal 3 (block |> Block.normalized (Layers.batchNorm1d, mode = "prepend") |> width)

                Assert.equal
                    4
                    (block
                     |> Block.activated Layers.relu
                     |> Block.normalized (Layers.batchNorm1d, mode = "insert", after = "layer")
                     |> width)

                // The width follows the layer, whoever configured it.
                Assert.equal
                    9
                    (block
                     |> Module.select "layer" (Module.configure Linear.outFeatures 9)
                     |> Block.normalized Layers.batchNorm1d
                     |> width)

                Assert.equal
                    9
                    (block
                     |> Block.normalized Layers.batchNorm1d
                     |> Module.select "layer" (Module.configure Linear.outFeatures 9)
                     |> width)

                // What is said stays.
                let said = Layers.batchNorm1d |> Module.configure BatchNorm1d.numFeatures 7
                Assert.equal 7 (block |> Block.normalized said |> width))

            testCase "a normalization whose width nobody knows is left to the input" (fun () ->
                let spec =
                    LinearBlock.definition
                    |> Module.create [ LinearBlock.outFeatures => 4 ]
                    |> Block.normalized (Layers.batchNorm1d, mode = "prepend")

                Assert.startsWith "?" (let _, _, extra = (Recorded.modules spec)[1] in extra)

                let outcome = Infer.run [ Shape.known [ 2L; 6L ] ] (Module.construct spec) |> Fail.unwrap

                let norm = Tree.find (Tag.parse "normalization") outcome.Root
                Assert.equal 6 (norm.Arguments.Get BatchNorm1d.numFeatures))

            testCase "the default normalization and activation" (fun () ->
                let spec = block |> Module.call "normalized" [] |> Module.call "activated" []
                Assert.equal "BatchNorm1d" (kindAt "normalization" spec)
                Assert.equal "ReLU" (kindAt "activation" spec))

            testCase "dropouts are put in, set and taken away" (fun () ->
                block |> Block.appendDropout 0.1 |> isChildren [ "layer"; "dropout" ]
                block |> Block.prependDropout 0.1 |> isChildren [ "dropout"; "layer" ]

                let set = block |> Block.appendDropout 0.1 |> Block.activated Layers.relu |> Block.setDropout 0.3

                set |> isChildren [ "layer"; "dropout"; "activation" ]
                Assert.equal 0.3 (Module.argument "dropout" Dropout.p set)
                set |> Block.removeDropout () |> isChildren [ "layer"; "activation" ]
                block |> Block.setDropout 0.3 |> isChildren [ "layer"; "dropout" ]

                set
                |> Module.call "insert_dropout" [ "p", Float 0.2; "after", Text "layer"; "name", Text "early" ]
                |> isChildren [ "layer"; "early"; "dropout"; "activation" ])

            testCase "set_dropout that inserts must say where" (fun () ->
                Assert.containsText
                    "'after' is not set"
                    (Recorded.problem (fun () ->
                        block
                        |> Module.call "set_dropout" [ "p", Float 0.2; "on_missing", Text "insert" ]
                        |> Module.construct)))

            testCase "arguments of a block put its children in" (fun () ->
                let spec =
                    block
                    |> Module.configure LinearBlock.activation (Some Layers.gelu)
                    |> Module.configure LinearBlock.normalization (Some Layers.batchNorm1d)
                    |> Module.configure LinearBlock.dropout (Some 0.2)

                spec |> isChildren [ "layer"; "activation"; "normalization"; "dropout" ]
                Assert.equal 4 (Module.argument "normalization" BatchNorm1d.numFeatures spec)
                Assert.equal 0.2 (Module.argument "dropout" Dropout.p spec)

                let ordered =
                    spec |> Module.configure LinearBlock.order (Some [ "normalization"; "layer"; "activation" ])

                ordered |> isChildren [ "normalization"; "layer"; "activation" ]
                Assert.equal 3 (Module.argument "normalization" BatchNorm1d.numFeatures ordered)

                Assert.equal
                    "AlphaDropout"
                    (kindAt "dropout" (spec |> Module.configure "dropout" (Layers.alphaDropout 0.1))))

            testCase "a name in an order that no child can have is an error that lists those there are" (fun () ->
                Assert.startsWith
                    "the root (LinearBlock) has no child 'layr'. Did you mean 'layer'? It has: layer, activation"
                    (Recorded.problem (fun () ->
                        block |> Module.configure LinearBlock.order (Some [ "layr" ]) |> Module.construct)))

            testCase "an order holds for children that come later too" (fun () ->
                let ordered =
                    block
                    |> Module.configure LinearBlock.order (Some [ "normalization"; "activation"; "layer" ])
                    |> Block.activated Layers.relu
                    |> Block.normalized Layers.batchNorm1d
                    |> Block.appendDropout 0.1

                ordered |> isChildren [ "normalization"; "activation"; "layer"; "dropout" ])

            testCase "a name in an order that stands for nothing is an error" (fun () ->
                Assert.containsText
                    "has no child 'laier'"
                    (Recorded.problem (fun () ->
                        block |> Module.configure LinearBlock.order (Some [ "laier" ]) |> Module.construct)))

            testCase "a shortcut leads past the block" (fun () ->
                let widened = block |> Block.activated Layers.relu |> Block.shortcut ()

                widened |> isChildren [ "shortcut_start"; "layer"; "activation"; "shortcut_end" ]

                Assert.equal "Linear" (kindAt "shortcut_start" widened)

                Assert.equal
                    "%0 = input input\n%1 = call shortcut_start %0\n%2 = call layer %0\n%3 = call activation %2\n%4 = call shortcut_end %3, %1\nreturn %4"
                    (calls widened)

                Assert.equal [ 2L; 4L ] (Module.inferShape [ 2; 3 ] widened)
                Assert.equal "Identity" (kindAt "shortcut_start" (Blocks.linear 4 4 |> Block.shortcut ()))

                let joined = block |> Block.shortcut (Layers.cat 1, Layers.identity)
                Assert.equal [ 2L; 7L ] (Module.inferShape [ 2; 3 ] joined))

            testCase "a normalization behind the start of a shortcut has the width of the block's input" (fun () ->
                let edited =
                    block
                    |> Block.shortcut ()
                    |> Block.normalized (Layers.layerNorm, mode = "insert", after = "shortcut_start")

                Assert.equal [ 2L; 4L ] (Module.inferShape [ 2; 3 ] edited))

            testCase "a block with a shortcut can be made several" (fun () ->
                let edited = block |> Block.shortcut () |> Block.multi 3
                Assert.equal [ 2L; 4L ] (Module.inferShape [ 2; 3 ] edited))

            testCase "one end of a shortcut alone is an error" (fun () ->
                let spec = block |> Block.shortcut ()

                for missing in [ "shortcut_start"; "shortcut_end" ] do
                    Assert.containsText
                        "shortcut_start"
                        (Recorded.problem (fun () -> spec |> Block.remove missing |> Module.construct)))

            testCase "multi makes a chain of the block as it was" (fun () ->
                let many =
                    block
                    |> Block.activated Layers.gelu
                    |> Block.normalized (Layers.batchNorm1d, mode = "prepend")
                    |> Module.select "layer" (Module.configure Linear.bias false)
                    |> Block.multi 3
                    |> Block.shortcut ()

                many |> isChildren [ "shortcut_start"; "blocks"; "shortcut_end" ]
                Assert.equal [ 2L; 4L ] (Module.inferShape [ 2; 3 ] many)

                for i in 0..2 do
                    let input = if i = 0 then 3 else 4

                    Assert.equal
                        [ "normalization"; "layer"; "activation" ]
                        ((Tree.find (Tag.parse $"blocks.{i}") (Module.construct many)).Children.Names)

                    Assert.equal input (Module.argument $"blocks.{i}.layer" Linear.inFeatures many)

                    Assert.equal input (Module.argument $"blocks.{i}.normalization" BatchNorm1d.numFeatures many)

                    Assert.isFalse (Module.argument $"blocks.{i}.layer" Linear.bias many)

                // What comes after goes by the new tags.
                let changed = many |> Module.select "blocks/1:/activation" (Module.become Layers.tanh)

                Assert.equal "GELU" (kindAt "blocks.0.activation" changed)
                Assert.equal "Tanh" (kindAt "blocks.2.activation" changed))

            testCase "children of a list keep their names, and their settings, through edits" (fun () ->
                let edited =
                    list
                    |> Module.select "2" (Module.configure Linear.bias false)
                    |> Block.prepend Layers.identity
                    |> Block.remove "1"
                    |> Block.insert (Layers.gelu, "0")

                edited |> isChildren [ "3"; "0"; "4"; "2" ]
                Assert.isFalse (Module.argument "2" Linear.bias edited)
                Assert.equal [ 7L; 5L ] (Module.inferShape [ 7; 3 ] edited)
                // A number is a name where a child has it; slices are places.
                Assert.equal [ "4"; "2" ] (Module.names "2:" edited))

            testCase "a number of a list that was taken away is not given again" (fun () ->
                list |> Block.remove "2" |> Block.append Layers.relu |> isChildren [ "0"; "1"; "3" ])

            testCase "lists within lists count as their items" (fun () ->
                let nested =
                    Spec.create
                        Sequential.definition
                        (Map.ofList
                            [
                                "layers",
                                List
                                    [
                                        Value.Module Layers.relu
                                        List [ Value.Module Layers.tanh; List [ Value.Module Layers.gelu ] ]
                                    ]
                            ])

                nested |> isChildren [ "0"; "1"; "2" ])

            testCase "parallel gives an output for each module" (fun () ->
                let plain = Layers.inParallel [ Layers.linear 3 4; Layers.linear 3 5 ]

                let outcome = Infer.run [ Shape.known [ 2L; 3L ] ] (Module.construct plain) |> Fail.unwrap

                Assert.equal [ "(2, 4)"; "(2, 5)" ] (outcome.Outputs |> List.map string)

                let named =
                    Layers.inParallelNamed [ "mean", Layers.linear 3 4; "spread", Layers.linear 3 5 ]
                    |> Block.append (Layers.identity, name = "raw")

                Assert.endsWith "return mean=%1, spread=%2, raw=%3" (calls named)

                let expected =
                    Map.ofList
                        [
                            "mean", Shape.known [ 2L; 4L ]
                            "spread", Shape.known [ 2L; 5L ]
                            "raw", Shape.known [ 2L; 3L ]
                        ]

                let outcome = Infer.run [ Shape.known [ 2L; 3L ] ] (Module.construct named) |> Fail.unwrap

                Assert.equal [ Tensors expected ] outcome.Outputs

                Assert.containsText
                    "one name for each of the 2 layers"
                    (Recorded.problem (fun () ->
                        plain |> Module.configure Parallel.keys (Some [ "one" ]) |> Module.construct)))

            testCase "edits survive undo, redo, replay and JSON" (fun () ->
                let edited =
                    Components.multiLayerPerceptron 3 [ 4; 4 ] 2
                    |> Module.select "blocks/:-1" (Block.normalized Layers.batchNorm1d)
                    |> Module.select "blocks/0" (Block.multi 2 >> Block.shortcut ())
                    |> Module.configure "hidden_features" [ 8; 4 ]

                Assert.equal 8 (Module.argument "blocks.0.blocks.1.normalization" BatchNorm1d.numFeatures edited)

                Assert.equal (string edited) (edited |> Module.undo |> Module.redo |> string)
                let origin = Components.multiLayerPerceptron 3 [ 4; 4 ] 2
                Assert.equal edited (Module.replay (Module.tape edited) origin)

                let back = Codec.encode edited |> Fail.unwrap |> Codec.decode Library.registry |> Fail.unwrap

                Assert.equal (string edited) (string back)
                Assert.equal edited back)

            testCase "constructing what an edit touched is constructing everything" (fun () ->
                let step0 = Components.multiLayerPerceptron 3 [ 4; 4 ] 2
                Module.construct step0 |> ignore
                let step1 = step0 |> Module.select "blocks/0" (Block.normalized Layers.batchNorm1d)
                Module.construct step1 |> ignore

                let step2 = step1 |> Module.select "blocks/0/layer" (Module.configure Linear.outFeatures 6)

                let scratch = Construct.scratch step2 |> Fail.unwrap
                Assert.isTrue (Tree.equal scratch (Module.construct step2))
                Assert.equal 6 (Module.argument "blocks.0.normalization" BatchNorm1d.numFeatures step2))
        ]
