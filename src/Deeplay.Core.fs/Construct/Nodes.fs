namespace Deeplay.Core

open System

/// Making nodes, and finding one's way among them.
[<RequireQualifiedAccess>]
module internal Nodes =
    /// What is said about a module, all of it and from outside.
    let particulars (scopes: Scope list) outer : Particulars =
        // What comes from outside is part of all.
        if scopes.IsEmpty then
            Particulars.None
        else
            { Particulars.None with
                Scopes = scopes
                Outer = outer
                Inputs = Scopes.inputs scopes
                Outputs = Scopes.outputs scopes
                Hooks = Scopes.laterHooks scopes
            }

    /// A node's descendant; aliases lead to the module they stand for.
    let rec descend (tag: Tag) (node: Node) (names: string list) : Node =
        match names with
        | [] -> node
        | name :: rest ->
            match node.Children.PlaceOf name with
            | i when i >= 0 ->
                match node.Children[i] with
                | Child.Own child -> descend tag child rest
                | Child.Alias(_, target) -> descend tag node (target.Names @ rest)
            | _ -> Fail.with' (UnknownTag(tag, node.Tag, node.Children.Names))

    /// The same; None where there is no such module.
    let rec tryDescend (node: Node) (names: string list) : Node option =
        match names with
        | [] -> Some node
        | name :: rest ->
            match node.Children.PlaceOf name with
            | -1 -> None
            | place ->
                match node.Children[place] with
                | Child.Own child -> tryDescend child rest
                | Child.Alias(_, target) -> tryDescend node (target.Names @ rest)

    /// Whether `node` has a descendant of these names, or had one that was observed and taken away.
    let rec hears (node: Node) (names: string list) : bool =
        match names with
        | [] -> true
        | name :: rest ->
            match node.Children.PlaceOf name with
            | -1 -> node.Particulars.Observed.Contains name
            | place ->
                match node.Children[place] with
                | Child.Own child -> hears child rest
                | Child.Alias(_, target) -> hears node (target.Names @ rest)

    let private isOwned (hook: Hook) = hook.Arguments |> Map.exists (fun _ value -> Owners.isOwned value)

    // Whether all that is said about a module came from outside: it said nothing itself, and looked at nothing.
    let private saysNothing (said: Particulars) =
        Object.ReferenceEquals(said, Particulars.None)
        || (said.Scopes.Length = said.Outer.Length
            && said.Aliases.IsEmpty
            && said.Derived.IsEmpty
            && said.Observed.IsEmpty
            && not (List.exists isOwned said.Hooks)
            && not said.KnowsTag)

    /// Whether what the same spec gives beside it, where the same is said of that, differs in the tags alone. It may hold
    /// nothing that is owned: who attached a module, and when, matters for that alone.
    let rec canHaveTwins (node: Node) : bool =
        let memory = node.Attachment.Spec.Memory

        saysNothing node.Particulars
        && node.Definition.Finish.IsNone
        && memory.Owners.IsEmpty
        && not (memory.HoldsModules || memory.HoldsOwned || Array.exists Owners.isOwned node.Values)
        && node.Children
           |> Seq.forall (fun child ->
               match child.Item with
               | :? Node as below -> canHaveTwins below
               | _ -> true)

    // Whether somebody who contains the module at `tag`, or the user, said something of `node` itself.
    let private isSaidFromOutside (tag: Tag) (node: Node) =
        let isOutside (item: ConfigItem<Setting>) =
            match item.Source with
            | User -> true
            | Derived source -> not (Tag.isWithin tag source)
            | Detached -> false

        node.Particulars.Scopes
        |> List.exists (fun scope ->
            let isOne _ items = items |> List.exists (Owners.owned scope >> isOutside)
            Map.exists isOne scope.Config.Aspects || Map.exists isOne scope.Config.Parameters)

    /// Stops where the module at `tag`, of these children, has no descendant `target`, about which it said something itself.
    /// Where others changed a module on the way, what that contains now is not for this one to know: what it said is merely
    /// unused. And what was observed and taken away has heard it.
    let checkThere (tag: Tag) (children: NamedList<Child>) observed (target: Tag) =
        let rec go (children: NamedList<Child>) observed isChanged above (names: string list) =
            match names with
            | [] -> ()
            | name :: rest ->
                match children.PlaceOf name with
                | -1 when isChanged || Set.contains name observed -> ()
                | -1 -> Fail.with' (UnknownTag(Tag.append tag target, above, children.Names))
                | place ->
                    match children[place] with
                    | Child.Alias(_, target) -> go children observed isChanged above (target.Names @ rest)
                    | Child.Own below ->
                        let isChanged = isChanged || isSaidFromOutside tag below
                        go below.Children below.Particulars.Observed isChanged below.Tag rest

        go children observed false tag target.Names

    /// The module below `node` with this tag, as seen from `node`.
    let find (tag: Tag) (node: Node) = descend (Tag.append node.Tag tag) node tag.Names

    /// The names of a module's inputs: those of its forward pass; one that takes named tensors by a map is called with them alone.
    let inputNames (node: Node) : string list =
        match node.Graph with
        | Some graph when node.Inputs.IsNone -> graph.Inputs
        | _ -> [ "input" ]

    /// Whether the modules whose inputs `node` asked for still have the same ones.
    let follows (node: Node) : bool =
        node.Particulars.Follows
        |> List.forall (fun (target, names) -> Option.map inputNames (tryDescend node target.Names) = names)

    /// The node, where each alias leads to a module; else an error.
    let withAliases (node: Node) =
        for _, target in node.Particulars.Aliases do
            if target.Depth > 1 then descend (Tag.append node.Tag target) node target.Names |> ignore

        node

    /// The node with what `change` makes of each node directly below it; this very node where it changes none.
    let mapBelow (change: Node -> Node) (node: Node) : Node =
        let children =
            node.Children.Map(fun child ->
                match child with
                | Child.Own below ->
                    let after = change below

                    if Object.ReferenceEquals(after, below) then ValueNone else ValueSome(Child after)
                | Child.Alias _ -> ValueNone)

        if Object.ReferenceEquals(children, node.Children) then node else { node with Children = children }
