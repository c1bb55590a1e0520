namespace Deeplay.Torch

open System
open System.Collections.Generic
open TorchSharp

/// One step of a forward pass in which named tensors occur: a slot holds a tensor or a dictionary of them.
[<NoEquality; NoComparison>]
type internal NamedStep = { Run: obj[] -> unit; Release: int[]; Inputs: int[]; Place: Place }

/// A compiled forward pass in which named tensors occur. It keeps the promises of `Program`; only its slots are wider.
[<Sealed>]
type internal NamedProgram(slotCount: int, inputCount: int, steps: NamedStep[], outputs: int[], owner: Place)
    =

    static member private Holds(slots: obj[], tensor: torch.Tensor) =
        slots
        |> Array.exists (fun slot ->
            match slot with
            | :? NamedTensors as named ->
                named.Values |> Seq.exists (fun t -> Object.ReferenceEquals(t, tensor))
            | other -> Object.ReferenceEquals(other, tensor))

    static member private DisposeTensor(slots: obj[], tensor: torch.Tensor) =
        match tensor with
        | :? TorchSharp.Modules.Parameter -> ()
        | _ when NamedProgram.Holds(slots, tensor) -> ()
        | _ -> tensor.Dispose()

    // Dictionaries share the tensors that were only passed on: each goes with the last slot that holds it.
    static member private Dispose(slots: obj[], slot: int) =
        let value = slots[slot]
        slots[slot] <- null

        match value with
        | :? NamedTensors as named ->
            for tensor in named.Values do
                NamedProgram.DisposeTensor(slots, tensor)
        | :? torch.Tensor as tensor -> NamedProgram.DisposeTensor(slots, tensor)
        | _ -> ()

    /// Runs a pass of any number of inputs and outputs.
    member _.Run(inputs: obj[]) : obj[] =
        if inputs.Length <> inputCount then Failures.WrongCount(owner, inputCount, inputs.Length)

        let slots = Array.zeroCreate slotCount
        Array.blit inputs 0 slots 0 inputCount

        let mutable at = 0

        try
            while at < steps.Length do
                let step = steps[at]
                step.Run slots

                for slot in step.Release do
                    NamedProgram.Dispose(slots, slot)

                at <- at + 1
        with error ->
            let step = steps[at]

            let failure = Failures.At(step.Place, [ for slot in step.Inputs -> slots[slot] ], error)

            for slot in inputCount .. slotCount - 1 do
                NamedProgram.Dispose(slots, slot)

            Failures.raiseAgain failure

        outputs
        |> Array.map (fun slot ->
            match slots[slot] with
            | :? torch.Tensor as tensor when NamedProgram.Holds(Array.truncate inputCount slots, tensor) ->
                // Whoever disposes the output must not dispose what they gave with it.
                box (tensor.alias ())
            | other -> other)
