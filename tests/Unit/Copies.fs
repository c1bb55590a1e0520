/// What a module is taken out of a tree for, and what it is copied for: `Builder.Copy`, and specs read from nodes.
module Deeplay.Tests.Copies

open Expecto
open Deeplay.Tests
open Deeplay.Core
open Deeplay.FSharp

let private block = Blocks.linear 5 2

/// A block whose input is left open.
let private openBlock = Module.create [ LinearBlock.outFeatures => 2 ] LinearBlock.definition

let private shapeOf (input: int list) spec = Module.inferShape input spec

// --- Specs taken out of a tree -----------------------------------------------------------------------------------------

let private inner = Param.spec "inner"

/// A module that derives a slope for what it is given.
let private holder =
    Definition.create "Holder" [ inner ] (fun arguments ->
        init {
            let! held = child "inner" (arguments.Get inner)
            do! configure held "negative_slope" 0.5
            return forward (call held)
        })

let private slope spec = Module.argument "inner" LeakyReLU.negativeSlope (Module.create [ inner => spec ] holder)

// --- Every order of edits ----------------------------------------------------------------------------------------------

/// Edits that leave a block able to take whatever it took before.
let private edits =
    [
        "activated", Block.activated Layers.relu
        "normalized", Block.normalized Layers.batchNorm1d
        "normalized first", Block.normalized (Layers.layerNorm, mode = "prepend")
        "append_dropout", Block.appendDropout 0.3
        "prepend", Block.prepend (Layers.relu, name = "first")
        "shortcut", Block.shortcut ()
        "multi", Block.multi 2
    ]

[<Tests>]
let tests =
    testList
        "Copies"
        [
            testCase "in copies that are made by multi a width that was left open stays open" (fun () ->
                let first = Block.prepend (Module.create [ Linear.outFeatures => 7 ] Linear.definition, name = "first")

                Assert.equal [ 3L; 2L ] (openBlock |> first |> Block.multi 2 |> shapeOf [ 3; 5 ])

                Assert.equal [ 3L; 2L ] (openBlock |> first |> Block.multi 2 |> Block.multi 2 |> shapeOf [ 3; 5 ])

                for edited in
                    [
                        openBlock |> Block.multi 2 |> Block.normalized (Layers.layerNorm, mode = "prepend")
                        openBlock |> Block.normalized (Layers.layerNorm, mode = "prepend") |> Block.multi 2
                        openBlock
                        |> Block.multi 2
                        |> Block.shortcut ()
                        |> Block.normalized Layers.layerNorm
                        |> Block.multi 2
                    ] do
                    Assert.equal [ 3L; 2L ] (shapeOf [ 3; 5 ] edited))

            testCase "copies made by multi take the width that the block really gives" (fun () ->
                let wider =
                    block
                    |> Module.select "layer" (Module.configure Linear.outFeatures 6)
                    |> Block.normalized Layers.batchNorm1d
                    |> Block.multi 2

                Assert.equal 6 (Module.argument "blocks.1.layer" Linear.inFeatures wider)
                Assert.equal 6 (Module.argument "blocks.1.normalization" BatchNorm1d.numFeatures wider)

                let appended = block |> Block.append (Layers.linear 2 9, name = "more") |> Block.multi 2

                Assert.equal 9 (Module.argument "blocks.1.layer" Linear.inFeatures appended))

            testCase "multi of multi keeps what was set for one of the copies" (fun () ->
                let twice =
                    block
                    |> Block.activated Layers.gelu
                    |> Block.multi 2
                    |> Module.select "blocks/1/layer" (Module.configure Linear.bias false)
                    |> Block.multi 2
                    |> Module.select "blocks/1/blocks/0/activation" (Module.become Layers.tanh)

                let bias tag = Module.argument tag Linear.bias twice

                let kind tag = (Tree.find (Tag.parse tag) (Module.construct twice)).Definition.Id

                Assert.equal
                    [ true; false; true; false ]
                    [
                        for i in 0..1 do
                            for j in 0..1 -> bias $"blocks.{i}.blocks.{j}.layer"
                    ]

                Assert.equal
                    [ "GELU"; "GELU"; "Tanh"; "GELU" ]
                    [
                        for i in 0..1 do
                            for j in 0..1 -> kind $"blocks.{i}.blocks.{j}.activation"
                    ])

            testCase "a copy's settings are still of whoever made them" (fun () ->
                let many = block |> Module.select "layer" (Module.configure Linear.bias false) |> Block.multi 2

                let explained = Module.explain "blocks.1.layer" "bias" many
                Assert.containsText "user" ((string explained).ToLowerInvariant())
                // What is set for one copy afterwards is later.
                let changed = many |> Module.select "blocks/1/layer" (Module.configure Linear.bias true)

                Assert.isFalse (Module.argument "blocks.0.layer" Linear.bias changed)
                Assert.isTrue (Module.argument "blocks.1.layer" Linear.bias changed))

            testCase "an action of one's own copies a module with other arguments" (fun () ->
                let width = Param.int "width"

                let twin =
                    Action.afterInit "twin" [ width ] (fun arguments ->
                        init {
                            let! other = copy [ LinearBlock.outFeatures => arguments.Get width ]
                            let! _ = child "twin" other
                            return ()
                        })

                let made =
                    block
                    |> Block.activated Layers.gelu
                    |> Module.select "layer" (Module.configure Linear.bias false)
                    |> Module.hook twin [ width => 9 ]

                Assert.equal 9 (Module.argument "twin.layer" Linear.outFeatures made)
                Assert.isFalse (Module.argument "twin.layer" Linear.bias made)

                Assert.equal [ "layer"; "activation" ] (Module.names "twin/:" made |> List.map (fun n -> n.[5..])))

            testCase "what is set for a block's parameter after an edit stands" (fun () ->
                let tanh = Module.configure LinearBlock.activation (Some Layers.tanh)
                let gelu = Block.activated Layers.gelu

                let kind spec = (Tree.find (Tag.parse "activation") (Module.construct spec)).Definition.Id

                Assert.equal "Tanh" (block |> gelu |> tanh |> kind)
                Assert.equal "GELU" (block |> tanh |> gelu |> kind)
                Assert.equal "Tanh" (block |> gelu |> Block.remove "activation" |> tanh |> kind)

                Assert.equal
                    [ "layer" ]
                    (block |> gelu |> Module.configure LinearBlock.activation None |> Module.names ":")

                Assert.equal
                    0.5
                    (block
                     |> Block.setDropout 0.2
                     |> Module.configure LinearBlock.dropout (Some 0.5)
                     |> Module.argument "dropout" Dropout.p)

                // In copies as well, whether it was set before they were made or after.
                for many in [ block |> gelu |> tanh |> Block.multi 2; block |> gelu |> Block.multi 2 |> tanh ] do
                    let activations =
                        [
                            for i in 0..1 ->
                                (Tree.find (Tag.parse $"blocks.{i}.activation") (Module.construct many)).Definition.Id
                        ]

                    Assert.equal [ "Tanh"; "Tanh" ] activations)

            // --- Specs taken out of a tree -----------------------------------------------------------------
            testCase "a spec that was taken out of a tree constructs as its equal that was made anew" (fun () ->
                let anew = Layers.leakyReLU 0.1 |> Module.configure LeakyReLU.negativeSlope 0.2

                let outer =
                    Definition.create "Outer" [] (fun _ ->
                        init {
                            let! held = child "holder" (Module.create [ inner => anew ] holder)
                            return forward (call held)
                        })

                let tree = Module.construct (Module.create [] outer)
                let taken = (Tree.find (Tag.parse "holder") tree).Arguments.Get inner

                // In the tree it was the author's of `Outer`, who is closer to the root than `Holder`; so
                // is a user's own.
                Assert.equal anew taken
                Assert.equal 0.2 (slope anew)
                Assert.equal 0.2 (slope taken)

                let replaced =
                    Module.create [ inner => Layers.leakyReLU 0.3 ] holder
                    |> Module.select "inner" (Module.replace taken)

                Assert.equal 0.2 (Module.argument "inner" LeakyReLU.negativeSlope replaced))

            // --- Every order of edits ----------------------------------------------------------------------
            testCase "whatever edits are made of a block, and in whatever order, its widths fit" (fun () ->
                let rec check depth names (spec: ModuleSpec) =
                    match Construct.tree spec |> Result.bind (Infer.run [ Shape.known [ 3L; 5L ] ]) with
                    | Ok outcome -> Assert.equal [ Carried.Tensor(Shape.known [ 3L; 2L ]) ] outcome.Outputs
                    | Error errors -> failtest $"{List.rev names}: {Error.describeAll errors}"

                    if depth > 0 then
                        for name, edit in edits do
                            // A name that is there already is an error, and no case of this.
                            match Fail.catch (fun () -> spec |> edit |> Construct.root |> ignore) with
                            | Ok() -> check (depth - 1) (name :: names) (edit spec)
                            | Error _ -> ()

                check 4 [ "given" ] block
                check 4 [ "left open" ] openBlock)

            testCase "what was derived for a child goes with it when it is taken away" (fun () ->
                let edited =
                    block
                    |> Block.normalized Layers.batchNorm1d
                    |> Block.normalized Layers.layerNorm
                    |> Block.multi 2
                    |> Block.normalized (Layers.layerNorm, mode = "prepend")

                Assert.equal [ 5 ] (Module.argument "normalization" LayerNorm.normalizedShape edited)

                let again =
                    block
                    |> Block.append (Layers.relu, name = "activation")
                    |> Block.activated Layers.gelu
                    |> Block.remove "activation"
                    |> Block.append (Layers.tanh, name = "activation")

                Assert.equal "Tanh" ((Tree.find (Tag.parse "activation") (Module.construct again)).Definition.Id))
        ]
