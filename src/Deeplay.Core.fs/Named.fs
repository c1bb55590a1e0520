namespace Deeplay.Core

/// Which modules take or give named tensors instead of plain ones.
[<RequireQualifiedAccess>]
module Named =
    let private firstChild (list: Node) =
        if list.Children.Length = 0 then
            None
        else
            let _, node, _ = Tree.child list.Tag list 0
            Some node

    let private lastChild (list: Node) =
        if list.Children.Length = 0 then
            None
        else
            let _, node, _ = Tree.child list.Tag list (list.Children.Length - 1)
            Some node

    let private at (node: Node) (tag: Tag) = Nodes.descend node.Tag node tag.Names

    /// Whether the module is called with named tensors.
    let rec takes (node: Node) : bool = node.Inputs.IsSome || takesInside node

    /// Whether the module's own forward pass starts from named tensors, whatever its input map says.
    and takesInside (node: Node) : bool =
        match node.Graph with
        | Some graph when graph.Inputs.Length = 1 ->
            graph.Instructions
            |> List.exists (fun instruction ->
                List.contains 0 instruction.Inputs
                && (match instruction.Operation with
                    | Lookup _ -> true
                    | Call tag -> takes (at node tag)
                    | Chain tag -> firstChild (at node tag) |> Option.exists takes
                    | Apply _ -> false))
        | _ -> false

    /// Whether a call of the module gives named tensors.
    let rec gives (node: Node) : bool = node.Outputs.IsSome || givesInside node

    /// Whether the module's own forward pass ends in named tensors, whatever its output map says.
    and givesInside (node: Node) : bool =
        match node.Graph with
        | Some { Outputs = (name, _) :: _ } when name <> "" -> true
        | Some { Outputs = [ _, register ] } as graph ->
            graph.Value.Instructions
            |> List.tryFind (fun instruction -> List.contains register instruction.Outputs)
            |> Option.exists (fun instruction ->
                match instruction.Operation with
                | Call tag -> gives (at node tag)
                | Chain tag -> lastChild (at node tag) |> Option.exists gives
                | Lookup _
                | Apply _ -> false)
        | _ -> false

    /// Whether named tensors occur anywhere in the module's own forward pass.
    let within (node: Node) : bool =
        let named child = takes child || gives child

        match node.Graph with
        | None -> false
        | Some graph ->
            graph.Outputs |> List.exists (fun (name, _) -> name <> "")
            || graph.Instructions
               |> List.exists (fun instruction ->
                   match instruction.Operation with
                   | Lookup _ -> true
                   | Call tag -> named (at node tag)
                   | Chain tag ->
                       let list = at node tag

                       seq { 0 .. list.Children.Length - 1 }
                       |> Seq.exists (fun i ->
                           let _, child, _ = Tree.child list.Tag list i
                           named child)
                   | Apply _ -> false)

    /// The keys that an input map takes for the inputs of a module, in their order. `names` are the names of the
    /// inputs; a key without one is for the next input that none was named for.
    let inputKeys tag kind (names: string list) (map: (string * string) list) : string list =
        let byName = map |> List.filter (fun (input, _) -> input <> "")
        let byOrder = map |> List.filter (fun (input, _) -> input = "") |> List.map snd

        for input, _ in byName do
            if not (List.contains input names) then
                Fail.with' (UnknownName(tag, kind, "input", input, names))

        if map.Length <> names.Length then
            let problem =
                $"its input map has {map.Length} keys, but it takes {names.Length} inputs."

            Fail.with' (WrongStructure(tag, kind, problem))

        let mutable rest = byOrder

        names
        |> List.map (fun name ->
            match List.tryFind (fun (input, _) -> input = name) byName, rest with
            | Some(_, key), _ -> key
            | None, key :: later ->
                rest <- later
                key
            | None, [] -> Fail.with' (WrongStructure(tag, kind, $"its input map has no key for '{name}'.")))
