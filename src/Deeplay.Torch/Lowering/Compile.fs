namespace Deeplay.Torch

open System.Collections.Generic
open System.Runtime.InteropServices
open Deeplay.Core
open TorchSharp

/// From a forward graph to a program over built modules.
module internal Compile =
    /// What an instruction calls: an operation, or a module with its node.
    [<NoEquality; NoComparison>]
    type private Target =
        | Operation of Op
        | Sizing of SizedOp * SizeExpr list
        | Size of dim: int
        | Updating of slot: int
        | Key of string
        | Putting of string
        | Module of Tag * Node * torch.nn.Module

    // The calls of a graph in their order, each with the registers it reads and writes, and the registers of the
    // outputs, and how many registers there are. `built` gives the module of a node.
    let private calls (built: Node -> torch.nn.Module) (owner: Node) training (ownSlot: string -> int) (graph: Graph) =
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
            InMode.instructions training graph
            |> List.collect (fun instruction ->
                let inputs, outputs = instruction.Inputs |> List.map resolve, instruction.Outputs
                let one target = [ target, inputs, outputs ]

                match instruction.Operation with
                | _ when (InMode.passedOn training instruction).IsSome ->
                    alias[outputs.Head] <- resolve (InMode.passedOn training instruction).Value
                    []
                | Apply op -> one (Operation op)
                | Sized(op, sizes) -> one (Sizing(op, sizes))
                | Measure dim -> one (Size dim)
                | Lookup key -> one (Key key)
                | Put key -> one (Putting key)
                | Update name -> one (Updating(ownSlot name))
                // It stands in its slot already, and `ByMode` was passed on.
                | Own _
                | ByMode -> []
                | Call tag ->
                    let node = Nodes.find tag owner
                    one (Module(Tag.append owner.Tag tag, node, built node))
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

        struct (calls, graph.Outputs |> List.map (snd >> resolve), registers)

    let private placeOf (owner: Node) target : Place =
        match target with
        | Operation op -> Place.operation owner (fun () -> Graph.describeOperation (Apply op))
        | Sizing(op, sizes) -> Place.operation owner (fun () -> Graph.describeOperation (Sized(op, sizes)))
        | Size dim -> Place.operation owner (fun () -> Graph.describeOperation (Measure dim))
        | Updating _ -> Place.operation owner (fun () -> "update")
        | Key key
        | Putting key -> Place.operation owner (fun () -> $"'{key}'")
        | Module(tag, node, _) -> Place.at tag node

    // As PyTorch counts dimensions; TorchSharp would end in an error of memory.
    let private measure (dim: int) (x: Tensor) : int64 =
        let rank = int (x.dim ())

        match Shape.normalize rank dim with
        | Some at -> x.size at
        | None -> raise (ExternalException $"size: a dimension {dim} of a tensor of {rank} dimensions")

    // The sizes of an operation out of the slots; those that are known are written down once.
    let private sizesOf slotOf (sizes: SizeExpr list) : obj[] -> int64[] =
        let known = sizes |> List.map SizeExpr.tryFixed

        if List.forall Option.isSome known then
            let known = known |> List.choose id |> Array.ofList
            fun _ -> known
        else
            let read register =
                let slot: int = slotOf register
                fun (slots: obj[]) -> unbox<int64> slots[slot]

            let each = sizes |> List.map (SizeExpr.compile read) |> Array.ofList
            fun slots -> each |> Array.map (fun size -> size slots)

    // Whether a module gives what it takes, named tensors as well as one: it calls nothing, or nothing but such ones.
    let rec private passesOn (node: Node) : bool =
        let passes (instruction: Instruction) =
            match instruction.Operation with
            | Call tag -> passesOn (Nodes.find tag node)
            | Chain tag -> Tree.children tag (Nodes.find tag node) |> List.forall (fun (_, child, _) -> passesOn child)
            | _ -> false

        match node.Graph with
        | Some graph ->
            let hasMaps = node.Inputs.IsSome || node.Outputs.IsSome
            let isOneToOne = graph.Inputs.Length = 1 && graph.Outputs.Length = 1
            isOneToOne && not hasMaps && List.forall passes graph.Instructions
        | None -> false

    // From the slots that are read to those that are written.
    let private run (owner: Node) training slotOf target (read: int[]) (written: int[]) : obj[] -> unit =
        // A call of a module may be one without inputs, and an update gives nothing.
        let first slots = Array.tryHead slots |> Option.defaultValue -1
        let input, output = first read, first written
        let ownerTag, ownerKind = owner.Tag, owner.Definition.Id

        match target with
        | Operation op ->
            match Operations.ofOp training op with
            | OfOne f -> fun slots -> slots[output] <- f (Calls.tensor ownerTag ownerKind slots[input])
            | OfTwo f ->
                let second = read[1]

                fun slots ->
                    let x = Calls.tensor ownerTag ownerKind slots[input]
                    slots[output] <- f x (Calls.tensor ownerTag ownerKind slots[second])
            | OfMany f ->
                fun slots -> slots[output] <- f (read |> Array.map (fun i -> Calls.tensor ownerTag ownerKind slots[i]))
            | GivingMany f ->
                fun slots ->
                    let results = f (read |> Array.map (fun i -> Calls.tensor ownerTag ownerKind slots[i]))

                    for i in 0 .. written.Length - 1 do
                        slots[written[i]] <- results[i]
        | Sizing(op, sizes) ->
            let sizes = sizes |> List.map (SizeExpr.filled owner.Arguments.Demanded)
            let f, sizes = Sizing.ofSizes op, sizesOf slotOf sizes
            fun slots -> slots[output] <- f (sizes slots) (Calls.tensor ownerTag ownerKind slots[input])
        | Size dim -> fun slots -> slots[output] <- box (measure dim (Calls.tensor ownerTag ownerKind slots[input]))
        | Updating slot ->
            fun slots ->
                let buffer, value = slots[slot] :?> Tensor, Calls.tensor ownerTag ownerKind slots[input]

                // PyTorch's `copy_` would broadcast.
                if buffer.shape <> value.shape then
                    raise (
                        ExternalException $"numbers {Shape.known value.shape} for a buffer {Shape.known buffer.shape}"
                    )

                use _ = torch.no_grad ()
                buffer.copy_ value |> ignore
        | Key key -> fun slots -> slots[output] <- Calls.pick ownerTag ownerKind key slots[input]
        | Putting key ->
            let second = read[1]

            fun slots ->
                let value = Calls.tensor ownerTag ownerKind slots[second]
                slots[output] <- Calls.put ownerTag ownerKind key value slots[input]
        | Module(tag, node, (:? torch.nn.Module<Tensor, Tensor> as m)) when passesOn node ->
            let kind = node.Definition.Id

            fun slots ->
                slots[output] <-
                    match slots[input] with
                    | :? NamedTensors as named -> box named
                    | other -> m.call (Calls.tensor tag kind other)
        | Module(tag, node, (:? torch.nn.Module<Tensor, Tensor> as m)) when node.Inputs.IsNone && node.Outputs.IsNone ->
            let kind = node.Definition.Id
            fun slots -> slots[output] <- m.call (Calls.tensor tag kind slots[input])
        | Module(tag, node, m) ->
            let call = Calls.mapped tag node m

            fun slots ->
                let results = call (read |> Array.map (fun i -> slots[i]))

                for i in 0 .. written.Length - 1 do
                    slots[written[i]] <- results[i]

    /// Compiles the forward pass of a node in one mode. `built` gives the module of a node below it; `own` holds what it has of
    /// its own by these names.
    let program built (owner: Node) training (names: string[]) (own: obj[]) (graph: Graph) : Program =
        let ownSlot name = graph.Inputs.Length + Array.findIndex ((=) name) names
        let struct (calls, results, registers) = calls built owner training ownSlot graph
        // Where each register is read last; one that nobody reads, where it is written.
        let last = Array.create registers -1

        calls
        |> List.iteri (fun at (_, inputs, outputs) ->
            for register in inputs do
                last[register] <- at

            for register in outputs do
                last[register] <- at)

        for register in results do
            last[register] <- System.Int32.MaxValue

        // Slots are used again once their register is done with. The inputs keep theirs: they are the caller's. So does what is
        // the module's own.
        let slotOf = Array.create registers -1
        let isKept = Array.create registers false
        let free = System.Collections.Generic.Stack<int>()
        let mutable slots = graph.Inputs.Length + names.Length

        let keep register slot =
            slotOf[register] <- slot
            isKept[register] <- true

        for register in 0 .. graph.Inputs.Length - 1 do
            keep register register

        for instruction in graph.Instructions do
            match instruction.Operation with
            | Own name -> keep instruction.Outputs.Head (ownSlot name)
            | _ -> ()

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
                let read = [| for register in inputs -> slotOf[register] |]
                let written = [| for register in outputs -> take register |]

                let finish register =
                    let isDone = last[register] = at && not isKept[register]
                    // Once, though it may be read twice.
                    if isDone then last[register] <- -1
                    isDone

                let release = [| for register in List.filter finish (inputs @ outputs) -> slotOf[register] |]
                release |> Array.iter free.Push

                {
                    Run = run owner training (Array.get slotOf) target read written
                    Inputs = read
                    Release = release
                    Place = placeOf owner target
                })
            |> Array.ofList

        let outputs = results |> List.map (fun r -> slotOf[r]) |> Array.ofList
        Program(slots, graph.Inputs.Length, own, steps, outputs, Place.at owner.Tag owner)

    /// The modules that a forward pass calls one after another, where it does nothing else.
    let tryChain (built: Node -> torch.nn.Module) (owner: Node) (graph: Graph) : (Tensor -> Tensor) option =
        let called, places = ResizeArray(), ResizeArray()

        let add tag (node: Node) =
            match built node with
            | :? torch.nn.Module<Tensor, Tensor> as m ->
                called.Add m
                places.Add(Place.at tag node)
                true
            | _ -> false

        // Each call reads what the one before it gave, and the last one gives the output.
        let rec follow register (instructions: Instruction list) =
            match instructions with
            | [] -> List.map snd graph.Outputs = [ register ]
            | { Inputs = [ input ]; Outputs = [ output ] } as instruction :: rest when input = register ->
                match instruction.Operation with
                | Call tag -> add (Tag.append owner.Tag tag) (Nodes.find tag owner) && follow output rest
                | Chain tag ->
                    Tree.children (Tag.append owner.Tag tag) (Nodes.find tag owner)
                    |> List.forall (fun (tag, node, _) -> add tag node)
                    && follow output rest
                | _ -> false
            | _ -> false

        if graph.Inputs.Length = 1 && follow 0 graph.Instructions then
            let called, places = called.ToArray(), places.ToArray()
            Some(fun input -> CallChain.run called places input)
        else
            None
