/// Input and output maps as values: shapes, widths, the tape, JSON, differences and reasons.
module Deeplay.Tests.NamedMaps

open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Torch
open TorchSharp
open Xunit

open Deeplay.Tests.LoweringHelp
open Deeplay.Tests.NamedTensors

let private linear = Layers.linear 3 4

let private chain =
    Layers.sequential
        [
            linear |> from [ "x" ] |> into [ "h" ]
            Layers.linear 4 2 |> from [ "h" ] |> into [ "y" ]
        ]

[<Fact>]
let ``shapes go by their keys`` () =
    Assert.Equal<Map<string, int list>>(
        Map.ofList [ "h", [ 5; 4 ]; "other", [ 7 ]; "x", [ 5; 3 ]; "y", [ 5; 2 ] ],
        Module.inferNamed [ "x", [ 5; 3 ]; "other", [ 7 ] ] chain
    )

    Assert.Equal<Map<string, int list>>(
        Map.ofList [ "", [ 5; 4 ] ],
        Module.inferNamed [ "x", [ 5; 3 ] ] (linear |> from [ "x" ])
    )

    Assert.Equal<int list list>([ [ 5; 2 ]; [ 5; 2 ] ], Module.inferShapes [ [ 5; 2 ] ] fork)
    Assert.Equal<int list list>([ [ 5; 2 ] ], Module.inferShapes [ [ 5; 2 ]; [ 2 ] ] difference)

[<Fact>]
let ``shapes that do not fit are errors with the tag, near names and what there is`` () =
    let error inputs spec =
        match errorsOf (fun () -> Module.inferNamed inputs spec) with
        | [ error ] -> Error.describe error
        | other -> failwith $"%A{other}"

    Assert.Equal(
        "0 (Linear) expects a tensor named 'x' (near it: xs), but gets {xs: (5, 3)}.",
        error [ "xs", [ 5; 3 ] ] chain
    )

    Assert.Equal("0 (Linear) expects last dimension 3, but gets (5, 9).", error [ "x", [ 5; 9 ] ] chain)

    match errorsOf (fun () -> Module.inferShape [ 5; 3 ] chain) with
    | [ WrongShape(tag, "Linear", "named tensors", "(5, 3)") ] -> Assert.Equal("0", string tag)
    | other -> Assert.Fail $"%A{other}"

    match errorsOf (fun () -> Module.inferNamed [ "x", [ 5; 3 ] ] linear) with
    | [ WrongShape(_, "Linear", expected, "{x: (5, 3)}") ] -> Assert.StartsWith("a tensor (give", expected)
    | other -> Assert.Fail $"%A{other}"

[<Fact>]
let ``widths are inferred through named tensors, with and without their shapes`` () =
    let lazily =
        Layers.sequential
            [
                Layers.lazyLinear 4 |> from [ "x" ] |> into [ "h" ]
                Layers.lazyLinear 2 |> from [ "h" ] |> into [ "y" ]
            ]

    use built = Build.runNamed [ "x", [ 5L; 3L ] ] (new Logs()) (optionsFor []) lazily

    Assert.Equal<int64 list list>(
        [ [ 4L; 3L ]; [ 2L; 4L ] ],
        [ for i in 0..1 -> shapeOf (built.get_parameter $"{i}.weight") ]
    )

    match errorsOf (fun () -> build [] lazily) with
    | [ Missing(tag, "Linear", "in_features", _) ] -> Assert.Equal("0", string tag)
    | other -> Assert.Fail $"%A{other}"

    // What follows without knowing the input needs none.
    let rows =
        Definition.create "Rows" [] (fun _ -> init { return forward (Op.reshape [ -1; 6 ]) })
        |> Module.create []

    let known =
        Layers.sequential [ rows |> from [ "x" ] |> into [ "h" ]; Layers.lazyLinear 2 |> from [ "h" ] ]

    use built = build [] known
    Assert.Equal<int64 list>([ 2L; 6L ], shapeOf (built.get_parameter "1.weight"))

[<Fact>]
let ``a summary goes by keys too`` () =
    let summary = Module.summarizeNamed [ "x", [ 5; 3 ] ] chain
    Assert.Equal(3L * 4L + 4L + 4L * 2L + 2L, summary.Parameters)
    let row = summary.Rows |> List.find (fun row -> string row.Tag = "1")
    Assert.Equal<string list>([ "{h: (5, 4), x: (5, 3)}" ], List.map string row.Inputs)
    Assert.Equal<string list>([ "{h: (5, 4), x: (5, 3), y: (5, 2)}" ], List.map string row.Outputs)

[<Fact>]
let ``maps are steps: described, undone, redone, replayed, saved`` () =
    let spec =
        Layers.sequential [ linear; fork ]
        |> Module.select "0" (from [ "input=x" ])
        |> Module.select "1" (into [ "a"; "b" ])
        |> Module.select "1" (into [ "c=1" ])

    Assert.Equal<string list>(
        [ "0: inputs from input=x"; "1: outputs to a=0, b=1"; "1: outputs to c=1" ],
        Module.tape spec |> List.map Tape.describe
    )

    let outputs spec =
        (Tree.find (Tag.parse "1") (Module.construct spec)).Outputs

    Assert.Equal(Some [ "c", 1 ], outputs spec)
    Assert.Equal(Some [ "a", 0; "b", 1 ], outputs (Module.undo spec))
    Assert.Equal(None, outputs (spec |> Module.undo |> Module.undo))
    Assert.Equal(Some [ "c", 1 ], outputs (spec |> Module.undo |> Module.redo))
    Assert.Equal(spec, Module.replay (Module.tape spec) (Spec.origin spec))
    let registry = Registry.add fork.Definition Library.registry
    let text = Fail.unwrap (Codec.encode spec)

    Assert.Contains("""{"targets":["0"],"inputs":[{"input":"input","key":"x"}]}""", text)
    Assert.Contains("""{"targets":["1"],"outputs":[{"key":"c","output":1}]}""", text)
    Assert.Equal(spec, Fail.unwrap (Codec.decode registry text))

[<Fact>]
let ``maps without keys, with empty ones or with places that are no places are refused`` () =
    for change in [ from [ "" ]; into [ "a"; "a" ]; into [ "" ]; into [ "a=-1" ]; into [ "a=x" ] ] do
        Assert.NotEmpty(errorsOf (fun () -> change fork))

[<Fact>]
let ``a difference of maps says what they were and are`` () =
    let a = linear |> from [ "x" ]
    let b = linear |> from [ "input=y" ] |> into [ "h" ]
    Assert.Equal("~ the root: plain tensors → inputs from x", Module.diff linear a)
    Assert.Equal("~ the root: inputs from x → inputs from input=y; outputs to h", Module.diff a b)
    Assert.Equal("no difference", Module.diff a (linear |> from [ "x" ]))

[<Fact>]
let ``maps are explained like parameters: the user's beats that of the author`` () =
    let mapping =
        Definition.create "Mapping" [] (fun _ ->
            init {
                let! layer = child "layer" (linear |> from [ "x" ] |> into [ "y" ])
                return forward (call layer)
            })

    let spec = Module.create [] mapping |> Module.select "layer" (from [ "input=z" ])

    Assert.Equal(
        "layer.inputs from = ['input=z'] (Linear)\n"
        + "  → ['input=z']: set by the user, step 1\n"
        + "    ['x']: derived by the root — the user wins",
        string (Module.explainInputs "layer" spec)
    )

    Assert.Equal(
        "layer.outputs to = ['y=0'] (Linear)\n  → ['y=0']: derived by the root",
        string (Module.explainOutputs "layer" spec)
    )

    Assert.Equal("outputs to = unset (Mapping)\n  → unset: not set", string (Module.explainOutputs "" spec))
