/// Law 1: the user wins, else who is closest to the root, else who came later.
module Deeplay.Properties.PriorityLaws

open Expecto
open Deeplay.Tests
open Deeplay.Core
open Deeplay.Properties.Scenario
open Deeplay.Properties.Law

let private hasWon (won: ConfigItem<int> option) items test =
    match won with
    | Some item -> demand "the item that wins is one of those there are" (List.contains item items && test item)
    | None -> demand "something wins where there is something" items.IsEmpty

/// What is said of each name at each tag, and what wins.
let private contests (items: Configs.Items) =
    let config = Configs.ofItems items

    [
        for (tag, name), group in items |> List.groupBy (fun (tag, name, _) -> tag, name) do
            Configs.resolve tag name config, [ for _, _, item in group -> item ]
    ]

[<Tests>]
let tests =
    testList
        "PriorityLaws"
        [
            testCase "every value and its source is the oracle's, after every step" (fun () ->
                let mutable scripts, trees, refused, rows = 0, 0, 0, 0L

                forAll scenarios (fun case ->
                    scripts <- scripts + 1
                    let scenario = case.Scenario
                    let world = Real.World scenario

                    let compare step (expected: Result<Rules.Node, string>) (found: Result<Node, Error list>) =
                        match expected, found with
                        | Ok expected, Ok found ->
                            let expected = Rows.ofReference scenario expected
                            trees <- trees + 1
                            rows <- rows + int64 (Seq.length expected)
                            same $"after step {step}" expected (Rows.ofTree found)
                        | Error _, Error _ -> refused <- refused + 1
                        | Ok _, Error errors -> fail $"after step {step}: no tree, {Error.describeAll errors}"
                        | Error problem, Ok _ -> fail $"after step {step}: a tree, in spite of: {problem}"

                    let mutable spec = Real.origin world scenario
                    let mutable known = Reference.origin scenario
                    let mutable undone = []
                    compare 0 (Reference.tree scenario known) (Construct.tree spec)

                    // What has no tree is not changed any further: undoing can lead there, since settings on
                    // a free spec are checked when it is attached.
                    let hasTree () = Result.isOk (Reference.tree scenario known)

                    for i, step in List.indexed scenario.Script do
                        match step with
                        | _ when not (hasTree ()) -> ()
                        | Do(targets, what) ->
                            match
                                Reference.change scenario targets what known, Real.change world targets what spec
                            with
                            | Ok expected, Ok found ->
                                if expected.Steps > known.Steps then undone <- []

                                known <- expected
                                spec <- found
                            | Error _, Error _ -> ()
                            | Ok _, Error errors -> fail $"step {i + 1} is refused: {Error.describeAll errors}"
                            | Error problem, Ok _ -> fail $"step {i + 1} is not refused: {problem}"
                        | Undo when known.Steps > 0 ->
                            undone <- known :: undone
                            known <- Rules.undo known
                            spec <- Tape.undo spec
                        | Redo when not undone.IsEmpty ->
                            known <- undone.Head
                            undone <- undone.Tail
                            spec <- Tape.redo spec
                        | Fresh -> spec <- Tape.fresh spec
                        | Undo
                        | Redo -> ()

                        compare (i + 1) (Reference.tree scenario known) (Construct.tree spec))

                report $"{scripts} scripts, {trees} trees of {rows} facts compared, {refused} refused by both")

            law "the user wins" Configs.one (fun items ->
                for won, items in contests items do
                    if items |> List.exists (fun item -> item.Source = User) then
                        hasWon won items (fun item -> item.Source = User))

            law "the source closest to the root wins" Configs.one (fun items ->
                for won, items in contests items do
                    let closest = items |> List.map (fun item -> Configs.rankOf item.Source) |> List.min
                    hasWon won items (fun item -> Configs.rankOf item.Source = closest))

            law "between equal sources the later one wins" Configs.one (fun items ->
                for won, items in contests items do
                    let equals =
                        items |> List.filter (fun item -> Configs.rankOf item.Source = Configs.rankOf won.Value.Source)

                    let latest = equals |> List.map (fun item -> item.Order) |> List.max
                    let last = equals |> List.findBack (fun item -> item.Order = latest)
                    Assert.equal (Some last) won)

            law "one item beats another as the ranking has them" Configs.one (fun items ->
                let items = [ for _, _, item in items -> item ]

                match ConfigItem.ranked items, items with
                | first :: _, _ ->
                    let best =
                        items
                        |> List.reduce (fun earlier later -> if ConfigItem.beats later earlier then later else earlier)

                    Assert.equal first best
                | [], items -> Assert.empty items)

            law "what a user sets last is what the module gets" scenarios (fun case ->
                let world = Real.World case.Scenario

                for spec in Real.run world case.Scenario do
                    match Construct.tree spec with
                    | Error _ -> ()
                    | Ok root ->
                        for tag, _, _ in Seq.truncate 12 (Tree.walk root) do
                            let set = Real.change world [ tag.Names ] (Set("x", Num(Just 7))) spec

                            // Whoever looked at it may have made other children of it.
                            match set |> Result.map Construct.root with
                            | Ok root when (Tree.tryFind tag root).IsSome ->
                                Assert.equal (Int 7L) ((Explain.parameter tag "x" root).Candidates.Head.Value)
                            | _ -> ())
        ]
