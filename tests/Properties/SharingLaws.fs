/// Law 8: a shared module is one module, by whichever of its tags it is called.
module Deeplay.Properties.SharingLaws

open System
open Expecto
open Deeplay.Tests
open Deeplay.Core
open Deeplay.Properties.Scenario
open Deeplay.Properties.Law

/// Tags of shared modules, each with the module's own tag.
let private shared root =
    [
        for tag, node, isAlias in Tree.walk root do
            if isAlias then tag, node
    ]

/// Whether a module further up looked around. It may have seen another module here, one that had no such second name:
/// exchanged or taken away later. What is said under the second name it did not hear then.
let private isSeenFromAbove root (tag: Tag) =
    [ 0 .. tag.Depth - 2 ]
    |> List.exists (fun depth ->
        let above = Tree.find (Tag.ofNames (List.truncate depth tag.Names)) root
        not above.Particulars.Observed.IsEmpty)

[<Tests>]
let tests =
    testList
        "SharingLaws"
        [
            law "all tags of a shared module are one node" scenarios (fun case ->
                for spec in Real.run (Real.World case.Scenario) case.Scenario do
                    match Construct.tree spec with
                    | Error _ -> ()
                    | Ok root ->
                        for tag, node in List.truncate 8 (shared root) do
                            demand
                                $"{tag} is the module at {node.Tag}"
                                (Object.ReferenceEquals(node, Tree.find node.Tag root))

                            let tags = Tree.tagsOf tag root

                            demand $"{tag} is among its tags" (List.contains tag tags && List.contains node.Tag tags)

                            demand "the tags differ" (tags.Length = (List.distinct tags).Length)

                            for other in tags do
                                Assert.equal
                                    (Tree.tagsOf tag root |> List.map string)
                                    (Tree.tagsOf other root |> List.map string))

            testCase "what is done under one tag of a shared module is done under all" (fun () ->
                let mutable compared = 0

                forAll scenarios (fun case ->
                    let world = Real.World case.Scenario
                    let spec = Real.origin world case.Scenario

                    let changes =
                        [ Set("x", Num(Just 8)); Replace(New(0, [ "x", Num(Just 9) ])) ]
                        @ [
                            for step in case.Scenario.Script do
                                match step with
                                | Do(_, change) -> change
                                | _ -> ()
                        ]

                    let root = Construct.root spec

                    for tag, node in
                        shared root |> List.filter (fun (tag, _) -> not (isSeenFromAbove root tag)) |> List.truncate 1 do
                        compared <- compared + 1

                        for change in changes do
                            match
                                Real.change world [ tag.Names ] change spec,
                                Real.change world [ node.Tag.Names ] change spec
                            with
                            | Ok a, Ok b ->
                                same
                                    $"{tag} or {node.Tag}"
                                    (Rows.ofTree (Construct.root b))
                                    (Rows.ofTree (Construct.root a))
                            | Error _, Error _ -> ()
                            | _ -> fail $"a change is refused at one of {tag} and {node.Tag} alone"

                            // Both at once are one change of one module.
                            match
                                Real.change world [ tag.Names; node.Tag.Names ] change spec,
                                Real.change world [ tag.Names ] change spec
                            with
                            | Ok a, Ok b ->
                                same
                                    $"{tag} and {node.Tag}"
                                    (Rows.ofTree (Construct.root b))
                                    (Rows.ofTree (Construct.root a))
                            | Error _, Error _ -> ()
                            | _ -> fail $"a change of both {tag} and {node.Tag} is not as a change of one")

                report $"one of several tags: {compared} of {cases} scenarios")

            law "the later of two settings wins, whichever tag it was set under" scenarios (fun case ->
                let world = Real.World case.Scenario
                let spec = Real.origin world case.Scenario

                for tag, node in List.truncate 6 (shared (Construct.root spec)) do
                    for first, second in [ tag, node.Tag; node.Tag, tag ] do
                        let changed =
                            Real.change world [ first.Names ] (Set("x", Num(Just 8))) spec
                            |> Result.bind (Real.change world [ second.Names ] (Set("x", Num(Just 9))))

                        match changed |> Result.map Construct.root with
                        | Ok root when (Tree.tryFind tag root).IsSome ->
                            Assert.equal (Int 9L) ((Explain.parameter tag "x" root).Candidates.Head.Value)
                        | _ -> ())
        ]
