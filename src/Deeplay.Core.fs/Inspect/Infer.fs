namespace Deeplay.Core

open System
open System.Collections.Generic
open Deeplay.FSharp

/// Runs shapes through a constructed tree without allocating a tensor: fills in unset arguments, and finds what does
/// not fit.
[<RequireQualifiedAccess>]
module Infer =
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

    let private misfit tag (node: Node) expected (found: obj) =
        Fail.with' (WrongShape(tag, node.Definition.Id, expected, string found))

    let private wrong tag (node: Node) problem = Fail.with' (WrongStructure(tag, node.Definition.Id, problem))

    /// What a shape rule gives. Sizes that 64 bits don't hold, and tensors of so many elements, are a wrong input.
    let private counted tag node inputs (rule: Shape list -> Result<'a, OpShape.Problem>) outputs =
        try
            match rule inputs with
            | Error problem -> misfit tag node problem.Expected problem.Found
            | Ok result ->
                for shape in outputs result do
                    match shape with
                    | Ranked dims -> Shape.numel dims |> ignore
                    | Unranked -> ()

                result
        with :? OverflowException ->
            misfit tag node "an input for which all sizes are below 2^63" (String.Join(", ", inputs))

    let private print (inputs: Carried list) = String.Join(", ", inputs)

    let private lookup tag (node: Node) key (named: Map<string, Shape>) =
        match named.TryFind key with
        | Some shape -> Tensor shape
        | None -> misfit tag node $"a tensor named '{key}'{Nearest.hint key named.Keys}" (Tensors named)

    /// The inputs of a module's own forward pass, out of what it is called with.
    let private mapped tag (node: Node) (inputs: Carried list) =
        match node.Inputs, inputs with
        | None, _ -> inputs
        | Some map, [ Tensors named ] ->
            let names =
                match node.Graph with
                | Some graph -> graph.Inputs
                | None when map.Length = 1 -> [ "input" ]
                | None -> List.init map.Length (fun i -> $"input{i}")

            Named.inputKeys tag node.Definition.Id names map |> List.map (fun key -> lookup tag node key named)
        | Some _, _ -> misfit tag node "named tensors" (print inputs)

    /// What a call gives, out of what the module's own forward pass gave.
    let private renamed tag (node: Node) (inputs: Carried list) (outputs: Carried list) =
        match node.Outputs with
        | None -> outputs
        | Some map ->
            let before =
                match inputs with
                | [ Tensors named ] -> named
                | _ -> Map.empty

            let add (all: Map<string, Shape>) (key, place) =
                match List.tryItem place outputs with
                | Some(Tensor shape) -> Map.add key shape all
                | Some(Tensors _ as other) -> misfit tag node $"a tensor to be named '{key}'" other
                | None -> wrong tag node $"its output map names output {place}, but it gives {outputs.Length}."

            [ Tensors(List.fold add before map) ]

    let private shapes tag (node: Node) (inputs: Carried list) =
        inputs
        |> List.map (fun input ->
            match input with
            | Tensor shape -> shape
            | Tensors _ -> misfit tag node "a tensor (give it an input map to take one of several)" (print inputs))

    let private single tag (node: Node) (name: string, carried: Carried) =
        match carried with
        | Tensor shape -> name, shape
        | Tensors _ -> wrong tag node Named.severalOutputs

    // What is known of a size that is computed.
    let private sized tag (node: Node) (measured: Dim[]) expression =
        match SizeExpr.infer (Array.get measured) expression with
        | Some size -> size
        | None -> misfit tag node "a size to divide by" 0

    // What is known of one of two, whichever it is.
    let private joined (given: Carried list) =
        match given with
        | [ Tensor(Ranked a); Tensor(Ranked b) ] when a.Length = b.Length ->
            Tensor(Ranked(List.map2 (fun a b -> if a = b then a else Unknown) a b))
        | _ -> Tensor Unranked

    /// Infers shapes through the tree. A module that is called several times must get shapes that agree.
    let carry (inputs: Carried list) (root: Node) : Result<Outcome, Error list> =
        // Keyed by identity: a shared module has one set of arguments, however many tags it has.
        let arguments = Dictionary<Node, Arguments>(HashIdentity.Reference)
        let flows = ResizeArray<Flow>()
        let logs = Dictionary<string, Carried>()

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
                | Composite _, Some graph -> runGraph tag node graph given
                | Composite _, None -> wrong tag node "it has no forward pass; call its children instead."

            for key, isOutput in kept do
                match (if isOutput then inside else given) with
                | [ one ] -> logs[key] <- one
                | several ->
                    let what = if isOutput then "output" else "input"
                    wrong tag node $"a log keeps one {what}, but there are {several.Length}."

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

            let own name = node.Own |> List.find (fun own -> own.Name = name) |> fun own -> Shape.known own.Sizes

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
                            let sizes = sizes |> List.map (sized tag node measured)
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
                    | Call target ->
                        let below = Tag.append tag target
                        call below (Nodes.descend below node target.Names) given
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
            carry [ Tensors any ] root |> Result.map _.Root
        | _ -> run (List.replicate (inputCount root) Unranked) root |> Result.map _.Root
