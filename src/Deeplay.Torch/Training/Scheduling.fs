namespace Deeplay.Torch

open Deeplay.Core
open Deeplay.Library

/// Which schedule goes with which optimizer of an application.
module internal Scheduling =
    let private refuse (node: Node) problem = Fail.with' (WrongStructure(node.Tag, node.Definition.Id, problem))

    /// Whether a child says how its time goes, rather than the application.
    let isConfig (node: Node) = node.Definition.Is Schedules.configDefinition

    /// The schedule itself.
    let scheduleOf (node: Node) : Node = if isConfig node then Nodes.find (Tag.ofNames [ "scheduler" ]) node else node

    // The child `lr_scheduler`, and configurations under any name.
    let private children (root: Node) : Node list =
        [
            for child in root.Children do
                if not child.IsAlias then
                    let node = child.Own

                    if isConfig node || child.Name = "lr_scheduler" then
                        let schedule = scheduleOf node
                        if not (schedule.Definition.Is Schedules.definition) then refuse schedule "it is no schedule."
                        node
                    elif node.Definition.Is Schedules.definition then
                        refuse node "no optimizer goes by it: give it in an LRSchedulerConfig, or name it lr_scheduler."
        ]

    // What is said beside a configuration would not count.
    let private checkSaidOnce (root: Node) (node: Node) =
        let keys: Param list =
            [
                Applications.lrSchedulerInterval
                Applications.lrSchedulerFrequency
                Applications.lrSchedulerMonitor
            ]

        for key in keys do
            if root.Definition.Signature.Has key.Name && root.Arguments[key.Name] <> key.Parameter.Default then
                let standard = Value.print key.Parameter.Default
                let expected = $"{standard} where {node.Tag} is an LRSchedulerConfig, which says it itself"
                let found = Value.print root.Arguments[key.Name]
                Fail.with' (WrongValue(root.Tag, root.Definition.Id, key.Name, expected, found))

    let private optimizerOf (optimizers: string list) (node: Node) : string option =
        let named = if isConfig node then node.Arguments.TryGet Schedules.optimizer else None

        named
        |> Option.map (fun name ->
            if not (List.contains name optimizers) then
                let expected = $"one of the optimizers: {Error.list optimizers}"
                let found = $"'{name}'{Nearest.hint name optimizers}"
                Fail.with' (WrongValue(node.Tag, node.Definition.Id, Schedules.optimizer.Name, expected, found))

            name)

    /// For each optimizer that has one the child of the application that is its schedule: one that names it, else one that names
    /// none. A schedule by which no optimizer goes, and two for one, are errors.
    let ofTree (root: Node) (optimizers: string list) : (string * Node) list =
        let said = [ for node in children root -> optimizerOf optimizers node, node ]

        for _, node in said do
            if isConfig node && node.Tag.Name = "lr_scheduler" then checkSaidOnce root node

        for owner, all in List.groupBy fst said do
            match all with
            | _ :: (_, second) :: _ ->
                let who = owner |> Option.map (sprintf "'%s' has") |> Option.defaultValue "all optimizers have"

                refuse
                    second
                    $"{who} another schedule already: a ChainedScheduler, or a SequentialLR, is one of several."
            | _ -> ()

        let find owner = said |> List.tryFind (fst >> (=) owner) |> Option.map snd

        let found =
            [
                for name in optimizers do
                    for node in find (Some name) |> Option.orElse (find None) |> Option.toList do
                        name, node
            ]

        for _, node in said do
            if not (found |> List.exists (fun (_, other) -> other.Tag = node.Tag)) then
                refuse node "no optimizer goes by it: each has a schedule of its own."

        found
