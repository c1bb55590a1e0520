namespace Deeplay.Core

open System

/// Pictures of a constructed tree, as text for other programs to draw.
[<RequireQualifiedAccess>]
module Draw =
    // Names are anything, identifiers are not: the modules are numbered in tree order.
    let private identify (root: Node) : (Tag * Node * string) list =
        Tree.walk root
        |> Seq.filter (fun (_, _, alias) -> not alias)
        |> Seq.mapi (fun i (tag, node, _) -> tag, node, $"m{i}")
        |> List.ofSeq

    let private label (tag: Tag) (node: Node) =
        let extra = Tree.extra node
        let inside = if extra = "" then "" else $"({extra})"
        let name = if tag.Depth = 0 then "" else tag.Name + ": "
        $"{name}{node.Definition.Id}{inside}"

    /// Parent and child, and the second name where the child hangs elsewhere and is only named here.
    let private edges (modules: (Tag * Node * string) list) : (string * string * string option) list =
        let ids = modules |> List.map (fun (tag, _, id) -> tag, id) |> dict

        [
            for tag, node, id in modules do
                for child in node.Children do
                    match child with
                    | Child.Own below -> id, ids[Tag.child below.Tag.Name tag], None
                    | Child.Alias(name, target) -> id, ids[Tag.append tag target], Some name
        ]

    // Within double quotes: entities begin with '#', tags with '<'.
    // Source: Mermaid's documentation, "Flowcharts", "Entity codes to escape characters".
    let private forMermaid (text: string) =
        text
            .Replace("#", "#35;")
            .Replace("\"", "#quot;")
            .Replace("<", "#lt;")
            .Replace(">", "#gt;")
            .Replace("\r", "")
            .Replace("\n", "<br/>")

    // Source: Graphviz's documentation, "The DOT language", "escString".
    let private forDot (text: string) =
        text.Replace("\\", "\\\\").Replace("\"", "\\\"").Replace("\r", "").Replace("\n", "\\n")

    // One line for each module and for each arrow between two.
    let private draw head box arrow foot (root: Node) =
        let modules = identify root

        [
            yield head
            for tag, node, id in modules do
                yield box id (label tag node)
            for parent, child, alias in edges modules do
                yield arrow parent child alias
            yield! foot
        ]
        |> String.concat "\n"

    /// The tree as a Mermaid flowchart. A shared module is one box with several arrows to it.
    let mermaid (root: Node) =
        let box id label = $"    {id}[\"{forMermaid label}\"]"

        let plain = "-->"

        let arrow parent child alias =
            let style = alias |> Option.map (fun name -> $"-.->|\"{forMermaid name}\"|")
            $"    {parent} {defaultArg style plain} {child}"

        draw "flowchart TD" box arrow [] root

    /// The tree in Graphviz's DOT. A shared module is one box with several arrows to it.
    let dot (root: Node) =
        let box id label = $"    {id} [label=\"{forDot label}\"];"

        let arrow parent child alias =
            let style = alias |> Option.map (fun name -> $" [style=dashed, label=\"{forDot name}\"]")
            $"    {parent} -> {child}{defaultArg style String.Empty};"

        draw "digraph model {\n    node [shape=box];" box arrow [ "}" ] root
