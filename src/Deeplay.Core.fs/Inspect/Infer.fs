namespace Deeplay.Core

open System
open System.Collections.Generic
open Deeplay.FSharp

/// Runs shapes through a constructed tree without allocating a tensor: fills in unset arguments, and finds what does
/// not fit.
[<RequireQualifiedAccess>]
module Infer =
    open InferParts

    /// What one call of a module takes and gives.
    [<NoComparison>]
    type Flow = { Tag: Tag; Inputs: Carried list; Outputs: Carried list }

    /// What came out of an inference.
    [<NoComparison>]
    type Outcome =
        {
            /// The tree with the inferred arguments filled in.
            Root: Node
            Outputs: Carried list
            /// Every call of a module, in the order in which they happen.
            Flows: Flow list
        }

    /// Infers shapes through the tree. A module that is called several times must get shapes that agree.
    let carry (inputs: Carried list) (root: Node) : Result<Outcome, Error list> =
        // Keyed by identity: a shared module has one set of arguments, however many tags it has.
        let arguments = Dictionary<Node, Arguments>(HashIdentity.Reference)
        let flows = ResizeArray<Flow>()
        let logs = Dictionary<string, Carried>()

        let keep key (carried: Carried) =
            match carried with
            | Tensor _ -> logs[key] <- carried
            | Tensors named -> named |> Map.iter (fun name shape -> logs[Logging.keyOf key name] <- Tensor shape)

        let argumentsOf node =
            match arguments.TryGetValue node with
            | true, known -> known
            | _ -> node.Arguments

        let rec call (tag: Tag) (node: Node) (inputs: Carried list) : Carried list =
            let given = mapped tag node inputs
            let kept = Logging.keysOf node

            let inside =
                match node.Definition.Body, node.Graph with
                | Primitive _, _ when obj.ReferenceEquals(node.Definition, Logging.fromLogs) ->
                    match logs.TryGetValue((argumentsOf node).Get Logging.key) with
                    | true, shape -> [ shape ]
                    | _ -> [ Tensor Unranked ]
                | Primitive rule, _ ->
                    let inference = counted tag node (shapes tag node given) (rule (argumentsOf node)) _.Outputs

                    for name, value in inference.Inferred do
                        if (argumentsOf node)[name] = Unset then arguments[node] <- (argumentsOf node).With(name, value)

                    List.map Tensor inference.Outputs
                | Composite _, Some graph ->
                    for name, value in inferred tag node (argumentsOf node) given do
                        arguments[node] <- (argumentsOf node).With(name, value)

                    runGraph tag node graph given
                | Composite _, None -> wrong tag node "it has no forward pass; call its children instead."

            for key, isOutput in kept do
                match (if isOutput then inside else given) with
                | [ one ] -> keep key one
                | several -> several |> List.iteri (fun i one -> keep (Logging.keyOf key (string i)) one)

            let outputs = renamed tag node inputs inside
            flows.Add { Tag = tag; Inputs = inputs; Outputs = outputs }
            outputs

        and runGraph tag node graph inputs =
            if inputs.Length <> graph.Inputs.Length then
                let takes = graph.Inputs.Length
                misfit tag node (if takes = 1 then "1 input" else $"{takes} inputs") inputs.Length

            let registers = Array.create graph.Registers (Tensor Unranked)
            // What registers hold that are sizes.
            let measured = Array.create graph.Registers Unknown
            inputs |> List.iteri (fun i shape -> registers[i] <- shape)

            let shapesOfOwn =
                [
                    for own in node.Own ->
                        own.Name, Ranked(OwnTensor.sizes tag node.Definition.Id (argumentsOf node).Known own)
                ]

            let own name = shapesOfOwn |> List.find (fst >> (=) name) |> snd

            let inferred rule inputs : Carried list =
                counted tag node (shapes tag node inputs) rule id |> List.map Tensor

            for instruction in graph.Instructions do
                let given = instruction.Inputs |> List.map (fun r -> registers[r])

                let results =
                    match instruction.Operation with
                    | Apply op -> inferred (OpShape.infer op) given
                    | Sized(op, sizes) ->
                        let tensors = List.truncate (given.Length - (SizeExpr.registersOf sizes).Length) given

                        let rule shapes =
                            let sizes = sizes |> List.map (sized tag node (argumentsOf node) measured)
                            OpShape.inferSized op sizes shapes |> Result.map List.singleton

                        inferred rule tensors
                    | Measure dim ->
                        let rule shapes =
                            RuleParts.withDim (List.head shapes) dim (fun dims at -> Ok(Ranked [ dims[at] ]))
                            |> Result.map List.singleton

                        match inferred rule given with
                        | [ Tensor(Ranked [ size ]) ] -> measured[instruction.Outputs.Head] <- size
                        | _ -> ()

                        [ Tensor(Ranked []) ]
                    | Own name -> [ Tensor(own name) ]
                    | Update name ->
                        let rule shapes =
                            match RuleParts.same (own name) (List.head shapes) with
                            | Some _ -> Ok []
                            | None -> RuleParts.fail $"{own name} for '{name}'" (List.head shapes)

                        inferred rule given
                    | ByMode -> [ joined given ]
                    | Lookup key ->
                        match given with
                        | [ Tensors named ] -> [ lookup tag node key named ]
                        | _ -> misfit tag node "named tensors" (print given)
                    | Put key ->
                        match given with
                        | [ Tensors named; Tensor shape ] -> [ Tensors(Map.add key shape named) ]
                        | _ -> misfit tag node "named tensors, and a tensor to put among them" (print given)
                    | Call target ->
                        let below = Tag.append tag target

                        withOrigins tag graph below instruction.Inputs (fun () ->
                            call below (Nodes.descend below node target.Names) given)
                    | Chain target ->
                        let below = Tag.append tag target

                        Tree.children below (Nodes.descend below node target.Names)
                        |> List.fold (fun shapes (tag, child, _) -> call tag child shapes) given

                if results.Length <> instruction.Outputs.Length then
                    let takes = instruction.Outputs.Length

                    wrong tag node $"a call gives {results.Length} outputs where its forward pass takes {takes}."

                List.iter2 (fun register shape -> registers[register] <- shape) instruction.Outputs results

            match graph.Outputs with
            | (name, _) :: _ when name <> "" ->
                let named = graph.Outputs |> List.map (fun (name, register) -> name, registers[register])

                [ Tensors(Map.ofList (List.map (single tag node) named)) ]
            | [ _, register ] -> [ registers[register] ]
            | outputs ->
                outputs |> List.map (fun (_, register) -> Tensor(snd (single tag node ("", registers[register]))))

        let rec filled (node: Node) : Node =
            let after = Nodes.mapBelow filled node

            match arguments.TryGetValue node with
            | true, known -> Tree.withArguments known after
            | _ -> after

        Fail.catch (fun () ->
            let outputs = call root.Tag (Constraints.ofTree root) inputs

            { Root = Constraints.ofTree (filled root); Outputs = outputs; Flows = List.ofSeq flows })

    /// `carry` for plain tensors.
    let run (inputs: Shape list) (root: Node) : Result<Outcome, Error list> = carry (List.map Tensor inputs) root

    /// How many inputs a module takes: those of its forward graph, one for a layer.
    let inputCount (node: Node) =
        match node.Graph with
        | Some graph -> graph.Inputs.Length
        | None -> 1

    /// The tree with everything inferred that can be without knowing the input: what follows from the widths that
    /// are set. A module without a forward pass is left as it is.
    let withoutInput (root: Node) =
        let checkedAlone () = Fail.catch (fun () -> Constraints.ofTree root)

        match root.Definition.Body, root.Graph with
        // A layer by itself may take several inputs, and nothing follows from them while they are unknown.
        | Primitive _, _ when root.Inputs.IsNone -> checkedAlone ()
        | Composite _, None -> checkedAlone ()
        | _ when Named.takes root ->
            // Which tensors it is called with is not known either; they have every key that is asked for.
            let any = Named.keys root |> Seq.map (fun key -> key, Unranked) |> Map.ofSeq
            let count = if root.Inputs.IsSome then 1 else inputCount root
            carry (List.replicate count (Tensors any)) root |> Result.map _.Root
        | _ -> run (List.replicate (inputCount root) Unranked) root |> Result.map _.Root
