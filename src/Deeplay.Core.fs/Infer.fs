namespace Deeplay.Core

open System.Collections.Generic

/// Runs shapes through a constructed tree without allocating a tensor: fills in unset arguments, and finds what does
/// not fit.
[<RequireQualifiedAccess>]
module Infer =
    /// What one call of a module takes and gives.
    type Flow =
        {
            Tag: Tag
            Inputs: Shape list
            Outputs: Shape list
        }

    /// What came out of an inference.
    [<NoComparison>]
    type Outcome =
        {
            /// The tree with the inferred arguments filled in.
            Root: Node
            Outputs: Shape list
            /// Every call of a module, in the order in which they happen.
            Flows: Flow list
        }

    let private wrong tag (node: Node) (problem: OpShape.Problem) =
        Fail.with' (WrongShape(tag, node.Definition.Id, problem.Expected, problem.Found))

    let private wrongCount tag (node: Node) expected found =
        let plural n what =
            if n = 1 then $"1 {what}" else $"{n} {what}s"

        Fail.with' (WrongShape(tag, node.Definition.Id, plural expected "input", string found))

    /// Infers shapes through the tree. A module that is called several times must get shapes that agree.
    let run (inputs: Shape list) (root: Node) : Result<Outcome, Error list> =
        // Keyed by identity: a shared module has one set of arguments, however many tags it has.
        let arguments = Dictionary<Node, Arguments>(HashIdentity.Reference)
        let flows = ResizeArray<Flow>()

        let argumentsOf node =
            match arguments.TryGetValue node with
            | true, known -> known
            | _ -> node.Arguments

        let rec call (tag: Tag) (node: Node) (inputs: Shape list) : Shape list =
            let outputs =
                match node.Definition.Body, node.Graph with
                | Primitive rule, _ ->
                    match rule (argumentsOf node) inputs with
                    | Error problem -> wrong tag node problem
                    | Ok inference ->
                        for name, value in inference.Inferred do
                            if (argumentsOf node)[name] = Unset then
                                arguments[node] <- (argumentsOf node).With(name, value)

                        inference.Outputs
                | Composite _, Some graph -> runGraph tag node graph inputs
                | Composite _, None ->
                    Fail.with' (
                        WrongStructure(
                            tag,
                            node.Definition.Id,
                            "it has no forward pass; call its children instead."
                        )
                    )

            flows.Add
                {
                    Tag = tag
                    Inputs = inputs
                    Outputs = outputs
                }

            outputs

        and runGraph tag node graph inputs =
            if inputs.Length <> graph.Inputs.Length then
                wrongCount tag node graph.Inputs.Length inputs.Length

            let registers = Array.create graph.Registers Unranked
            inputs |> List.iteri (fun i shape -> registers[i] <- shape)

            for instruction in graph.Instructions do
                let given = instruction.Inputs |> List.map (fun r -> registers[r])

                let results =
                    match instruction.Operation with
                    | Apply op ->
                        match OpShape.infer op given with
                        | Ok shape -> [ shape ]
                        | Error problem -> wrong tag node problem
                    | Call target -> call (Tag.append tag target) (Nodes.descend tag node target.Names) given
                    | Chain target ->
                        let list = Nodes.descend tag node target.Names

                        Tree.children (Tag.append tag target) list
                        |> List.fold (fun shapes (tag, child, _) -> call tag child shapes) given

                if results.Length <> instruction.Outputs.Length then
                    Fail.with' (
                        WrongStructure(
                            tag,
                            node.Definition.Id,
                            $"a call gives {results.Length} outputs where its forward pass takes {instruction.Outputs.Length}."
                        )
                    )

                List.iter2 (fun register shape -> registers[register] <- shape) instruction.Outputs results

            graph.Outputs |> List.map (fun (_, register) -> registers[register])

        let rec filled (node: Node) : Node =
            let children =
                node.Children
                |> Array.map (fun child ->
                    match child with
                    | Child.Own(name, gift, below) ->
                        let after = filled below

                        if obj.ReferenceEquals(after, below) then
                            child
                        else
                            Child.Own(name, gift, after)
                    | Child.Alias _ -> child)

            let same =
                Array.forall2 (fun a b -> obj.ReferenceEquals(a, b)) children node.Children

            match arguments.TryGetValue node with
            | false, _ when same -> node
            | found, known ->
                { node with
                    Arguments = (if found then known else node.Arguments)
                    Children = children
                }

        Fail.catch (fun () ->
            let outputs = call root.Tag root inputs

            {
                Root = filled root
                Outputs = outputs
                Flows = List.ofSeq flows
            })

    /// How many inputs a module takes: those of its forward graph, one for a layer.
    let inputCount (node: Node) =
        match node.Graph with
        | Some graph -> graph.Inputs.Length
        | None -> 1

    /// The tree with everything inferred that can be without knowing the input: what follows from the widths that
    /// are set. A module without a forward pass is left as it is.
    let withoutInput (root: Node) =
        match root.Definition.Body, root.Graph with
        | Composite _, None -> Ok root
        | _ ->
            run (List.replicate (inputCount root) Unranked) root
            |> Result.map (fun outcome -> outcome.Root)
