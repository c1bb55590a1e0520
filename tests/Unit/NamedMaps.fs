/// Input and output maps as values: shapes, widths, the tape, JSON, differences and reasons.
module Deeplay.Tests.NamedMaps

open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Library
open Deeplay.Torch
open TorchSharp
open Expecto
open Deeplay.Tests

open Deeplay.Tests.LoweringHelp
open Deeplay.Tests.NamedTensors

let private linear = Layers.linear 3 4

let private chain =
    Layers.sequential [ linear |> from [ "x" ] |> into [ "h" ]; Layers.linear 4 2 |> from [ "h" ] |> into [ "y" ] ]

[<Tests>]
let tests =
    torchTests
        "NamedMaps"
        [
            testCase "shapes go by their keys" (fun () ->
                Assert.equal
                    (Map.ofList [ "h", [ 5L; 4L ]; "other", [ 7L ]; "x", [ 5L; 3L ]; "y", [ 5L; 2L ] ])
                    (Module.inferNamed [ "x", [ 5; 3 ]; "other", [ 7 ] ] chain)

                Assert.equal
                    (Map.ofList [ "", [ 5L; 4L ] ])
                    (Module.inferNamed [ "x", [ 5; 3 ] ] (linear |> from [ "x" ]))

                Assert.equal [ [ 5L; 2L ]; [ 5L; 2L ] ] (Module.inferShapes [ [ 5; 2 ] ] fork)
                Assert.equal [ [ 5L; 2L ] ] (Module.inferShapes [ [ 5; 2 ]; [ 2 ] ] difference))

            testCase "shapes that do not fit are errors with the tag, near names and what there is" (fun () ->
                let error (inputs: (string * int list) list) spec =
                    match errorsOf (fun () -> Module.inferNamed inputs spec) with
                    | [ error ] -> Error.describe error
                    | other -> failwith $"%A{other}"

                Assert.equal
                    "0 (Linear) expects a tensor named 'x' (near it: xs), but gets {xs: (5, 3)}."
                    (error [ "xs", [ 5; 3 ] ] chain)

                Assert.equal "0 (Linear) expects last dimension 3, but gets (5, 9)." (error [ "x", [ 5; 9 ] ] chain)

                match errorsOf (fun () -> Module.inferShape [ 5; 3 ] chain) with
                | [ WrongShape(tag, "Linear", "named tensors", "(5, 3)") ] -> Assert.equal "0" (string tag)
                | other -> failtest $"%A{other}"

                match errorsOf (fun () -> Module.inferNamed [ "x", [ 5; 3 ] ] linear) with
                | [ WrongShape(_, "Linear", expected, "{x: (5, 3)}") ] -> Assert.startsWith "a tensor (give" expected
                | other -> failtest $"%A{other}")

            testCase "widths are inferred through named tensors, with and without their shapes" (fun () ->
                let lazily =
                    Layers.sequential
                        [
                            Layers.lazyLinear 4 |> from [ "x" ] |> into [ "h" ]
                            Layers.lazyLinear 2 |> from [ "h" ] |> into [ "y" ]
                        ]

                use built = lazily |> Build.run { optionsFor [] with Named = [ "x", [ 5L; 3L ] ] }


                Assert.equal
                    [ [ 4L; 3L ]; [ 2L; 4L ] ]
                    [ for i in 0..1 -> shapeOf (built.get_parameter $"{i}.weight") ]

                match errorsOf (fun () -> build [] lazily) with
                | [ Missing(tag, "Linear", "in_features", _) ] -> Assert.equal "0" (string tag)
                | other -> failtest $"%A{other}"

                // What follows without knowing the input needs none.
                let rows =
                    Definition.create "Rows" [] (fun _ -> init { return forward (Op.reshape [ -1; 6 ]) })
                    |> Module.create []

                let known =
                    Layers.sequential [ rows |> from [ "x" ] |> into [ "h" ]; Layers.lazyLinear 2 |> from [ "h" ] ]

                use built = build [] known
                Assert.equal [ 2L; 6L ] (shapeOf (built.get_parameter "1.weight")))

            testCase "a summary goes by keys too" (fun () ->
                let summary = Module.summarizeNamed [ "x", [ 5; 3 ] ] chain
                Assert.equal (3L * 4L + 4L + 4L * 2L + 2L) summary.Parameters
                let row = summary.Rows |> List.find (fun row -> string row.Tag = "1")
                Assert.equal [ "{h: (5, 4), x: (5, 3)}" ] (List.map string row.Inputs)
                Assert.equal [ "{h: (5, 4), x: (5, 3), y: (5, 2)}" ] (List.map string row.Outputs))

            testCase "maps are steps: described, undone, redone, replayed, saved" (fun () ->
                let spec =
                    Layers.sequential [ linear; fork ]
                    |> Module.select "0" (from [ "input=x" ])
                    |> Module.select "1" (into [ "a"; "b" ])
                    |> Module.select "1" (into [ "c=1" ])

                Assert.equal
                    [ "0: inputs from input=x"; "1: outputs to a=0, b=1"; "1: outputs to c=1" ]
                    (Module.tape spec |> List.map Tape.describe)

                let outputs spec = (Tree.find (Tag.parse "1") (Module.construct spec)).Outputs

                Assert.equal (Some [ "c", 1 ]) (outputs spec)
                Assert.equal (Some [ "a", 0; "b", 1 ]) (outputs (Module.undo spec))
                Assert.equal None (outputs (spec |> Module.undo |> Module.undo))
                Assert.equal (Some [ "c", 1 ]) (outputs (spec |> Module.undo |> Module.redo))
                Assert.equal spec (Module.replay (Module.tape spec) (Spec.origin spec))
                let registry = Registry.add fork.Definition Library.registry
                let text = Recorded.withoutPlaces (Fail.unwrap (Codec.encode spec))

                Assert.containsText """{"targets":["0"],"inputs":[{"input":"input","key":"x"}]}""" text
                Assert.containsText """{"targets":["1"],"outputs":[{"key":"c","output":1}]}""" text
                Assert.equal spec (Fail.unwrap (Codec.decode registry text)))

            testCase "maps without keys, with empty ones or with places that are no places are refused" (fun () ->
                for change in [ from [ "" ]; into [ "a"; "a" ]; into [ "" ]; into [ "a=-1" ]; into [ "a=x" ] ] do
                    Assert.notEmpty (errorsOf (fun () -> change fork)))

            testCase "a difference of maps says what they were and are" (fun () ->
                let a = linear |> from [ "x" ]
                let b = linear |> from [ "input=y" ] |> into [ "h" ]
                Assert.equal "~ the root: plain tensors → inputs from x" (Module.diff linear a)

                Assert.equal "~ the root: inputs from x → inputs from input=y; outputs to h" (Module.diff a b)

                Assert.equal "no difference" (Module.diff a (linear |> from [ "x" ])))

            testCase "maps are explained like parameters: the user's beats that of the author" (fun () ->
                let mapping =
                    Definition.create "Mapping" [] (fun _ ->
                        init {
                            let! layer = child "layer" (linear |> from [ "x" ] |> into [ "y" ])
                            return forward (call layer)
                        })

                let spec = Module.create [] mapping |> Module.select "layer" (from [ "input=z" ])

                Assert.equal
                    ("layer.inputs from = ['input=z'] (Linear)\n"
                     + "  → ['input=z']: set by the user, step 1\n"
                     + "    ['x']: derived by the root — the user wins")
                    (Recorded.withoutPlaces (string (Module.explainInputs "layer" spec)))

                Assert.equal
                    "layer.outputs to = ['y=0'] (Linear)\n  → ['y=0']: derived by the root"
                    (string (Module.explainOutputs "layer" spec))

                Assert.equal
                    "outputs to = unset (Mapping)\n  → unset: not set"
                    (string (Module.explainOutputs "" spec)))
        ]
