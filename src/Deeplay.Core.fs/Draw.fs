namespace Deeplay.Core

open System.Text

/// Pictures of a constructed tree, as text for other programs to draw.
[<RequireQualifiedAccess>]
module Draw =
    let private id (tag: Tag) =
        if tag.Depth = 0 then
            "root"
        else
            "m_" + (string tag).Replace('.', '_').Replace('-', '_')

    // Labels stand between double quotes in both languages.
    let private label (tag: Tag) (node: Node) =
        let extra = node.Definition.Extra node.Arguments
        let inside = if extra = "" then "" else $"({extra})"
        let name = if tag.Depth = 0 then "" else tag.Name + ": "
        $"{name}{node.Definition.Id}{inside}".Replace("\"", "'")

    let private modules (root: Node) =
        Tree.walk root |> Seq.filter (fun (_, _, alias) -> not alias)

    /// Parent and child, each with whether the child hangs elsewhere and is only named here.
    let private edges (root: Node) =
        [
            for tag, node, _ in modules root do
                for child in node.Children do
                    match child with
                    | Child.Own(name, _, _) -> tag, Tag.child name tag, None
                    | Child.Alias(name, target) -> tag, Tag.append tag target, Some name
        ]

    /// The tree as a Mermaid flowchart. A shared module is one box with several arrows to it.
    let mermaid (root: Node) =
        let text = StringBuilder("flowchart TD\n")

        for tag, node, _ in modules root do
            text.Append($"    {id tag}[\"{label tag node}\"]\n") |> ignore

        for parent, child, alias in edges root do
            let arrow =
                match alias with
                | None -> "-->"
                | Some name -> $"-. {name} .->"

            text.Append($"    {id parent} {arrow} {id child}\n") |> ignore

        text.ToString().TrimEnd('\n')

    /// The tree in Graphviz's DOT.
    let dot (root: Node) =
        let text = StringBuilder("digraph model {\n    node [shape=box];\n")

        for tag, node, _ in modules root do
            text.Append($"    {id tag} [label=\"{label tag node}\"];\n") |> ignore

        for parent, child, alias in edges root do
            let style =
                match alias with
                | None -> ""
                | Some name -> $" [style=dashed, label=\"{name}\"]"

            text.Append($"    {id parent} -> {id child}{style};\n") |> ignore

        text.Append("}").ToString()
