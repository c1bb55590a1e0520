/// Law 5: nothing is `Detached` once it is constructed.
module Deeplay.Properties.DetachedLaws

open Xunit
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

[<Fact>]
let ``no detached setting survives construction`` () =
    forAll scenarios (fun case ->
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

[<Fact>]
let ``the winner is the first of the candidates`` () =
    forAll scenarios (fun case ->
        for spec in Real.run (Real.World case.Scenario) case.Scenario do
            match Construct.tree spec with
            | Error _ -> ()
            | Ok root ->
                for tag, node, _ in Tree.walk root do
                    for layer in node.Layers do
                        for name in layer.Config.Items.Keys do
                            let first = Resolve.candidates name node.Layers |> ConfigItem.ranked |> List.head

                            match Resolve.winner name node.Layers with
                            | ValueSome winner ->
                                demand $"{tag}.{name} is won by the first" (winner.Equals first)
                            | ValueNone -> fail $"nobody wins {tag}.{name}")
