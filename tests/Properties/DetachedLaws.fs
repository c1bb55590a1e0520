/// Law 5: nothing is `Detached` once it is constructed.
module Deeplay.Properties.DetachedLaws

open Expecto
open Deeplay.Core
open Deeplay.Properties.Law

/// A value with every spec in it made anew from what it says of itself: its definition, its arguments, its steps.
let rec private anew value =
    match value with
    | List values -> List(List.map anew values)
    | Module spec -> Value.Module(specAnew spec)
    | _ -> value

and private specAnew (spec: ModuleSpec) =
    let change (change: Change) =
        { change with
            Subject = anew change.Subject
            Arguments = change.Arguments |> Map.map (fun _ value -> anew value)
        }

    spec
    |> Tape.steps
    |> List.fold
        (fun made step -> Spec.record { step with Change = change step.Change } made)
        (Spec.create spec.Definition (spec.Arguments |> Map.map (fun _ value -> anew value)))

[<Tests>]
let tests =
    testList
        "DetachedLaws"
        [
            law "no detached setting survives construction" scenarios (fun case ->
                for spec in Real.run (Real.World case.Scenario) case.Scenario do
                    match Construct.tree spec with
                    | Error _ -> ()
                    | Ok root ->
                        for tag, node, _ in Tree.walk root do
                            for scope in node.Particulars.Scopes do
                                for key, _ in scope.Config.Here do
                                    for item in Scopes.candidates key node.Particulars.Scopes do
                                        demand $"{tag}.{key} is somebody's" (item.Source <> Detached)

                            for value in node.Arguments.Values do
                                demand $"the arguments of {tag} are somebody's" (not (Owners.isFree value))

                            for hook in node.Hooks do
                                demand
                                    $"a hook of {tag} is somebody's"
                                    (not (Map.exists (fun _ -> Owners.isFree) hook.Arguments)))

            law "the winner is the first of the candidates" scenarios (fun case ->
                for spec in Real.run (Real.World case.Scenario) case.Scenario do
                    match Construct.tree spec with
                    | Error _ -> ()
                    | Ok root ->
                        for tag, node, _ in Tree.walk root do
                            for scope in node.Particulars.Scopes do
                                for key, _ in scope.Config.Here do
                                    let first =
                                        Scopes.candidates key node.Particulars.Scopes |> ConfigItem.ranked |> List.head

                                    match Scopes.winner key node.Particulars.Scopes with
                                    | ValueSome winner ->
                                        demand $"{tag}.{key} is won by the first" (winner.Equals first)
                                    | ValueNone -> fail $"nobody wins {tag}.{key}")

            testCase "a spec that is taken out of a tree constructs as its equal that is made anew" (fun () ->
                let same (taken: ModuleSpec) =
                    let made = specAnew taken
                    demand "they are equal" (taken = made)

                    match Construct.tree taken, Construct.tree made with
                    | Ok a, Ok b -> demand "they construct alike" (Tree.equal a b)
                    | Error _, Error _ -> ()
                    | a, b -> fail $"one of them constructs alone: {a} and {b}"

                forAll scenarios (fun case ->
                    for spec in Real.run (Real.World case.Scenario) case.Scenario do
                        match Construct.tree spec with
                        | Error _ -> ()
                        | Ok root ->
                            for _, node, _ in Tree.walk root do
                                same node.Attachment.Spec

                                for value in node.Arguments.Values do
                                    match value with
                                    | Module taken -> same taken
                                    | List values ->
                                        for value in values do
                                            match value with
                                            | Module taken -> same taken
                                            | _ -> ()
                                    | _ -> ()))
        ]
