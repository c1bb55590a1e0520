/// Law 4 for edits of all that the library has: what a change makes of a tree that is there is what is made of the changed spec from
/// nothing, trees and errors alike; and what authors say of children stands in no user's way.
module Deeplay.Tests.EditsFromScratch

open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Library
open Expecto
open Deeplay.Tests

[<NoComparison; NoEquality>]
type private Edit = { Name: string; Target: Tag; Change: Selection -> Selection }

// The root, its children and the first child of each.
let private containers (root: Node) =
    let own tag node =
        [ for below, child, isAlias in Tree.children tag node -> below, child, isAlias ]
        |> List.filter (fun (_, _, isAlias) -> not isAlias)

    [
        Tag.root, root

        for tag, node, _ in own Tag.root root do
            tag, node

            for tag, node, _ in List.truncate 1 (own tag node) do
                tag, node
    ]

let private edits (tag: Tag) (node: Node) : Edit list =
    // Of many the first and the last.
    let names =
        let all = node.Children.Names
        if all.Length > 3 then [ all.Head; List.last all ] else all

    let call id given = Module.call id given
    let has id = node.Definition.Methods.ContainsKey id

    [
        for id in [ "append"; "prepend" ] do
            if has id then { Name = id; Target = tag; Change = call id [ "layer" => Layers.identity ] }

        for name in names do
            if has "remove" then
                { Name = $"remove {name}"; Target = tag; Change = call "remove" [ "name" => name ] }

            if has "insert" then
                let given = [ "layer" => Layers.identity; "after" => name ]
                { Name = $"insert after {name}"; Target = tag; Change = call "insert" given }

            let child = Tag.child name tag
            { Name = "replace"; Target = child; Change = Module.replace Layers.identity }
            { Name = "become"; Target = child; Change = Module.become Layers.identity }

        if node.Definition.Is LayerList.definition then
            { Name = "empty"; Target = tag; Change = Module.configure LayerList.layers.Name (List []) }
    ]

let private difference (spec: ModuleSpec) : string option =
    match Construct.scratch spec, Construct.tree spec with
    | Ok anew, Ok changed -> if Tree.equal anew changed then None else Some "the trees differ"
    | Error anew, Error changed ->
        if anew = changed then None else Some $"%A{anew} from nothing, %A{changed} step by step"
    | Error anew, Ok _ -> Some $"from nothing: {Error.describeAll anew}"
    | Ok _, Error changed -> Some $"step by step: {Error.describeAll changed}"

/// Edits of each definition of a group, with what each makes of its example.
let private edited (definitions: Definition list) : (string * ModuleSpec) list =
    [
        for definition in definitions do
            for example in Option.toList definition.Example do
                let spec = Module.create example.Arguments definition

                for tag, node in containers (Construct.root spec) do
                    for edit in edits tag node do
                        match Fail.catch (fun () -> edit.Change(Selection.ofTags spec [ edit.Target ])) with
                        | Ok changed -> $"{definition.Id}: {edit.Name} of '{edit.Target}'", changed.Spec
                        | Error _ -> ()
    ]

let private list = Layers.list [ Layers.linear 2 2; Layers.relu ]

// An author who says something of what is below the list.
let private saying (path: string) =
    Definition.create "Saying" [] (fun _ ->
        init {
            let! list = child "list" list
            do! configure (at path) Linear.bias.Name false
            return forward (chain list)
        })
    |> Module.create []

[<Tests>]
let tests =
    testList
        "EditsFromScratch"
        [
            for group, _, definitions in Library.groups do
                testCase $"edits of {group}" (fun () ->
                    Assert.equal
                        []
                        [
                            for edit, changed in edited definitions do
                                for what in Option.toList (difference changed) do
                                    $"{edit}: {what}"
                        ])

            testCase "what an author says of a child that the user took away is unused" (fun () ->
                let changes =
                    [
                        Module.select "list" (Block.remove "0")
                        Module.select "list" (Module.replace (Layers.list []))
                        Module.select "list" (Module.configure LayerList.layers.Name (List []))
                        Module.select "list/0" (Module.replace Layers.relu)
                        Module.select "list/0" (Module.become Layers.relu)
                    ]

                for change in changes do
                    let spec = saying "list.0"
                    Assert.equal (Bool false) (Tree.find (Tag.parse "list.0") (Construct.root spec)).Arguments["bias"]
                    let changed = change spec
                    Assert.equal None (difference changed)
                    Construct.root changed |> ignore)

            testCase "what he says of one that never was there is his mistake" (fun () ->
                let isMistake (spec: ModuleSpec) =
                    match Construct.tree spec with
                    | Error [ UnknownTag(tag, _, _) ] -> Assert.equal "list.2" (string tag)
                    | other -> failtestf "%A" other

                isMistake (saying "list.2")

                // Where it hangs in another module, the error has its whole tag.
                match Construct.tree (Layers.sequential [ saying "list.2" ]) with
                | Error [ UnknownTag(tag, at, _) ] -> Assert.equal ("0.list.2", "0.list") (string tag, string at)
                | other -> failtestf "%A" other)

            testCase "blocks of networks can be taken away and exchanged" (fun () ->
                let changes: (ModuleSpec * (Selection -> Selection) * string) list =
                    [
                        let graph = Components.graphConvolutionalNeuralNetwork 3 [ 8 ] 4
                        graph, Block.remove "0", "blocks"
                        Components.messagePassingNeuralNetwork [ 8 ] 4, Block.remove "0", "blocks"
                        Models.resNet18, Module.become Layers.identity, "backbone/blocks/1"
                        Models.resNet18, Module.replace Layers.identity, "backbone/blocks/0/layer"

                        Components.convolutionalEncoderDecoder2d 3 [ 8; 8 ] 1,
                        Module.become Layers.identity,
                        "bottleneck"
                    ]

                for spec, change, path in changes do
                    Construct.root spec |> ignore
                    let changed = spec |> Module.select path change
                    Assert.equal None (difference changed)
                    Construct.root changed |> ignore
                    Assert.equal spec (Module.undo changed))
        ]
