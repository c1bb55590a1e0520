namespace Deeplay.Torch

open System.Collections.Generic
open Deeplay.Core
open TorchSharp

/// From a forward graph to a program over built modules.
module internal Compile =
    /// A built module as a function over arrays of tensors, whatever number it takes and gives.
    let caller (tag: Tag) (target: torch.nn.Module) : Tensor[] -> Tensor[] =
        match target with
        | :? torch.nn.Module<Tensor, Tensor> as m -> fun xs -> [| m.call xs[0] |]
        | :? torch.nn.Module<Tensor, Tensor, Tensor> as m -> fun xs -> [| m.call (xs[0], xs[1]) |]
        | :? torch.nn.Module<Tensor, Tensor, Tensor, Tensor> as m ->
            fun xs -> [| m.call (xs[0], xs[1], xs[2]) |]
        | :? torch.nn.Module<Tensor[], Tensor[]> as m -> m.call
        | other ->
            let problem = "it has no forward pass; call its children instead."
            Fail.with' (WrongStructure(tag, other.GetName(), problem))

    // A register is written once, at `first`, and read last at `last`.
    let private lastReads (calls: (int list * int list) list) (outputs: int list) =
        let last = Dictionary<int, int>()

        calls
        |> List.iteri (fun at (inputs, written) ->
            for r in inputs @ written do
                last[r] <- at)

        outputs |> List.iter (fun r -> last[r] <- System.Int32.MaxValue)
        last

    /// Compiles a graph. `find` gives the built module for a tag as seen from the graph's owner, `children` the
    /// modules that a chain calls.
    let graph
        (find: Tag -> torch.nn.Module)
        (children: Tag -> (Tag * torch.nn.Module) list)
        (owner: Tag)
        (graph: Graph)
        : Program =
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
                | Apply op -> [ Choice1Of2 op, inputs, instruction.Outputs ]
                | Call tag -> [ Choice2Of2(Tag.append owner tag, find tag), inputs, instruction.Outputs ]
                | Chain tag ->
                    match children tag with
                    | [] ->
                        alias[instruction.Outputs.Head] <- inputs.Head
                        []
                    | targets ->
                        let outputs =
                            List.init (targets.Length - 1) (fun _ -> fresh ())
                            @ [ instruction.Outputs.Head ]

                        let sources = inputs.Head :: List.take (targets.Length - 1) outputs

                        List.zip3 targets sources outputs
                        |> List.map (fun (target, source, output) ->
                            Choice2Of2 target, [ source ], [ output ]))

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

                let step: ProgramStep =
                    match target with
                    | Choice1Of2 op ->
                        match Operations.ofOp op with
                        | OfOne f -> UnaryOperation(f, read[0], written[0])
                        | OfMany f -> ManyOperation(f, read, written[0])
                    | Choice2Of2(tag, built) ->
                        match built with
                        | :? torch.nn.Module<Tensor, Tensor> as m when read.Length = 1 && written.Length = 1 ->
                            UnaryCall(m, read[0], written[0])
                        | _ -> ManyCall(caller tag built, read, written)

                let finished =
                    inputs @ outputs
                    |> List.distinct
                    |> List.filter (fun r -> r >= graph.Inputs.Length && last[r] = at)

                step.Release <- finished |> List.map (fun r -> slotOf[r]) |> Array.ofList
                step.Release |> Array.iter free.Push
                step)
            |> Array.ofList

        Program(slots, graph.Inputs.Length, steps, results |> List.map (fun r -> slotOf[r]) |> Array.ofList)
