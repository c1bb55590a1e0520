/// The oracle's tree of a scenario, and what changes make of it.
module Deeplay.Properties.Reference

open Deeplay.Properties.Scenario
open Deeplay.Properties.Rules
open Deeplay.Properties.Making

/// The tree of a spec as a root.
let tree scenario spec =
    try
        Ok(construct scenario [] [] { Spec = spec; Owner = User; Given = [] })
    with Wrong problem ->
        Error problem

/// The spec that the scenario begins with.
let origin (scenario: Scenario) =
    match userValue (Mod scenario.Root) with
    | Spec spec -> spec
    | _ -> raise (Wrong "no root")

/// Every module under each of its tags, in tree order.
let rec walk (tag: Path) (node: Node) : (Path * Node) list =
    (tag, node)
    :: [
        for name, child in node.Children do
            match child with
            | Choice1Of2 below -> yield! walk (tag @ [ name ]) below
            | Choice2Of2 target -> yield! walk (tag @ [ name ]) (find node target)
    ]

/// The spec after a user's change; an error where a target does not exist or does not have such a parameter, and
/// where nothing could be constructed from it.
let change scenario targets change (spec: Spec) =
    try
        let root = construct scenario [] [] { Spec = spec; Owner = User; Given = [] }

        for target in targets do
            let node = find root target

            match change with
            | Set(name, _) when not (node.Arguments.ContainsKey name) -> raise (Wrong $"no parameter {name}")
            | _ -> ()

        let changed = record userValue targets change spec

        construct scenario [] [] { Spec = changed; Owner = User; Given = [] } |> ignore

        Ok changed
    with Wrong problem ->
        Error problem
