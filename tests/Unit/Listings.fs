/// What can be set on a module and done to it, as it is listed for people.
module Deeplay.Tests.Listings

open Deeplay.Core
open Deeplay.FSharp
open Expecto
open Deeplay.Tests

open Deeplay.Tests.LoweringHelp

[<Tests>]
let tests =
    testList
        "Listings"
        [
            testCase "parameters are listed with types, defaults and documentation" (fun () ->
                let listed = Module.parameters (Layers.linear 3 4)

                Assert.equal
                    [ "in_features: an int"; "out_features: an int"; "bias: a bool = True" ]
                    (List.map string listed)

                let bias = listed[2]

                Assert.equal
                    ("bias", "a bool", Bool true, "Whether a learned bias is added.")
                    (bias.Name, bias.Type, bias.Default, bias.Documentation)

                // Of the kind that it has now.
                Assert.equal
                    [ "negative_slope: a float = 0.01"; "inplace: a bool = False" ]
                    (Layers.relu
                     |> Module.become (Module.create [] LeakyReLU.definition)
                     |> Module.parameters
                     |> List.map string))

            testCase "methods are listed with documentation and parameters" (fun () ->
                let listed = Module.methods (Blocks.linear 3 4)

                Assert.equal
                    [
                        "activated"
                        "append"
                        "append_dropout"
                        "drop_path"
                        "insert"
                        "insert_dropout"
                        "multi"
                        "normalized"
                        "prepend"
                        "prepend_dropout"
                        "remove"
                        "remove_dropout"
                        "set_dropout"
                        "shortcut"
                    ]
                    (listed |> List.map (fun m -> m.Name))

                Assert.contains
                    ("insert_dropout(p: a float, after: a text, name: a text = 'dropout') — Puts in a dropout that runs after another "
                     + "child.")
                    (List.map string listed)

                Assert.empty (Module.methods Layers.relu))

            testCase "styles are listed with documentation and typed parameters" (fun () ->
                Assert.equal
                    [ "normed_leaky() — A batch norm and a leaky ReLU of slope 0.05 in every hidden block." ]
                    (Module.styles (Components.multiLayerPerceptron 2 [ 4 ] 3) |> List.map string)

                let width = Param.int "width" |> Param.withDefault 8 |> Param.withDocumentation "How wide."

                let wide =
                    Action.afterInit "wide" [ width ] (fun arguments builder ->
                        builder.Change(
                            Tag.parse "layer",
                            Verbs.configure "out_features" (Int(int64 (arguments.Get width))),
                            false
                        ))

                let styled = Module.create [] ((Blocks.linear 2 2).Definition |> Definition.withStyle wide)

                match Module.styles styled with
                | [ { Name = "wide"; Parameters = [ parameter ] } as style ] ->
                    Assert.equal "wide(width: an int = 8)" (string style)
                    Assert.equal "How wide." parameter.Documentation
                | other -> failtest $"%A{other}")

            testCase "the documentation of a model names its widths" (fun () ->
                Assert.equal
                    "A multilayer perceptron with 128, 256, 512, 512 hidden features, batch norms and leaky ReLUs."
                    XLargeMLP.definition.Documentation

                Assert.equal
                    "A multilayer perceptron with 32, 32 hidden features, batch norms and leaky ReLUs."
                    SmallMLP.definition.Documentation)

            testCase "a forward pass that attaches or configures is an error of its author's" (fun () ->
                let errors (work: Builder -> unit) =
                    let wrong =
                        Definition.create "Wrong" [] (fun _ builder ->
                            builder.Attach("layer", Layers.linear 2 2, Last)

                            forward (fun x ->
                                work builder
                                x))

                    errorsOf (fun () -> Module.construct (Module.create [] wrong))

                let layer = Tag.parse "layer"

                let changes: (Builder -> unit) list =
                    [
                        fun b -> b.Attach("late", Layers.relu, Last)
                        fun b -> b.Remove "layer"
                        fun b -> b.Alias("again", layer)
                        fun b -> b.Change(layer, Verbs.configure "bias" (Bool false), false)
                    ]

                for change in changes do
                    match errors change with
                    | [ WrongStructure(_, "Wrong", problem) ] ->
                        Assert.startsWith "its forward pass can't change it" problem
                    | other -> failtest $"%A{other}"

                Assert.empty (errors ignore))
        ]
