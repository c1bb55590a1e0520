namespace Deeplay.Core

open System
open System.Collections.Generic
open Deeplay.FSharp

/// Runs shapes and kinds of numbers through a constructed tree without allocating a tensor: fills in unset arguments, and finds what
/// does not fit.
[<RequireQualifiedAccess>]
module Infer =
    open InferParts

    /// What one call of a module takes and gives.
    [<Sealed>]
    type Flow internal (tag: Tag, inputs: Flowing list, outputs: Flowing list) =
        member _.Tag = tag
        member _.Inputs: Carried list = List.map Flowing.carried inputs
        member _.Outputs: Carried list = List.map Flowing.carried outputs

    /// What came out of an inference.
    [<NoEquality; NoComparison>]
    type Outcome =
        {
            /// The tree with the inferred arguments filled in.
            Root: Node
            Outputs: Carried list
            /// Every call of a module, in the order in which they happen.
            Flows: Flow list
        }

    /// Infers through the tree, with what comes out of it. A module that is called several times must get shapes that agree. An input
    /// whose numbers a module does not take is an error of that module; of numbers that are not known nothing is.
    let internal flow (inputs: Flowing list) (root: Node) : Result<Outcome * Flowing list, Error list> =
        // Keyed by identity: a shared module has one set of arguments, however many tags it has.
        let arguments = Dictionary<Node, Arguments>(HashIdentity.Reference)
        let flows = ResizeArray<Flow>()
        let logs = Dictionary<string, Flowing>()

        let keep key (flowing: Flowing) =
            match flowing with
            | One _ -> logs[key] <- flowing
            | Several named -> named |> Map.iter (fun name one -> logs[Logging.keyOf key name] <- One one)

        let argumentsOf node =
            match arguments.TryGetValue node with
            | true, known -> known
            | _ -> node.Arguments

        let rec call (tag: Tag) (node: Node) (inputs: Flowing list) : Flowing list =
            let given = mapped tag node inputs
            let kept = Logging.keysOf node

            let inside =
                match node.Definition.Body, node.Graph with
                | Primitive _, _ when obj.ReferenceEquals(node.Definition, Logging.fromLogs) ->
                    match logs.TryGetValue((argumentsOf node).Get Logging.key) with
                    | true, kept -> [ kept ]
                    | _ -> [ Flowing.ofShape Unranked ]
                | Primitive rule, _ ->
                    let given = tensors tag node given
                    let inference = counted tag node (List.map _.Shape given) (rule (argumentsOf node)) _.Outputs
                    let (ElementRule kinds) = node.Definition.Elements

                    for name, value in inference.Inferred do
                        if (argumentsOf node)[name] = Unset then arguments[node] <- (argumentsOf node).With(name, value)

                    given |> List.map _.Kind |> kinds |> ofKinds tag node |> foreseen inference.Outputs
                | Composite _, Some graph ->
                    if not node.Definition.Inferred.IsEmpty then
                        for name, value in inferred tag node (argumentsOf node) given do
                            arguments[node] <- (argumentsOf node).With(name, value)

                    runGraph tag node graph given
                | Composite _, None -> wrong tag node "it has no forward pass; call its children instead."

            for key, isOutput in kept do
                match (if isOutput then inside else given) with
                | [ one ] -> keep key one
                | several -> several |> List.iteri (fun i one -> keep (Logging.keyOf key (string i)) one)

            let outputs = renamed tag node inputs inside
            flows.Add(Flow(tag, inputs, outputs))
            outputs

        and runGraph tag node graph inputs =
            if inputs.Length <> graph.Inputs.Length then
                let takes = graph.Inputs.Length
                misfit tag node (if takes = 1 then "1 input" else $"{takes} inputs") inputs.Length

            let registers = Array.create graph.Registers (Flowing.ofShape Unranked)
            // What registers hold that are sizes.
            let measured = Array.create graph.Registers Unknown
            inputs |> List.iteri (fun i flowing -> registers[i] <- flowing)

            let own name : Foreseen =
                let own = node.Own |> List.find (fun own -> own.Name = name)
                let sizes = OwnTensor.sizes tag node.Definition.Id (argumentsOf node).Known own
                { Shape = Ranked sizes; Kind = ElementKind.ofDType own.DType }

            // By a rule of shapes, and one of kinds.
            let inferred rule kinds inputs : Flowing list =
                let given = tensors tag node inputs
                let shapes = counted tag node (List.map _.Shape given) rule id
                given |> List.map _.Kind |> kinds |> ofKinds tag node |> foreseen shapes

            let ofShapes rule inputs = inferred rule (fun _ -> Ok []) inputs

            for instruction in graph.Instructions do
                let given = instruction.Inputs |> List.map (fun r -> registers[r])

                let results =
                    match instruction.Operation with
                    | Apply op -> inferred (OpShape.infer op) (OpKinds.infer op) given
                    | Sized(op, sizes) ->
                        let tensors = List.truncate (given.Length - (SizeExpr.registersOf sizes).Length) given

                        let rule shapes =
                            let sizes = sizes |> List.map (sized tag node (argumentsOf node) measured)
                            OpShape.inferSized op sizes shapes |> Result.map List.singleton

                        inferred rule (List.head >> OpKinds.inferSized op) tensors
                    | Measure dim ->
                        let rule shapes =
                            RuleParts.withDim (List.head shapes) dim (fun dims at -> Ok(Ranked [ dims[at] ]))
                            |> Result.map List.singleton

                        match ofShapes rule given with
                        | [ One { Shape = Ranked [ size ] } ] -> measured[instruction.Outputs.Head] <- size
                        | _ -> ()

                        [ Flowing.ofShape (Ranked []) ]
                    | Own name -> [ One(own name) ]
                    | Update name ->
                        let rule shapes =
                            match RuleParts.same (own name).Shape (List.head shapes) with
                            | Some _ -> Ok []
                            | None -> RuleParts.fail $"{(own name).Shape} for '{name}'" (List.head shapes)

                        ofShapes rule given
                    | ByMode -> [ joined given ]
                    | Lookup key ->
                        match given with
                        | [ Several named ] -> [ lookup tag node key named ]
                        | _ -> misfit tag node "named tensors" (print given)
                    | Put key ->
                        match given with
                        | [ Several named; One one ] -> [ Several(Map.add key one named) ]
                        | _ -> misfit tag node "named tensors, and a tensor to put among them" (print given)
                    | Call target ->
                        let below = Tag.append tag target

                        withOrigins tag graph below instruction.Inputs (fun () ->
                            call below (Nodes.descend below node target.Names) given)
                    | Chain target ->
                        let below = Tag.append tag target

                        Tree.children below (Nodes.descend below node target.Names)
                        |> List.fold (fun flowing (tag, child, _) -> call tag child flowing) given

                if results.Length <> instruction.Outputs.Length then
                    let takes = instruction.Outputs.Length

                    wrong tag node $"a call gives {results.Length} outputs where its forward pass takes {takes}."

                List.iter2 (fun register flowing -> registers[register] <- flowing) instruction.Outputs results

            match graph.Outputs with
            | (name, _) :: _ when name <> "" ->
                [
                    Several(
                        Map.ofList [ for name, register in graph.Outputs -> name, single tag node registers[register] ]
                    )
                ]
            | [ _, register ] -> [ registers[register] ]
            | outputs -> outputs |> List.map (fun (_, register) -> One(single tag node registers[register]))

        let rec filled (node: Node) : Node =
            let after = Nodes.mapBelow filled node

            match arguments.TryGetValue node with
            | true, known -> Tree.withArguments known after
            | _ -> after

        Fail.catch (fun () ->
            let outputs = call root.Tag (Constraints.ofTree root) inputs

            let outcome =
                {
                    Root = Constraints.ofTree (filled root)
                    Outputs = List.map Flowing.carried outputs
                    Flows = List.ofSeq flows
                }

            outcome, outputs)

    /// Infers through the tree from the shapes of its inputs, whatever numbers they hold.
    let carry (inputs: Carried list) (root: Node) : Result<Outcome, Error list> =
        flow (List.map Flowing.ofCarried inputs) root |> Result.map fst

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
