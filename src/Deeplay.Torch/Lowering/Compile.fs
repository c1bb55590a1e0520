namespace Deeplay.Torch

open System.Collections.Generic
open Deeplay.Core
open TorchSharp

/// From a forward graph to a program over built modules.
module internal Compile =
    /// What an instruction calls: an operation, or a module with its node.
    [<NoEquality; NoComparison>]
    type private Target =
        | Operation of Op
        | Key of string
        | Module of Tag * Node * torch.nn.Module

    /// An instruction with the slots it reads, writes and releases.
    [<NoEquality; NoComparison>]
    type private Planned = { Target: Target; Read: int[]; Written: int[]; Release: int[] }

    // A register is written once, at `first`, and read last at `last`.
    let private lastReads (calls: (int list * int list) list) (outputs: int list) =
        let last = Dictionary<int, int>()

        calls
        |> List.iteri (fun at (inputs, written) ->
            for r in inputs @ written do
                last[r] <- at)

        outputs |> List.iter (fun r -> last[r] <- System.Int32.MaxValue)
        last

    /// Gives every register of a graph a slot. `built` gives the module of a node.
    let private plan (built: Node -> torch.nn.Module) (owner: Node) (graph: Graph) =
        let find tag = Nodes.descend owner.Tag owner tag

        // A chain becomes a call for each child, with registers of its own between them.
        let mutable registers = graph.Registers

        let fresh () =
            registers <- registers + 1
            registers - 1

        let alias = Dictionary<int, int>()

        let rec resolve register =
            match alias.TryGetValue register with
            | true, other -> resolve other
            | _ -> register

        let calls =
            graph.Instructions
            |> List.collect (fun instruction ->
                let inputs = instruction.Inputs |> List.map resolve

                match instruction.Operation with
                | Apply op -> [ Operation op, inputs, instruction.Outputs ]
                | Lookup key -> [ Key key, inputs, instruction.Outputs ]
                | Call tag ->
                    let node = find tag.Names

                    [ Module(Tag.append owner.Tag tag, node, built node), inputs, instruction.Outputs ]
                | Chain tag ->
                    match Tree.children (Tag.append owner.Tag tag) (find tag.Names) with
                    | [] ->
                        alias[instruction.Outputs.Head] <- inputs.Head
                        []
                    | targets ->
                        let outputs =
                            List.init (targets.Length - 1) (fun _ -> fresh ()) @ [ instruction.Outputs.Head ]

                        let sources = inputs.Head :: List.take (targets.Length - 1) outputs

                        List.zip3 targets sources outputs
                        |> List.map (fun ((tag, node, _), source, output) ->
                            Module(tag, node, built node), [ source ], [ output ]))

        let results = graph.Outputs |> List.map (snd >> resolve)
        let last = lastReads (calls |> List.map (fun (_, i, o) -> i, o)) results

        // Slots are used again once their register is done with. The inputs keep theirs: they are the caller's.
        let slotOf = Dictionary<int, int>()
        let free = System.Collections.Generic.Stack<int>()
        let mutable slots = graph.Inputs.Length
        graph.Inputs |> List.iteri (fun i _ -> slotOf[i] <- i)

        let take register =
            if free.Count > 0 then
                slotOf[register] <- free.Pop()
            else
                slotOf[register] <- slots
                slots <- slots + 1

            slotOf[register]

        let steps =
            calls
            |> List.mapi (fun at (target, inputs, outputs) ->
                let read = inputs |> List.map (fun r -> slotOf[r]) |> Array.ofList
                let written = outputs |> List.map take |> Array.ofList

                let finished =
                    inputs @ outputs
                    |> List.distinct
                    |> List.filter (fun r -> r >= graph.Inputs.Length && last[r] = at)

                let release = finished |> List.map (fun r -> slotOf[r]) |> Array.ofList
                release |> Array.iter free.Push

                { Target = target; Read = read; Written = written; Release = release })
            |> Array.ofList

        slots, steps, results |> List.map (fun r -> slotOf[r]) |> Array.ofList

    let private placeOf (owner: Node) target : Place =
        match target with
        | Operation op -> Place.operation owner (Graph.describeOp op)
        | Key key -> Place.operation owner $"'{key}'"
        | Module(tag, node, _) -> Place.at tag node

    let private step owner (planned: Planned) : ProgramStep =
        let read, written = planned.Read, planned.Written

        let step: ProgramStep =
            match planned.Target with
            | Operation op ->
                match Operations.ofOp op with
                | OfOne f -> UnaryOperation(f, read[0], written[0])
                | OfMany f -> ManyOperation(f, read, written[0])
            | Module(_, _, (:? torch.nn.Module<Tensor, Tensor> as m)) when
                read.Length = 1 && written.Length = 1
                ->
                UnaryCall(m, read[0], written[0])
            | Module(tag, _, m) -> ManyCall(Calls.plain tag m, read, written)
            | Key _ -> invalidOp "A pass over named tensors is compiled as such."

        step.Release <- planned.Release
        step.Inputs <- read
        step.Place <- placeOf owner planned.Target
        step

    /// Compiles the forward pass of a node without named tensors. `built` gives the module of a node below it.
    let program built (owner: Node) (graph: Graph) : Program =
        let slots, steps, outputs = plan built owner graph
        let steps = Array.map (step owner) steps
        Program(slots, graph.Inputs.Length, steps, outputs, Place.at owner.Tag owner)

    /// The modules that a forward pass calls one after another, where it does nothing else.
    let tryChain (built: Node -> torch.nn.Module) (owner: Node) (graph: Graph) : ChainProgram option =
        let unary tag (node: Node) =
            match built node with
            | :? torch.nn.Module<Tensor, Tensor> as target -> Some(target, Place.at tag node)
            | _ -> None

        let calls =
            graph.Instructions
            |> List.collect (fun instruction ->
                match instruction.Operation with
                | Call tag -> [ unary (Tag.append owner.Tag tag) (Nodes.descend owner.Tag owner tag.Names) ]
                | Chain tag ->
                    Tree.children (Tag.append owner.Tag tag) (Nodes.descend owner.Tag owner tag.Names)
                    |> List.map (fun (tag, node, _) -> unary tag node)
                | Lookup _
                | Apply _ -> [ None ])

        // Each instruction reads what the one before it gave, and the last one gives the output.
        let rec isLine register (instructions: Instruction list) =
            match instructions with
            | { Inputs = [ read ]; Outputs = [ written ] } :: rest -> read = register && isLine written rest
            | [] ->
                (match graph.Outputs with
                 | [ _, given ] -> given = register
                 | _ -> false)
            | _ -> false

        if isLine 0 graph.Instructions && List.forall Option.isSome calls then
            let targets, places = calls |> List.choose id |> Array.ofList |> Array.unzip
            Some(ChainProgram(targets, places))
        else
            None

    let private namedStep (owner: Node) (planned: Planned) : NamedStep =
        let call: obj[] -> obj[] =
            match planned.Target with
            | Operation op ->
                let tensor = Calls.tensor owner.Tag owner.Definition.Id

                match Operations.ofOp op with
                | OfOne f -> fun xs -> [| f (tensor xs[0]) |]
                | OfMany f -> fun xs -> [| f (Array.map tensor xs) |]
            | Key key -> Calls.pick owner.Tag owner.Definition.Id key
            | Module(tag, node, m) -> Calls.mapped tag node m

        {
            Run =
                fun slots ->
                    let results = call (planned.Read |> Array.map (fun slot -> slots[slot]))

                    for i in 0 .. planned.Written.Length - 1 do
                        slots[planned.Written[i]] <- results[i]
            Release = planned.Release
            Inputs = planned.Read
            Place = placeOf owner planned.Target
        }

    /// Compiles the forward pass of a node in which named tensors occur.
    let named built (owner: Node) (graph: Graph) : NamedProgram =
        let slots, steps, outputs = plan built owner graph
        let steps = Array.map (namedStep owner) steps
        NamedProgram(slots, graph.Inputs.Length, steps, outputs, Place.at owner.Tag owner)
