/// Trees as pictures and as tables.
module Deeplay.Tests.Pictures

open System
open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Torch
open Expecto
open Deeplay.Tests

open Deeplay.Tests.LoweringHelp

let private text = Param.text "text"

/// A layer that prints a text.
let private saying (words: string) =
    Definition.primitive "Saying" [ text ] (fun _ shapes -> Ok { Outputs = shapes; Inferred = [] })
    |> Definition.withExtra (fun arguments -> arguments.Get text)
    |> Module.create [ text => words ]

/// Two linear layers, of which the second comes under two names.
let private sharing =
    Definition.create "Sharing" [] (fun _ ->
        init {
            let! first = child "first" (Layers.linear 3 4)
            let! second = child "second" (Layers.linear 4 4)
            let! again = alias "again" second
            return forward (fun x -> call again (call second (call first x)))
        })
    |> Module.create []

let private lines (text: string) = List.ofArray (text.Split '\n')

let private models: (string * int list * ModuleSpec) list =
    let conv =
        Layers.sequential
            [
                Layers.conv2d 3 8 3
                Layers.batchNorm2d
                Layers.relu
                Layers.adaptiveAvgPool2d [ 1; 1 ]
                Layers.flatten
                Layers.lazyLinear 10
            ]

    [
        "perceptron", [ 2; 64 ], Components.multiLayerPerceptron 64 [ 32; 16 ] 10
        "normed", [ 2; 64 ], Models.xLargeMLP 64 10
        "lazy convolution", [ 2; 3; 9; 9 ], conv
        "embedding", [ 2; 5 ], Layers.sequential [ Layers.embedding 10 6; Layers.layerNorm; Layers.prelu ]
        "shortcut", [ 2; 4 ], Blocks.linear 4 6 |> Block.normalized Layers.batchNorm1d |> Block.shortcut ()
        "several", [ 2; 4 ], Blocks.linear 4 4 |> Block.activated Layers.relu |> Block.multi 3
        "sharing", [ 2; 3 ], sharing
        "without bias",
        [ 2; 64 ],
        Components.multiLayerPerceptron 64 [ 32 ] 10
        |> Module.select ".../layer" (Module.configure Linear.bias false)
    ]

// --- The parameters of every layer ----------------------------------------------------------------------------------

// Some kinds are lowered without the library having a definition of them.
let private libraryCases = layerCases |> List.filter (fun case -> libraryLayers.ContainsKey case.Kind)

[<Tests>]
let tests =
    torchTests
        "Pictures"
        [
            testCase "Mermaid: a shared module is one box with several arrows to it" (fun () ->
                Assert.equal
                    [
                        "flowchart TD"
                        "    m0[\"Sharing\"]"
                        "    m1[\"first: Linear(in_features=3, out_features=4, bias=True)\"]"
                        "    m2[\"second: Linear(in_features=4, out_features=4, bias=True)\"]"
                        "    m0 --> m1"
                        "    m0 --> m2"
                        "    m0 -.->|\"again\"| m2"
                    ]
                    (lines (Module.mermaid sharing)))

            testCase "DOT: a shared module is one box with several arrows to it" (fun () ->
                Assert.equal
                    [
                        "digraph model {"
                        "    node [shape=box];"
                        "    m0 [label=\"Sharing\"];"
                        "    m1 [label=\"first: Linear(in_features=3, out_features=4, bias=True)\"];"
                        "    m2 [label=\"second: Linear(in_features=4, out_features=4, bias=True)\"];"
                        "    m0 -> m1;"
                        "    m0 -> m2;"
                        "    m0 -> m2 [style=dashed, label=\"again\"];"
                        "}"
                    ]
                    (lines (Module.dot sharing)))

            testCase "quotes, brackets, backslashes and lines in labels are escaped" (fun () ->
                let spec = saying "a \"b\" [c] <d> #e \\n\nf"

                Assert.equal
                    "    m0[\"Saying(a #quot;b#quot; [c] #lt;d#gt; #35;e \\n<br/>f)\"]"
                    ((lines (Module.mermaid spec))[1])

                Assert.equal
                    "    m0 [label=\"Saying(a \\\"b\\\" [c] <d> #e \\\\n\\nf)\"];"
                    ((lines (Module.dot spec))[2]))

            testCase "modules of any name have boxes of their own" (fun () ->
                let names =
                    Definition.create "Names" [] (fun _ ->
                        init {
                            let! _ = child "a" (Layers.sequential [ Layers.relu ])
                            let! _ = child "a_0" Layers.relu
                            let! _ = child "a-0" Layers.relu
                            let! _ = child "ä-0" Layers.relu
                            let! _ = child "root" Layers.relu
                            return NoForward
                        })
                    |> Module.create []

                for picture in [ Module.mermaid names; Module.dot names ] do
                    let boxes =
                        lines picture |> List.filter (fun line -> line.Contains "ReLU" || line.Contains "Sequential")

                    let ids = boxes |> List.map (fun line -> line.Trim().Split([| '['; ' ' |])[0])
                    Assert.equal [ for i in 1..6 -> $"m{i}" ] ids)

            // --- Summaries ---------------------------------------------------------------------------------
            testCase "a summary has a row for each tag with shapes, calls and numbers of parameters" (fun () ->
                let summary = Module.summarize [ [ 8; 3 ] ] sharing

                let rows =
                    [
                        for row in summary.Rows ->
                            string row.Tag,
                            row.Kind,
                            List.map string row.Inputs,
                            List.map string row.Outputs,
                            row.Parameters,
                            row.Calls
                    ]

                Assert.equal
                    [
                        "", "Sharing", [ "(8, 3)" ], [ "(8, 4)" ], 0L, 1
                        "first", "Linear", [ "(8, 3)" ], [ "(8, 4)" ], 3L * 4L + 4L, 1
                        "second", "Linear", [ "(8, 4)" ], [ "(8, 4)" ], 4L * 4L + 4L, 1
                        // The same module: its parameters are counted once.
                        "again", "Linear", [ "(8, 4)" ], [ "(8, 4)" ], 0L, 1
                    ]
                    rows

                Assert.equal (16L + 20L) summary.Parameters)

            testCase "a summary is a table" (fun () ->
                Assert.equal
                    [
                        "module    kind     input   output  parameters"
                        "---------------------------------------------"
                        "(root)    Sharing  (8, 3)  (8, 4)  –"
                        "  first   Linear   (8, 3)  (8, 4)  16"
                        "  second  Linear   (8, 4)  (8, 4)  20"
                        "  again   Linear   (8, 4)  (8, 4)  –"
                        "---------------------------------------------"
                        "36 parameters"
                    ]
                    (lines (string (Module.summarize [ [ 8; 3 ] ] sharing))))

            testCase "a module that is called twice says so, and one that is never called has no shapes" (fun () ->
                let twice =
                    Definition.create "Twice" [] (fun _ ->
                        init {
                            let! layer = child "layer" (Layers.linear 3 3)
                            let! _ = child "unused" (Layers.linear 5 5)
                            return forward (fun x -> call layer (call layer x))
                        })
                    |> Module.create []

                let summary = Module.summarize [ [ 8; 3 ] ] twice

                let row name = summary.Rows |> List.find (fun row -> string row.Tag = name)

                Assert.equal (2, 12L) ((row "layer").Calls, (row "layer").Parameters)
                Assert.equal (0, 30L) ((row "unused").Calls, (row "unused").Parameters)
                Assert.empty (row "unused").Inputs)

            testList
                "a summary counts the parameters that the built module has"
                [
                    for name, input, spec in models ->
                        testCase name (fun () ->
                            use built = build [ List.map int64 input ] spec
                            let counted = parametersOf built |> List.sumBy (fun (_, p) -> p.numel ())
                            Assert.equal counted ((Module.summarize [ input ] spec).Parameters))
                ]

            // --- The parameters of every layer -------------------------------------------------------------
            testTheory
                "the weights that a layer's definition names are those of the built module"
                (List.indexed libraryCases)
                (fun (_, case) ->
                    let spec = layerSpec case.Kind case.Arguments

                    let inferred =
                        Infer.run (case.Inputs |> List.map Shape.known) (Module.construct spec) |> Fail.unwrap

                    use built = build case.Inputs spec

                    Assert.equal
                        [ for name, p in parametersOf built -> name, shapeOf p ]
                        (libraryLayers[case.Kind].Weights inferred.Root.Arguments))

            testCase "every layer of the library that trains something is among those" (fun () ->
                let cases = layerCases |> List.map (fun case -> case.Kind) |> Set.ofList
                let known = libraryLayers |> Map.keys |> Set.ofSeq
                Assert.empty (known - cases - recordedApart)
                Assert.isTrue (layerCases |> List.exists (fun case -> not case.Parameters.IsEmpty)))
        ]
