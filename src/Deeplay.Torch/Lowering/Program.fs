namespace Deeplay.Torch

open System
open TorchSharp

/// One step of a compiled forward pass. It reads and writes slots, each of which holds a tensor, named ones or a size;
/// afterwards the slots in `Release` hold nothing that is needed any more.
[<NoEquality; NoComparison>]
type internal ProgramStep = { Run: obj[] -> unit; Inputs: int[]; Release: int[]; Place: Place }

/// A compiled forward pass: no spec, no dictionary and no reflection is touched while it runs, and every intermediate
/// is disposed as soon as nothing needs it. The first slots hold the inputs, then what the module has of its own, which `own`
/// holds: these stay.
[<Sealed>]
type internal Program(slotCount: int, inputCount: int, own: obj[], steps: ProgramStep[], outputs: int[], owner: Place) =
    let keptCount = inputCount + own.Length

    /// Disposes what a module gave, except for one of its parameters (an embedding of positions), which stays its own.
    static member Drop(tensor: Tensor) =
        match tensor with
        | :? TorchSharp.Modules.Parameter -> ()
        | _ -> tensor.Dispose()

    // Whether one of the first slots holds a tensor. By reference: TorchSharp's `Equals` compares the numbers.
    static member private Holds(slots: obj[], count: int, tensor: Tensor) =
        let mutable found = false
        let mutable i = 0

        while not found && i < count do
            found <-
                match slots[i] with
                | :? NamedTensors as named ->
                    named.Values |> Seq.exists (fun other -> Object.ReferenceEquals(other, tensor))
                | other -> Object.ReferenceEquals(other, tensor)

            i <- i + 1

        found

    // A module may give back the very tensor it was given (an identity), and dictionaries share those that were only
    // passed on: each goes with the last slot that holds it.
    static member private Release(slots: obj[], slot: int) =
        let value = slots[slot]
        slots[slot] <- null

        match value with
        | :? Tensor as tensor -> if not (Program.Holds(slots, slots.Length, tensor)) then Program.Drop tensor
        | :? NamedTensors as named ->
            for tensor in named.Values do
                if not (Program.Holds(slots, slots.Length, tensor)) then Program.Drop tensor
        | _ -> ()

    member private _.Execute(slots: obj[]) =
        let mutable at = 0

        try
            while at < steps.Length do
                let step = steps[at]
                step.Run slots

                for slot in step.Release do
                    Program.Release(slots, slot)

                at <- at + 1
        with error ->
            let step = steps[at]
            let failure = Failures.At(step.Place, [ for slot in step.Inputs -> slots[slot] ], error)

            for slot in keptCount .. slotCount - 1 do
                Program.Release(slots, slot)

            Failures.raiseAgain failure

    // Whoever disposes the output must not dispose their input with it, nor what is the module's.
    member private _.Output(slots: obj[], slot: int) : obj =
        match slots[slot] with
        | :? Tensor as tensor when Program.Holds(slots, keptCount, tensor) -> tensor.alias ()
        | other -> other

    /// Runs a pass of one tensor and one output.
    member this.Run1(input: Tensor) : Tensor =
        let slots = Array.zeroCreate slotCount
        slots[0] <- box input
        Array.blit own 0 slots 1 own.Length
        this.Execute slots
        this.Output(slots, outputs[0]) :?> Tensor

    /// Runs a pass of any number of inputs and outputs.
    member this.Run<'Out>(inputs: obj[]) : 'Out[] =
        if inputs.Length <> inputCount then Failures.WrongCount(owner, inputCount, inputs.Length)

        let slots = Array.zeroCreate slotCount
        Array.blit inputs 0 slots 0 inputCount
        Array.blit own 0 slots inputCount own.Length
        this.Execute slots
        outputs |> Array.map (fun slot -> unbox<'Out>(this.Output(slots, slot)))
