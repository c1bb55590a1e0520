/// Graph networks against what Python Deeplay makes of them (golden/). They take named tensors, and Deeplay's widths are unknown
/// until they are called: what is known is compared.
module Deeplay.Tests.GoldenGraphs

open System.Text.Json
open Expecto
open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Library
open Deeplay.Torch
open Deeplay.Tests
open Deeplay.Tests.LoweringHelp

let private specs: (string * ModuleSpec) list =
    [ "mpm", Models.mpm [ 64; 64 ] 1; "mpnn", Components.messagePassingNeuralNetwork [ 4 ] 1 ]

let keys = specs |> List.map fst
let private spec key = specs |> List.find (fst >> (=) key) |> snd

let private inputs = [ "x", [ 10L; 16L ]; "edge_index", [ 2L; 20L ]; "edge_attr", [ 20L; 8L ] ]

/// Deeplay gives the last hidden block of a MessagePassingNeuralNetwork the activation of its output (it counts hidden blocks one
/// short), so that nothing but linear maps lies between the last two blocks. Here hidden blocks have a ReLU, as in Deeplay's
/// GraphConvolutionalNeuralNetwork. Where the last activation is a ReLU too, as in MPM, nothing differs.
let private isRight key tag =
    key = "mpnn" && List.contains tag [ "blocks.0.transform.activation"; "blocks.0.update.activation" ]

/// PyTorch prints the unknown width of its lazy layer as 0 and gives the layer another name.
let private ours (text: string) = text.Replace("LazyLinear", "Linear").Replace("in_features=0,", "in_features=?,")

let private golden key (property: string) = (Recorded.read "golden" key).GetProperty property |> Recorded.items

[<Tests>]
let tests =
    torchTests
        "GoldenGraphs"
        [
            testTheory "the tags of the modules before they are built" keys (fun (key: string) ->
                let expected = [ for row in golden key "unbuilt_modules" -> row[0].GetString() ]
                Assert.equal expected (Recorded.tags (spec key)))

            testTheory "names, kinds and what is printed of each module" keys (fun (key: string) ->
                let expected =
                    [
                        for row in golden key "named_modules" do
                            match Recorded.texts row with
                            | [ tag; kind; extra ] ->
                                let kind = if isRight key tag then "ReLU" else ours kind
                                tag, kind, ours extra
                            | _ -> failwith "three texts expected"
                    ]

                Assert.equal expected (Recorded.modules (spec key)))

            testCase "the printed tree" (fun () ->
                let expected = golden "mpm" "repr" |> List.map (fun line -> ours (line.GetString()))
                Assert.equal (String.concat "\n" expected) (string (spec "mpm")))

            testTheory
                "the built module's parameters, in order, with the shapes that are known"
                keys
                (fun (key: string) ->
                    use built = spec key |> Build.run { optionsFor [] with Named = inputs }
                    let found = parametersOf built |> List.map (fun (name, p) -> name, shapeOf p)
                    let expected = golden key "named_parameters"
                    Assert.equal [ for row in expected -> row[0].GetString() ] (List.map fst found)
                    Assert.equal [] (golden key "named_buffers")
                    Assert.equal [] (buffersOf built)

                    for row, (_, shape) in List.zip expected found do
                        if row[1].ValueKind <> JsonValueKind.Null then Assert.equal (Recorded.sizes row[1]) shape)

            testCase "every kind of module in these trees can be found by its id" (fun () ->
                for key, spec in specs do
                    for _, kind, _ in Recorded.modules spec do
                        Expect.isTrue (Library.registry.Definitions.ContainsKey kind) $"{key}: {kind}")
        ]
