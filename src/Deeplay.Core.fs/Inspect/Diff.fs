namespace Deeplay.Core

open System

/// What differs between two specs, as data and as text.
[<RequireQualifiedAccess>]
module Diff =
    /// One difference, seen from the first spec to the second.
    [<NoComparison>]
    type Difference =
        | Added of Tag * kind: string
        | Removed of Tag * kind: string
        | KindChanged of Tag * before: string * after: string
        | ArgumentChanged of Tag * name: string * before: Value * after: Value
        | OrderChanged of Tag * before: string list * after: string list
        | ForwardChanged of Tag
        | MapsChanged of Tag * before: string * after: string
        | HooksChanged of Tag * before: string list * after: string list

    let private print difference =
        let place tag = Error.place tag ""
        let list (names: string list) = "[" + String.Join(", ", names) + "]"

        match difference with
        | Added(tag, kind) -> $"+ {place tag}: {kind}"
        | Removed(tag, kind) -> $"- {place tag}: {kind}"
        | KindChanged(tag, before, after) -> $"~ {place tag}: {before} → {after}"
        | ArgumentChanged(tag, name, before, after) ->
            $"~ {place tag}: {name} {Value.print before} → {Value.print after}"
        | OrderChanged(tag, before, after) -> $"~ {place tag}: order {list before} → {list after}"
        | ForwardChanged tag -> $"~ {place tag}: its forward pass"
        | MapsChanged(tag, before, after) -> $"~ {place tag}: {before} → {after}"
        | HooksChanged(tag, before, after) -> $"~ {place tag}: hooks {list before} → {list after}"

    /// The differences as text, one a line; "no difference" where there are none.
    let describe (differences: Difference list) =
        if differences.IsEmpty then "no difference" else String.Join("\n", List.map print differences)

    let rec private holdsModule value =
        match value with
        | Module _
        | Kind _ -> true
        | List values -> List.exists holdsModule values
        | _ -> false

    /// What differs between two trees, in tree order. A module that is on one side alone is named once, without what
    /// it contains.
    let trees (before: Node) (after: Node) : Difference list =
        let rec go (before: Node) (after: Node) =
            if Object.ReferenceEquals(before, after) then
                []
            else
                [
                    let tag = after.Tag

                    if not (Object.ReferenceEquals(before.Definition, after.Definition)) then
                        KindChanged(tag, before.Definition.Id, after.Definition.Id)

                    for parameter in after.Definition.Signature.Parameters do
                        if before.Definition.Signature.Has parameter.Name then
                            let a = before.Arguments[parameter.Name]
                            let b = after.Arguments[parameter.Name]

                            // A module that was given is compared where it was attached.
                            if not (a.Equals b || holdsModule a || holdsModule b) then
                                ArgumentChanged(tag, parameter.Name, a, b)

                    if before.Inputs <> after.Inputs || before.Outputs <> after.Outputs then
                        MapsChanged(tag, Named.describe before, Named.describe after)

                    let hookNames (node: Node) = node.Hooks |> List.map (fun h -> h.Action.Id)

                    if before.Hooks <> after.Hooks then HooksChanged(tag, hookNames before, hookNames after)

                    let namesBefore = before.Children.Names
                    let namesAfter = after.Children.Names
                    let inBefore, inAfter = Set.ofList namesBefore, Set.ofList namesAfter

                    let common names others = names |> List.filter (fun n -> Set.contains n others)

                    if common namesBefore inAfter <> common namesAfter inBefore then
                        OrderChanged(tag, namesBefore, namesAfter)

                    if before.Graph <> after.Graph && namesBefore = namesAfter then ForwardChanged tag

                    for child, below, _ in Tree.children tag before do
                        if not (inAfter.Contains child.Name) then Removed(child, below.Definition.Id)

                    for child, below, isAlias in Tree.children tag after do
                        if not (inBefore.Contains child.Name) then Added(child, below.Definition.Id)
                        elif not isAlias then yield! go (Nodes.descend tag before [ child.Name ]) below
                ]

        go before after

    /// What differs between the trees of two specs.
    let specs (before: ModuleSpec) (after: ModuleSpec) = trees (Construct.root before) (Construct.root after)
