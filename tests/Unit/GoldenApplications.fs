/// Applications against what Python Deeplay makes of them (golden/).
module Deeplay.Tests.GoldenApplications

open System.Text.RegularExpressions
open Expecto
open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Library
open Deeplay.Tests
open Deeplay.Tests.LoweringHelp

let private specs: (string * ModuleSpec) list =
    [
        "classifier_app", Applications.classifier 10 (Components.multiLayerPerceptron 784 [ 256; 256 ] 10)
        "regressor_app", Applications.regressor (Components.multiLayerPerceptron 4 [ 8 ] 1)
    ]

let keys = specs |> List.map fst
let private spec key = specs |> List.find (fst >> (=) key) |> snd

let private golden key (property: string) = (Recorded.read "golden" key).GetProperty property |> Recorded.items

/// Deeplay writes an optimizer's class twice, and metric collections with parentheses that do not match. Here both are written like
/// all modules; their parameters are in the listing.
let private ours (text: string) =
    let text = Regex.Replace(text, @"(\w+)\[\1\]\([^)]*\)", "$1()")
    let text = Regex.Replace(text, @"MetricCollection,\s*prefix=\w+\s*\)", "MetricCollection()")
    Regex.Replace(text, @",\s*prefix=\w+\n", "\n")

let private forward key (property: string) = (Recorded.read "golden" key).GetProperty("forward").GetProperty property

let private inputs key = forward key "inp" |> Recorded.items |> List.map Recorded.sizes

[<Tests>]
let tests =
    torchTests
        "GoldenApplications"
        [
            testTheory "the tags of the modules before they are built" keys (fun (key: string) ->
                let expected = [ for row in golden key "unbuilt_modules" -> row[0].GetString() ]
                Assert.equal expected (Recorded.tags (spec key)))

            testTheory "names, kinds and what is printed of each module" keys (fun (key: string) ->
                let expected =
                    [
                        for row in golden key "named_modules" do
                            match Recorded.texts row with
                            | [ tag; kind; extra ] -> tag, kind, extra
                            | _ -> failwith "three texts expected"
                    ]

                Assert.equal expected (Recorded.modules (spec key)))

            testTheory "the printed tree" keys (fun (key: string) ->
                let expected = golden key "repr" |> List.map _.GetString() |> String.concat "\n"
                Assert.equal (ours expected) (string (spec key)))

            testTheory "the shape that comes out, and the parameters" keys (fun (key: string) ->
                Assert.equal [ Recorded.sizes (forward key "out") ] (Shapes.outputs (inputs key) (spec key))
                use built = build (inputs key) (spec key)
                let found = parametersOf built |> List.map (fun (name, p) -> name, shapeOf p)

                let expected =
                    [ for row in golden key "named_parameters" -> row[0].GetString(), Recorded.sizes row[1] ]

                Assert.equal expected found
                Assert.equal [] (golden key "named_buffers")
                let count = (Recorded.read "golden" key).GetProperty("num_params").GetInt64()
                Assert.equal count (found |> List.sumBy (snd >> List.fold (*) 1L)))
        ]
