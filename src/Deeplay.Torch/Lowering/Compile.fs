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

    // The calls of a graph in their order, each with the registers it reads and writes, and the registers of the
    // outputs. `built` gives the module of a node.
    let private calls (built: Node -> torch.nn.Module) (owner: Node) (graph: Graph) =
        // A chain becomes a call for each child, with registers of its own between them; an empty one is its input.
        let mutable registers = graph.Registers

        let fresh _ =
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
                let inputs, outputs = instruction.Inputs |> List.map resolve, instruction.Outputs

                match instruction.Operation with
                | Apply op -> [ Operation op, inputs, outputs ]
                | Lookup key -> [ Key key, inputs, outputs ]
                | Call tag ->
                    let node = Nodes.find tag owner
                    [ Module(Tag.append owner.Tag tag, node, built node), inputs, outputs ]
                | Chain tag ->
                    match Tree.children (Tag.append owner.Tag tag) (Nodes.find tag owner) with
                    | [] ->
                        alias[outputs.Head] <- inputs.Head
                        []
                    | targets ->
                        let between = List.init (targets.Length - 1) fresh

                        List.zip3 targets (inputs.Head :: between) (between @ outputs)
                        |> List.map (fun ((tag, node, _), source, output) ->
                            Module(tag, node, built node), [ source ], [ output ]))

        calls, graph.Outputs |> List.map (snd >> resolve)

    let private placeOf (owner: Node) target : Place =
        match target with
        | Operation op -> Place.operation owner (Graph.describeOp op)
        | Key key -> Place.operation owner $"'{key}'"
        | Module(tag, node, _) -> Place.at tag node

    // From the slots that are read to those that are written.
    let private run (owner: Node) target (read: int[]) (written: int[]) : obj[] -> unit =
        // None has no output; a call of a module may be one without inputs.
        let input, output = Array.tryHead read |> Option.defaultValue -1, written[0]
        let ownerTag, ownerKind = owner.Tag, owner.Definition.Id

        match target with
        | Operation op ->
            match Operations.ofOp op with
            | OfOne f -> fun slots -> slots[output] <- f (Calls.tensor ownerTag ownerKind slots[input])
            | OfTwo f ->
                let second = read[1]

                fun slots ->
                    let x = Calls.tensor ownerTag ownerKind slots[input]
                    slots[output] <- f x (Calls.tensor ownerTag ownerKind slots[second])
            | OfMany f ->
                fun slots -> slots[output] <- f (read |> Array.map (fun i -> Calls.tensor ownerTag ownerKind slots[i]))
        | Key key -> fun slots -> slots[output] <- Calls.pick ownerTag ownerKind key slots[input]
        | Module(tag, node, (:? torch.nn.Module<Tensor, Tensor> as m)) when node.Inputs.IsNone && node.Outputs.IsNone ->
            let kind = node.Definition.Id
            fun slots -> slots[output] <- m.call (Calls.tensor tag kind slots[input])
        | Module(tag, node, m) ->
            let call = Calls.mapped tag node m

            fun slots ->
                let results = call (read |> Array.map (fun i -> slots[i]))

                for i in 0 .. written.Length - 1 do
                    slots[written[i]] <- results[i]

    /// Compiles the forward pass of a node. `built` gives the module of a node below it.
    let program built (owner: Node) (graph: Graph) : Program =
        let calls, results = calls built owner graph
        // Where each register is read last; one that nobody reads, where it is written.
        let last = Dictionary<int, int>()

        for at, (_, inputs, outputs) in List.indexed calls do
            for register in inputs @ outputs do
                last[register] <- at

        for register in results do
            last[register] <- System.Int32.MaxValue

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

                {
                    Run = run owner target read written
                    Inputs = read
                    Release = release
                    Place = placeOf owner target
                })
            |> Array.ofList

        let outputs = results |> List.map (fun r -> slotOf[r]) |> Array.ofList
        Program(slots, graph.Inputs.Length, steps, outputs, Place.at owner.Tag owner)

    /// The modules that a forward pass calls one after another, where it does nothing else.
    let tryChain (built: Node -> torch.nn.Module) (owner: Node) (graph: Graph) : ChainModule option =
        let calls, results = calls built owner graph

        let targets =
            calls
            |> List.choose (fun (target, _, _) ->
                match target with
                | Module(tag, node, (:? torch.nn.Module<Tensor, Tensor> as m)) -> Some(m, Place.at tag node)
                | _ -> None)

        // Each call reads what the one before it gave, and the last one gives the output.
        let read = (calls |> List.map (fun (_, inputs, _) -> inputs)) @ [ results ]
        let written = [ 0 ] :: (calls |> List.map (fun (_, _, outputs) -> outputs))

        if graph.Inputs.Length = 1 && targets.Length = calls.Length && read = written then
            let targets, places = targets |> Array.ofList |> Array.unzip
            Some(new ChainModule(owner.Definition.Id, targets, places))
        else
            None
