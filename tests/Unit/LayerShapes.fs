/// Layers against what PyTorch 1.13 makes of them: shapes, refusals, printed forms (reference/layers.py).
module Deeplay.Tests.LayerShapes

open System.Text.Json
open Expecto
open Deeplay.Tests
open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Library

[<NoComparison>]
type Row =
    {
        Kind: string
        Arguments: Map<string, Value>
        Inputs: int64 list list
        Outputs: int64 list list option
        Repr: string option
        Weights: (string * int64 list) list option
    }

let private orNone read (json: JsonElement) = if json.ValueKind = JsonValueKind.Null then None else Some(read json)

let private recorded =
    Recorded.read "reference" "layers"
    |> Recorded.items
    |> List.map (fun row ->
        {
            Kind = row.GetProperty("kind").GetString()
            Arguments =
                row.GetProperty("arguments").EnumerateObject()
                |> Seq.map (fun p -> p.Name, Recorded.value p.Value)
                |> Map.ofSeq
            Inputs =
                match Recorded.items (row.GetProperty "input") with
                | first :: _ as several when first.ValueKind = JsonValueKind.Array ->
                    several |> List.map Recorded.sizes
                | _ -> [ Recorded.sizes (row.GetProperty "input") ]
            Outputs = row.GetProperty "outputs" |> orNone (Recorded.items >> List.map Recorded.sizes)
            Repr = row.GetProperty "repr" |> orNone (fun text -> text.GetString())
            Weights =
                row.GetProperty "weights"
                |> orNone (Recorded.items >> List.map (fun pair -> pair[0].GetString(), Recorded.sizes pair[1]))
        })

/// The numbers that were recorded (reference/lowering.py) say the shapes of a layer too, where no more of it was.
let private rows =
    let kinds = recorded |> List.map (fun row -> row.Kind) |> Set.ofList

    recorded
    @ [
        for case in LoweringHelp.layerCases do
            if not (kinds.Contains case.Kind) then
                {
                    Kind = case.Kind
                    Arguments = Map.ofList case.Arguments
                    Inputs = case.Inputs
                    Outputs = Some(case.Shape :: List.map fst case.More)
                    Repr = None
                    Weights = Some case.Parameters
                }
    ]

let private kinds =
    Library.layers @ Library.activations
    |> List.map (fun d -> d.Id)
    |> List.filter (fun id -> not (LoweringHelp.recordedApart.Contains id))

let private ofKind kind = rows |> List.filter (fun row -> row.Kind = kind)

let private spec row = Library.registry.Definitions[row.Kind] |> Module.create (Map.toList row.Arguments)

let private describe row =
    let arguments =
        row.Arguments
        |> Map.toList
        |> List.map (fun (name, value) -> $"{name}={Value.print value}")
        |> String.concat ", "

    $"{row.Kind}({arguments}) of {row.Inputs}"

/// PyTorch 1.13 gives an empty tensor here, newer versions refuse: a window does not fit into one element.
let private isNewerRefusal row =
    row.Kind = "MaxPool1d"
    && row.Inputs = [ [ 2L; 6L; 1L ] ]
    && not (row.Arguments.ContainsKey "ceil_mode")

let private infer inputs spec = Fail.catch (fun () -> Infer.run inputs (Module.construct spec) |> Fail.unwrap)

/// The shapes of plain outputs.
let private shapes (outcome: Infer.Outcome) =
    outcome.Outputs
    |> List.choose (fun output ->
        match output with
        | Tensor shape -> Some shape
        | Tensors _ -> None)

let private check problems = Expect.isTrue (List.isEmpty problems) (String.concat "\n" problems)

let private widths =
    [
        "in_features"
        "in1_features"
        "in2_features"
        "in_channels"
        "num_features"
        "num_channels"
        "input_size"
    ]

let private kindsWithWidth =
    Library.layers
    |> List.filter (fun definition -> widths |> List.exists definition.Signature.Has)
    |> List.map (fun definition -> definition.Id)

[<Tests>]
let tests =
    testList
        "LayerShapes"
        [
            testTheory "shapes and refusals are PyTorch's" kinds (fun (kind: string) ->
                let rows = ofKind kind
                Assert.notEmpty rows

                check
                    [
                        for row in rows do
                            let expected = if isNewerRefusal row then None else row.Outputs

                            match
                                Fail.catch (fun () -> spec row)
                                |> Result.bind (infer (row.Inputs |> List.map Shape.known)),
                                expected
                            with
                            | Error _, None -> ()
                            | Ok found, Some outputs when shapes found = List.map Shape.known outputs -> ()
                            | Ok found, _ -> $"{describe row}: {found.Outputs} for {expected}"
                            | Error errors, _ -> $"{describe row}: {errors |> List.map Error.describe} for {expected}"
                    ])

            testTheory "printed forms are PyTorch's" kinds (fun (kind: string) ->
                check
                    [
                        for row in ofKind kind do
                            match row.Repr, Fail.catch (fun () -> string (spec row)) with
                            | Some expected, Ok found when found <> expected -> $"{found} for {expected}"
                            | Some expected, Error _ when row.Outputs.IsSome -> $"nothing for {expected}"
                            | _ -> ()
                    ])

            testTheory "the parameters that are trained are PyTorch's, in its order" kinds (fun (kind: string) ->
                check
                    [
                        for row in ofKind kind do
                            match row.Weights with
                            | Some expected when row.Outputs.IsSome ->
                                let node = Module.construct (spec row)
                                let found = node.Definition.Weights node.Arguments

                                if found <> expected then $"{describe row}: {found} for {expected}"
                            | _ -> ()
                    ])

            testCase "what a layer trains is not known while a width is not" (fun () ->
                for spec in [ Layers.lazyLinear 3; Layers.batchNorm1d; Layers.layerNorm; Layers.groupNorm 2 ] do
                    let node = Module.construct spec
                    Assert.empty (node.Definition.Weights node.Arguments))

            testTheory "a width that is not set is inferred from the input" kindsWithWidth (fun (kind: string) ->
                let fits = ofKind kind |> List.filter (fun row -> row.Outputs.IsSome && not (isNewerRefusal row))

                check
                    [
                        for row in fits do
                            match widths |> List.tryFind row.Arguments.ContainsKey with
                            | None -> ()
                            | Some width ->
                                let bare = { row with Arguments = row.Arguments.Remove width }

                                match infer (row.Inputs |> List.map Shape.known) (spec bare) with
                                | Ok outcome when outcome.Root.Arguments[width] <> row.Arguments[width] ->
                                    $"{describe bare}: {width} = {Value.print outcome.Root.Arguments[width]}"
                                | Ok outcome when Some(shapes outcome) <> Option.map (List.map Shape.known) row.Outputs ->
                                    $"{describe bare}: {outcome.Outputs}"
                                | Ok _ -> ()
                                | Error errors -> $"{describe bare}: {errors |> List.map Error.describe}"
                    ])

            testTheory
                "what is not known of the input is not known of the output, and is never an error"
                kinds
                (fun (kind: string) ->
                    check
                        [
                            for row in ofKind kind do
                                match row.Outputs with
                                | Some outputs when not (isNewerRefusal row) ->
                                    let spec = spec row

                                    match infer (row.Inputs |> List.map (fun _ -> Unranked)) spec with
                                    | Ok _ -> ()
                                    | Error errors ->
                                        $"{describe row}, unknown rank: {errors |> List.map Error.describe}"

                                    let unknown =
                                        row.Inputs
                                        |> List.map (fun input -> Ranked(input |> List.map (fun _ -> Unknown)))

                                    match infer unknown spec with
                                    | Error errors ->
                                        $"{describe row}, unknown sizes: {errors |> List.map Error.describe}"
                                    | Ok outcome ->
                                        for shape, expected in List.zip (shapes outcome) outputs do
                                            match shape with
                                            | Unranked -> ()
                                            | Ranked dims when
                                                dims.Length = expected.Length
                                                && List.forall2 (fun d size -> Dim.agrees d (Known size)) dims expected
                                                ->
                                                ()
                                            | other -> $"{describe row}, unknown sizes: {other} for {expected}"
                                | _ -> ()
                        ])

            testCase "an unknown batch stays unknown, and the rest is worked out" (fun () ->
                let conv = Layers.conv2d 3 8 3 |> Module.configure Conv2d.stride [ 2; 1 ]

                match infer [ Ranked [ Unknown; Known 3L; Known 9L; Known 7L ] ] conv with
                | Ok outcome -> Assert.equal [ Ranked [ Unknown; Known 8L; Known 4L; Known 5L ] ] (shapes outcome)
                | Error errors -> failwith $"{errors}")

            testCase "a set width that contradicts the input says both" (fun () ->
                Assert.equal
                    "the root (Linear) expects last dimension 64, but gets (8, 32)."
                    (Recorded.problem (fun () -> Layers.linear 64 2 |> Module.inferShape [ 8; 32 ]))

                Assert.equal
                    "the root (Conv2d) expects in dimension 1 the size 3, but gets (1, 4, 8, 8)."
                    (Recorded.problem (fun () -> Layers.conv2d 3 2 3 |> Module.inferShape [ 1; 4; 8; 8 ])))

            testCase "an input of too few dimensions says which would do" (fun () ->
                Assert.equal
                    "the root (Conv1d) expects an input of 3 dimensions (N, C, L), or 2 (C, L), but gets (5,)."
                    (Recorded.problem (fun () -> Layers.conv1d 3 2 3 |> Module.inferShape [ 5 ])))

            testCase "what is neither set nor inferred is named" (fun () ->
                Assert.equal
                    "the root (Linear): 'out_features' is not set and could not be inferred. Set it, or give an input shape."
                    (Recorded.problem (fun () -> Linear.definition |> Module.create [] |> Module.inferShape [ 2; 3 ])))

            testCase "an unset width is printed as a question mark" (fun () ->
                Assert.equal "Linear(in_features=?, out_features=3, bias=True)" (string (Layers.lazyLinear 3))

                Assert.startsWith "BatchNorm2d(?, eps=1e-05" (string Layers.batchNorm2d)
                Assert.startsWith "LayerNorm(?, eps=1e-05" (string Layers.layerNorm))

            testCase "values that no layer of the kind takes are refused at once" (fun () ->
                let refused (key: string) (value: Value) spec =
                    Recorded.problem (fun () -> Module.configure key value spec)

                Assert.containsText
                    "must be a positive int, or 2 of them"
                    (refused "kernel_size" (Int 0L) (Layers.conv2d 3 2 3))

                Assert.containsText
                    "must be a positive int, or 2 of them"
                    (refused "stride" (List [ Int 1L; Int 1L; Int 1L ]) (Layers.conv2d 3 2 3))

                Assert.containsText "'same' or 'valid'" (refused "padding" (Text "sane") (Layers.conv2d 3 2 3))

                Assert.containsText "one of 'none', 'tanh'" (refused "approximate" (Text "exact") Layers.gelu)

                Assert.containsText "a probability from 0 to 1" (refused "p" (Float 1.5) (Layers.dropout 0.5)))

            testCase "padding is a number, several, or a text" (fun () ->
                let conv = Layers.conv2d 3 2 5

                let shapes =
                    [
                        conv |> Module.configure Conv2d.padding [ 2 ]
                        conv |> Module.configure Conv2d.padding [ 0; 2 ]
                        conv |> Module.configure Conv2d.paddingText "same"
                        conv |> Module.configure "padding" "valid"
                    ]
                    |> List.map (Module.inferShape [ 1; 3; 8; 8 ])

                Assert.equal [ [ 1L; 2L; 8L; 8L ]; [ 1L; 2L; 4L; 8L ]; [ 1L; 2L; 8L; 8L ]; [ 1L; 2L; 4L; 4L ] ] shapes)

            testCase "a circular pad copies no more than a crop on the other side leaves" (fun () ->
                let pad (before: int) (after: int) =
                    CircularPad1d.definition
                    |> Module.create [ CircularPad1d.padding => [ before; after ] ]
                    |> Module.inferShape [ 1; 1; 3 ]

                Assert.equal [ 1L; 1L; 4L ] (pad -1 2)

                Assert.equal
                    "the root (CircularPad1d) expects sizes that are at least the padding after any crop, but gets (1, 1, 3)."
                    (Recorded.problem (fun () -> pad -1 3)))

            testCase "merges take several inputs" (fun () ->
                let run inputs spec =
                    infer (inputs |> List.map Shape.known) spec
                    |> Result.map (fun outcome -> shapes outcome |> List.map string)

                let a, b = [ 2L; 3L; 4L ], [ 2L; 5L; 4L ]
                Assert.equal (Ok [ "(2, 3, 4)" ]) (run [ a; [ 3L; 1L ] ] Layers.add)
                Assert.equal (Ok [ "(2, 8, 4)" ]) (run [ a; b ] (Layers.cat 1))

                Assert.equal (Ok [ "(2, 11, 4)" ]) (run [ a; b; a ] (Layers.cat 1 |> Module.configure Cat.inputs 3))

                Assert.equal None (run [ a; b ] Layers.add |> Result.toOption))

            testCase "a lambda runs its function" (fun () ->
                let halve: NamedFunction =
                    {
                        Id = "halve"
                        Documentation = "Every second half."
                        Body = fun inputs -> Op.narrow -1 0 2 (inputs.Head / 2.0)
                    }

                let spec = Layers.lambda halve
                Assert.equal [ 3L; 2L ] (Module.inferShape [ 3; 4 ] spec)
                Assert.equal "Lambda(halve)" (string spec))
        ]
