namespace Deeplay.Core

/// Which modules take or give named tensors instead of plain ones.
[<RequireQualifiedAccess>]
module internal Named =
    let private at (node: Node) (tag: Tag) = Nodes.descend (Tag.append node.Tag tag) node tag.Names

    // The child that a chain calls first, or last.
    let private ofChain (pick: int -> int) (node: Node) (tag: Tag) =
        let list = at node tag
        let count = list.Children.Length
        if count = 0 then None else Some(Tree.below list.Tag list (pick count))

    // Whether this is so of one of the modules that a chain calls.
    let private isOneOf (isSo: Node -> bool) (node: Node) (tag: Tag) =
        let list = at node tag
        let rec from place = place < list.Children.Length && (isSo (Tree.below list.Tag list place) || from (place + 1))
        from 0

    /// Whether the module is called with named tensors.
    let rec takes (node: Node) : bool = node.Inputs.IsSome || takesInside node

    /// Whether what the module calls on this input of its own forward pass takes named tensors.
    and private takesAt input (node: Node) (graph: Graph) : bool =
        graph.Instructions
        |> List.exists (fun instruction ->
            List.contains input instruction.Inputs
            && (match instruction.Operation with
                | Lookup _ -> true
                | Put _ -> instruction.Inputs.Head = input
                | Call tag -> takes (at node tag)
                | Chain tag -> ofChain (fun _ -> 0) node tag |> Option.exists takes
                | _ -> false))

    /// Whether the module's own forward pass starts from named tensors, whatever its input map says.
    and takesInside (node: Node) : bool =
        match node.Graph with
        | Some graph ->
            let rec from i = i < graph.Inputs.Length && (takesAt i node graph || from (i + 1))
            from 0
        | None -> false

    /// Whether a call of the module gives named tensors.
    let rec gives (node: Node) : bool = node.Outputs.IsSome || givesInside node

    /// Whether what a forward pass has in a register are named tensors that a call gave.
    and private givesAt register (node: Node) (graph: Graph) : bool =
        graph.Instructions
        |> List.tryFind (fun instruction -> List.contains register instruction.Outputs)
        |> Option.exists (fun instruction ->
            match instruction.Operation with
            | Put _ -> true
            | Call tag -> gives (at node tag)
            | Chain tag -> ofChain (fun count -> count - 1) node tag |> Option.exists gives
            | _ -> false)

    /// Whether the module's own forward pass ends in named tensors, whatever its output map says.
    and givesInside (node: Node) : bool =
        match node.Graph with
        | Some { Outputs = (name, _) :: _ } when name <> "" -> true
        | Some({ Outputs = [ _, register ] } as graph) -> givesAt register node graph
        | _ -> false

    /// What is said of a forward pass that gives named tensors as one of several outputs.
    let severalOutputs = "one of its several outputs are named tensors; give it an output map, or take one of them."

    /// Stops where a forward pass takes or gives named tensors beside plain ones.
    let check (node: Node) (graph: Graph) : unit =
        let wrong problem = Fail.with' (WrongStructure(node.Tag, node.Definition.Id, problem))

        let named, plain = graph.Inputs |> List.indexed |> List.partition (fun (i, _) -> takesAt i node graph)

        match named, plain with
        | (_, name) :: _, _ :: _ -> wrong $"named tensors are an only input, and '{name}' is one of several."
        | _ -> ()

        match graph.Outputs with
        | [ "", _ ] -> ()
        | outputs ->
            for _, register in outputs do
                if givesAt register node graph then wrong severalOutputs

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
                   | Lookup _
                   | Put _ -> true
                   | Call tag -> named (at node tag)
                   | Chain tag -> isOneOf named node tag
                   | _ -> false)

    /// Every key that a module of the tree takes a tensor by.
    let keys (root: Node) : Set<string> =
        let lookups (graph: Graph) =
            graph.Instructions
            |> List.choose (fun instruction ->
                match instruction.Operation with
                | Lookup key -> Some key
                | _ -> None)

        Set.ofList
            [
                for _, node, _ in Tree.walk root do
                    yield! defaultArg node.Inputs [] |> List.map snd
                    yield! node.Graph |> Option.toList |> List.collect lookups
            ]

    /// Which named tensors the module takes and gives, in words; those of `inputsFrom` and `outputsTo`.
    let describe (node: Node) : string =
        let print (from: string, into: string) = if from = "" then into else $"{from}={into}"

        let several what (pairs: (string * string) list option) =
            pairs
            |> Option.map (fun pairs -> what + " " + System.String.Join(", ", List.map print pairs))
            |> Option.toList

        let outputs =
            node.Outputs
            |> Option.map (List.mapi (fun i (key, place) -> if i = place then "", key else key, string place))

        match several "inputs from" node.Inputs @ several "outputs to" outputs with
        | [] -> "plain tensors"
        | maps -> System.String.Join("; ", maps)

    /// The keys that an input map takes for the inputs of a module, in their order. `names` are the names of the
    /// inputs; a key without one is for the next input that none was named for.
    let inputKeys tag kind (names: string list) (map: (string * string) list) : string list =
        let byName = map |> List.filter (fun (input, _) -> input <> "")
        let byOrder = map |> List.filter (fun (input, _) -> input = "") |> List.map snd

        for input, _ in byName do
            if not (List.contains input names) then Fail.with' (UnknownName(tag, kind, "input", input, names))

        let wrong problem = Fail.with' (WrongStructure(tag, kind, problem))

        if map.Length <> names.Length then
            wrong $"its input map has {map.Length} keys, but it takes {names.Length} inputs."

        let mutable rest = byOrder

        names
        |> List.map (fun name ->
            match List.tryFind (fun (input, _) -> input = name) byName, rest with
            | Some(_, key), _ -> key
            | None, key :: later ->
                rest <- later
                key
            | None, [] -> wrong $"its input map has no key for '{name}'.")
