namespace Deeplay.Torch

open System
open TorchSharp

/// One step of a compiled forward pass. It reads and writes slots; afterwards the slots in `Release` hold nothing
/// that is needed any more.
[<AbstractClass>]
type internal ProgramStep() =
    member val Release: int[] = [||] with get, set
    /// The slots it reads, and what it calls: for the error, should there be one.
    member val Inputs: int[] = [||] with get, set
    member val Place = Place.root with get, set
    abstract Run: slots: torch.Tensor[] -> unit

[<Sealed>]
type internal UnaryCall(target: torch.nn.Module<torch.Tensor, torch.Tensor>, input: int, output: int) =
    inherit ProgramStep()

    override _.Run slots = slots[output] <- target.call slots[input]

[<Sealed>]
type internal ManyCall(target: torch.Tensor[] -> torch.Tensor[], inputs: int[], outputs: int[]) =
    inherit ProgramStep()

    override _.Run slots =
        let results = target (inputs |> Array.map (fun i -> slots[i]))

        for i in 0 .. outputs.Length - 1 do
            slots[outputs[i]] <- results[i]

[<Sealed>]
type internal UnaryOperation(f: torch.Tensor -> torch.Tensor, input: int, output: int) =
    inherit ProgramStep()
    override _.Run slots = slots[output] <- f slots[input]

[<Sealed>]
type internal ManyOperation(f: torch.Tensor[] -> torch.Tensor, inputs: int[], output: int) =
    inherit ProgramStep()

    override _.Run slots = slots[output] <- f (inputs |> Array.map (fun i -> slots[i]))

/// A forward pass that only calls one module after another, which is what most blocks do: what `Program` does for it,
/// without slots.
[<Sealed>]
type internal ChainProgram(calls: torch.nn.Module<torch.Tensor, torch.Tensor>[], places: Place[]) =
    // The input is the caller's, and a parameter that a module gave belongs to it.
    static member private Release(tensor: Tensor, input: Tensor) =
        match tensor with
        | :? TorchSharp.Modules.Parameter -> ()
        | _ when Object.ReferenceEquals(tensor, input) -> ()
        | _ -> tensor.Dispose()

    member _.Run(input: Tensor) : Tensor =
        let mutable current = input
        let mutable at = 0

        try
            while at < calls.Length do
                let next = calls[at].call current

                // A module may give back the very tensor it was given.
                if not (Object.ReferenceEquals(next, current)) then
                    ChainProgram.Release(current, input)
                    current <- next

                at <- at + 1
        with error ->
            let failure = Failures.At(places[at], [ current ], error)
            ChainProgram.Release(current, input)
            Failures.raiseAgain failure

        // Whoever disposes the output must not dispose their input with it.
        if Object.ReferenceEquals(current, input) then current.alias () else current

/// A compiled forward pass: no spec, no dictionary and no reflection is touched while it runs, and every intermediate
/// is disposed as soon as nothing needs it.
[<Sealed>]
type internal Program(slotCount: int, inputCount: int, steps: ProgramStep[], outputs: int[], owner: Place) =

    // By reference: the engine's `Equals` compares the numbers.
    static member private Holds(slots: Tensor[], tensor: Tensor) =
        let mutable i = 0

        while i < slots.Length && not (Object.ReferenceEquals(slots[i], tensor)) do
            i <- i + 1

        i < slots.Length

    // A module may give back the very tensor it was given (an identity), so a slot's tensor is disposed only if no
    // other slot holds it; or one of its parameters (an embedding of positions), which are never disposed.
    static member private Dispose(slots: Tensor[], slot: int) =
        let tensor = slots[slot]
        slots[slot] <- null

        match tensor with
        | null
        | :? TorchSharp.Modules.Parameter -> ()
        | _ when Program.Holds(slots, tensor) -> ()
        | _ -> tensor.Dispose()

    member private _.Clear(slots: Tensor[]) =
        for slot in inputCount .. slotCount - 1 do
            if not (isNull slots[slot]) then Program.Dispose(slots, slot)

    member private this.Execute(slots: Tensor[]) =
        let mutable at = 0

        try
            while at < steps.Length do
                let step = steps[at]
                step.Run slots

                for slot in step.Release do
                    Program.Dispose(slots, slot)

                at <- at + 1
        with error ->
            let step = steps[at]

            let failure = Failures.At(step.Place, [ for slot in step.Inputs -> slots[slot] ], error)

            this.Clear slots
            Failures.raiseAgain failure

    /// Runs a pass of one input and one output.
    member this.Run1(input: Tensor) : Tensor =
        let slots = Array.zeroCreate slotCount
        slots[0] <- input
        this.Execute slots
        let output = slots[outputs[0]]

        if Object.ReferenceEquals(output, input) then output.alias () else output

    /// Runs a pass of any number of inputs and outputs.
    member this.Run(inputs: Tensor[]) : Tensor[] =
        if inputs.Length <> inputCount then Failures.WrongCount(owner, inputCount, inputs.Length)

        let slots = Array.zeroCreate slotCount
        Array.blit inputs 0 slots 0 inputCount
        this.Execute slots
        outputs |> Array.map (fun slot -> slots[slot])
