/// Selectors against what Python Deeplay selects on the tree of its own tests (golden/selectors.json).
module Deeplay.Tests.SelectorGolden

open System.Text.RegularExpressions
open Expecto
open Deeplay.Tests
open Deeplay.Core
open Deeplay.FSharp

/// A layer and an activation; like every block it has the method `append`.
let private layerActivation =
    let layer = Param.spec "layer"
    let activation = Param.spec "activation"

    Definition.create "LayerActivation" [ layer; activation ] (fun arguments ->
        init {
            let! first = child "layer" (arguments.Get layer)
            let! second = child "activation" (arguments.Get activation)
            return forward (call first >> call second)
        })
    |> Definition.withMethods Edit.all

let private testModule =
    let pair () = layerActivation |> Module.create [ "layer" => Layers.conv2d 3 3 1; "activation" => Layers.relu ]

    Definition.create "TestModule" [] (fun _ ->
        init {
            let! _ = child "encoder" (Layers.list (List.init 4 (fun _ -> pair ())))
            let! _ = child "decoder" (Layers.list (List.init 4 (fun _ -> pair ())))
            return NoForward
        })
    |> Module.create []

/// What `isinstance` names in Python.
let private kinds: Map<string, Definition> =
    Map.ofList
        [
            "Layer", Layer.definition
            "nn.Conv2d", Conv2d.definition
            "nn.ReLU", ReLU.definition
            "LayerActivation", layerActivation
            "LayerList", LayerList.definition
        ]

/// One part between commas of Python's index: a text in quotes, `...`, a number or a slice. A number is a place there,
/// and in a text of ours a name: the place is written as the slice that holds it alone.
let private part (text: string) =
    match Number.tryInt text with
    | Some place when place >= 0 -> $"{place}:{place + 1}"
    | _ -> text.Trim().Trim('"')

/// The index between brackets as the text of a selector.
let private selectorOf (index: string) =
    Regex.Matches(index, "\"[^\"]*\"|[^,\"\\s]+")
    |> Seq.map (fun found -> part found.Value)
    |> String.concat "/"

let private narrow selector selection =
    selection
    |> List.collect (fun (tag, node) -> Selector.select (SelectorText.parse selector) tag node)

/// What the expression selects, or None where it means something that only Python has.
let private select (expression: string) : (Tag * Node) list option =
    let brackets = Regex.Matches(expression, "\\[([^\\]]*)\\]")
    let root = Module.construct testModule

    let selected =
        brackets
        |> Seq.fold (fun selection bracket -> narrow (selectorOf bracket.Groups[1].Value) selection) [ Tag.root, root ]

    let filter = Regex.Match(expression, "\\]\\.(\\w+)\\((.*)\\)$")

    match filter.Groups[1].Value, filter.Groups[2].Value with
    | "", _ -> Some selected
    | "isinstance", kind ->
        Some(selected |> List.filter (fun (tag, node) -> Filter.passes (OfKind kinds[kind].Id) tag node))
    | "hasattr", name ->
        match Regex.Match(name, "\"(\\w+)\"").Groups[1].Value with
        | "_conv_forward" -> None
        | name -> Some(selected |> List.filter (fun (tag, node) -> Filter.passes (Having name) tag node))
    | "filter", _ -> Some(selected |> List.filter (fun (tag, _) -> tag.Name = "layer"))
    | other, _ -> failwith $"unknown filter {other}"

/// Where ours is meant to differ, and what it gives.
let private differences: Map<string, string list> =
    Map.ofList
        [
            // Each tag is selected once.
            "m[\"encoder,encoder\"]", [ "encoder" ]
            // A selection narrows the one before it.
            "m[\"encoder\"][\"decoder\"]", []
            "m[\"encoder\"][0]", [ "encoder.0" ]
            // Python's filter skips what follows something it took out.
            "m[\"encoder,encoder\"].hasattr(\"nosuch\")", []
        ]

/// The results on the tree before it is built: a built module and one that is not are one here.
let private results =
    (Recorded.read "golden" "selectors").GetProperty "results"
    |> Recorded.items
    |> List.filter (fun result -> not (result.GetProperty("built").GetBoolean()))

let private expectedOf (result: System.Text.Json.JsonElement) =
    let expression = result.GetProperty("selector").GetString()

    match differences.TryFind expression with
    | Some expected -> expression, expected
    | None ->
        expression, result.GetProperty "list_names" |> Recorded.items |> List.map (Recorded.texts >> String.concat ".")

let private expressions =
    results
    |> List.map (fun result -> result.GetProperty("selector").GetString())
    // `_conv_forward` is a method of PyTorch's class that nothing here has.
    |> List.filter (fun expression -> not (expression.Contains "_conv_forward"))

[<Tests>]
let tests =
    testList
        "SelectorGolden"
        [
            testCase "the tree is the one that was recorded" (fun () ->
                let expected =
                    (Recorded.read "golden" "selectors").GetProperty "named_modules"
                    |> Recorded.items
                    |> List.map Recorded.texts

                let found =
                    Tree.walk (Module.construct testModule)
                    |> Seq.map (fun (tag, node, _) ->
                        [ string tag; (if node.Definition.Is Layer.definition then "Layer" else node.Definition.Id) ])
                    |> List.ofSeq

                Assert.equal expected found)

            testTheory "what is selected, in order" expressions (fun (expression: string) ->
                let _, expected = results |> List.map expectedOf |> List.find (fst >> (=) expression)

                let found =
                    match select expression with
                    | Some selection -> selection |> List.map (fst >> string)
                    | None -> failwith "compared, though it means something that only Python has"

                Assert.equal expected found)

            testCase "the differences are differences" (fun () ->
                for result in results do
                    let expression, expected = expectedOf result

                    if differences.ContainsKey expression then
                        let recorded =
                            result.GetProperty "list_names"
                            |> Recorded.items
                            |> List.map (Recorded.texts >> String.concat ".")

                        Assert.notEqual recorded expected)
        ]
