/// Law 5: nothing is `Detached` once it is constructed.
module Deeplay.Properties.DetachedLaws

open Expecto
open Deeplay.Core
open Deeplay.Properties.Law

/// Whether a value has anything in it that belongs to nobody yet.
let rec private isFree value =
    match value with
    | List values -> List.exists isFree values
    | Module spec ->
        spec.IsFree
        || (Config.toList spec.Config
            |> List.exists (fun (_, _, item) -> item.Source = Detached))
        || (spec.Arguments |> Map.exists (fun _ value -> isFree value))
    | _ -> false

/// A value with every spec in it made anew from what it says of itself: its definition, its arguments, its steps.
let rec private anew value =
    match value with
    | List values -> List(List.map anew values)
    | Module spec -> Module(specAnew spec)
    | _ -> value

and private specAnew (spec: ModuleSpec) =
    let change change =
        match change with
        | Configure(name, value) -> Configure(name, anew value)
        | Become(kind, arguments) -> Become(kind, Map.map (fun _ value -> anew value) arguments)
        | Replace spec -> Replace(specAnew spec)
        | Hooked hook ->
            Hooked
                { hook with
                    Arguments = hook.Arguments |> Map.map (fun _ value -> anew value)
                }
        | MapInputs _
        | MapOutputs _ -> change

    spec
    |> Tape.steps
    |> List.fold
        (fun made step ->
            Spec.record
                { step with
                    Change = change step.Change
                }
                made)
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
                            for layer in node.Layers do
                                for name in layer.Config.Items.Keys do
                                    for item in Resolve.candidates name node.Layers do
                                        demand $"{tag}.{name} is somebody's" (item.Source <> Detached)

                            for value in node.Arguments.Values do
                                demand $"the arguments of {tag} are somebody's" (not (isFree value))

                            for hook in node.Hooks do
                                demand
                                    $"a hook of {tag} is somebody's"
                                    (not (Map.exists (fun _ -> isFree) hook.Arguments)))

            law "the winner is the first of the candidates" scenarios (fun case ->
                for spec in Real.run (Real.World case.Scenario) case.Scenario do
                    match Construct.tree spec with
                    | Error _ -> ()
                    | Ok root ->
                        for tag, node, _ in Tree.walk root do
                            for layer in node.Layers do
                                for name in layer.Config.Items.Keys do
                                    let first =
                                        Resolve.candidates name node.Layers |> ConfigItem.ranked |> List.head

                                    match Resolve.winner name node.Layers with
                                    | ValueSome winner ->
                                        demand $"{tag}.{name} is won by the first" (winner.Equals first)
                                    | ValueNone -> fail $"nobody wins {tag}.{name}")

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
                                same node.Gift.Spec

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
