namespace Deeplay.Core

open System
open System.Text

/// Reading a constructed tree.
[<RequireQualifiedAccess>]
module Tree =
    /// The module that is the child at a place, under its own name or a second one.
    let below (tag: Tag) (node: Node) place : Node =
        let child = node.Children[place]

        // Every module of a model comes through here.
        if not child.IsAlias then child.Own else Nodes.descend tag node [ child.Name ]

    /// The child at a place, with its tag and node. An alias comes under its own tag; the flag says that it is one.
    let child (tag: Tag) (node: Node) place : Tag * Node * bool =
        let child = node.Children[place]
        Tag.child child.Name tag, below tag node place, child.IsAlias

    /// The children in order.
    let children (tag: Tag) (node: Node) : (Tag * Node * bool) list = List.init node.Children.Length (child tag node)

    /// Every module with each of its tags, in tree order: a module first, then its children in their order.
    /// A shared module is met under each of its tags; `isAlias` says that it was met before.
    let walkFrom (tag: Tag) (node: Node) : (Tag * Node * bool) seq =
        let met = ResizeArray()

        let rec go tag (node: Node) isAlias =
            met.Add((tag, node, isAlias))

            for place in 0 .. node.Children.Length - 1 do
                let tag, child, again = child tag node place
                go tag child (isAlias || again)

        go tag node false
        met

    /// `walkFrom` the root.
    let walk (node: Node) = walkFrom node.Tag node

    /// The module with this tag; an error that names the nearest where there is none.
    let find (tag: Tag) (root: Node) = Nodes.descend tag root tag.Names

    /// The modules with these tags, or None.
    let tryFind (tag: Tag) (root: Node) =
        match Fail.catch (fun () -> find tag root) with
        | Ok node -> Some node
        | Error _ -> None

    /// The node with other arguments: what a `finish` or a before-build action may give. Its children stay.
    let withArguments (arguments: Arguments) (node: Node) : Node = { node with Values = arguments.Values }

    /// All tags of the module that has this one: more than one where it is shared.
    let tagsOf (tag: Tag) (root: Node) =
        let node = find tag root

        walk root
        |> Seq.filter (fun (_, other, _) -> Object.ReferenceEquals(node, other))
        |> Seq.map (fun (tag, _, _) -> tag)
        |> List.ofSeq

    /// The error for a parameter that a module does not have: it says how to reach modules in it that do. To configure a
    /// list is meant for what is in the list.
    let pointBelow (root: Node) error =
        match error with
        | UnknownName(tag, kind, "parameter", name, _) ->
            let all = tryFind tag root |> Option.map (children tag) |> Option.defaultValue []

            match all |> List.filter (fun (_, node, _) -> node.Definition.Signature.Has name) with
            | [] -> error
            | found ->
                let last =
                    if found.Length = all.Length && found.Length > 1 then "*"
                    elif found.Length > 3 then $"[has:{name}]"
                    else found |> List.map (fun (tag, _, _) -> tag.Name) |> String.concat "|"

                ParameterBelow(tag, kind, name, String.concat "/" (tag.Names @ [ last ]))
        | other -> other

    /// Whether two trees say the same: kinds, arguments, children, graphs, hooks, in order.
    let rec equal (a: Node) (b: Node) =
        Object.ReferenceEquals(a, b)
        || (a.Tag = b.Tag
            && Object.ReferenceEquals(a.Definition, b.Definition)
            && Array.forall2 (fun (x: Value) y -> x.Equals y) a.Values b.Values
            && a.Graph = b.Graph
            && a.Hooks = b.Hooks
            && a.Inputs = b.Inputs
            && a.Outputs = b.Outputs
            && a.Own = b.Own
            && a.Children.Length = b.Children.Length
            && Seq.forall2
                (fun x y ->
                    match x, y with
                    | Child.Own a, Child.Own b -> a.Tag.Name = b.Tag.Name && equal a b
                    | Child.Alias(x, a), Child.Alias(y, b) -> x = y && a = b
                    | _ -> false)
                a.Children
                b.Children)

    /// What is printed of a module between its parentheses, with what was asked for its weights.
    let internal extra (node: Node) : string =
        let extra = node.Definition.Extra node.Arguments

        if node.Hooks.IsEmpty then
            extra
        else
            extra
            :: [
                for hook in Stages.onWeights node.Hooks -> $"{hook.Action.Id}({Value.printArguments hook.Arguments})"
            ]
            |> List.filter ((<>) "")
            |> String.concat ", "

    /// The tree as text, like PyTorch's `print(model)`.
    let print (root: Node) =
        let text = StringBuilder()

        let rec go indent (prefix: string) (node: Node) =
            let kind = node.Definition.Id
            let extra = extra node

            if node.Children.Length = 0 then
                text.Append(String(' ', indent)).Append(prefix).Append($"{kind}({extra})\n") |> ignore
            else
                let head = if extra = "" then "" else extra + ", "

                text.Append(String(' ', indent)).Append(prefix).Append($"{kind}({head.TrimEnd(',', ' ')}\n")
                |> ignore

                for child in node.Children do
                    match child with
                    | Child.Own below -> go (indent + 2) $"({below.Tag.Name}): " below
                    | Child.Alias(name, target) ->
                        text.Append(String(' ', indent + 2)).Append($"({name}): → {target}\n") |> ignore

                text.Append(String(' ', indent)).Append(")\n") |> ignore

        go 0 "" root
        text.ToString().TrimEnd('\n')
