namespace Deeplay.Torch

open System
open TorchSharp

// Each gives its parameters as an array: TorchSharp's optimizers keep what they are given, and would walk the tree of
// modules at every step. What they hold is registered by name; nothing is looked for in their fields.

/// A module that holds others. TorchSharp's `register_module` looks for parameters in the fields of what it is given, by reflection, and
/// that takes longer than it takes to make a small layer.
type internal IHolds =
    /// Registers a child that has registered all that it has.
    abstract Hold: name: string * child: torch.nn.Module -> unit

/// A module that is one function: a layer where TorchSharp has the function alone, or a forward pass that starts from
/// named tensors, ends in such, or has arrays of tensors. `state` is what the function reads of the module; null where it
/// reads nothing.
[<Sealed>]
type internal FunctionModule<'In, 'Out>(name: string, state: OwnState, f: 'In -> 'Out) =
    inherit torch.nn.Module<'In, 'Out>(name)
    new(name, f) = new FunctionModule<'In, 'Out>(name, null, f)
    override _.forward input = f input

    override _.train on =
        base.train on
        OwnState.Train(state, on)

    override this._toEpilog(dtype: Nullable<torch.ScalarType>, device: torch.Device, nonBlocking: bool) =
        base._toEpilog (dtype, device, nonBlocking)

        for name, moved in OwnState.Moved(state, this, dtype, device) do
            this.ConditionallyRegisterBuffer(name, moved, false)

        OwnState.Take(state, this)

    override _.parameters recurse = base.parameters recurse |> Array.ofSeq :> _
    override _.RegisterComponents() = ()

    interface IHolds with
        member this.Hold(name, child) = this._internal_submodules.Add(name, child)

type internal FunctionLayer = FunctionModule<Tensor, Tensor>

/// A compiled forward pass of two inputs; that of one is a `FunctionModule`.
[<Sealed>]
type internal GraphModule2(name: string, state: OwnState, run: obj[] -> Tensor[]) =
    inherit torch.nn.Module<Tensor, Tensor, Tensor>(name)
    override _.forward(first, second) = (run [| first; second |])[0]

    override _.train on =
        base.train on
        OwnState.Train(state, on)

    override this._toEpilog(dtype: Nullable<torch.ScalarType>, device: torch.Device, nonBlocking: bool) =
        base._toEpilog (dtype, device, nonBlocking)

        for name, moved in OwnState.Moved(state, this, dtype, device) do
            this.ConditionallyRegisterBuffer(name, moved, false)

        OwnState.Take(state, this)

    override _.parameters recurse = base.parameters recurse |> Array.ofSeq :> _
    override _.RegisterComponents() = ()

    interface IHolds with
        member this.Hold(name, child) = this._internal_submodules.Add(name, child)

/// The same with three inputs.
[<Sealed>]
type internal GraphModule3(name: string, state: OwnState, run: obj[] -> Tensor[]) =
    inherit torch.nn.Module<Tensor, Tensor, Tensor, Tensor>(name)
    override _.forward(first, second, third) = (run [| first; second; third |])[0]

    override _.train on =
        base.train on
        OwnState.Train(state, on)

    override this._toEpilog(dtype: Nullable<torch.ScalarType>, device: torch.Device, nonBlocking: bool) =
        base._toEpilog (dtype, device, nonBlocking)

        for name, moved in OwnState.Moved(state, this, dtype, device) do
            this.ConditionallyRegisterBuffer(name, moved, false)

        OwnState.Take(state, this)

    override _.parameters recurse = base.parameters recurse |> Array.ofSeq :> _
    override _.RegisterComponents() = ()

    interface IHolds with
        member this.Hold(name, child) = this._internal_submodules.Add(name, child)

/// A forward pass that only calls one module after another, which is what most blocks do: what `Program` does for it,
/// without slots.
module internal CallChain =
    // The input is the caller's.
    let private release (tensor: Tensor) (input: Tensor) =
        if not (Object.ReferenceEquals(tensor, input)) then Program.Drop tensor

    /// Calls them in their order; where one fails, its place is in the error.
    let run (calls: torch.nn.Module<Tensor, Tensor>[]) (places: Place[]) (input: Tensor) : Tensor =
        let mutable current = input
        let mutable at = 0

        try
            while at < calls.Length do
                let next = calls[at].call current

                // A module may give back the very tensor it was given.
                if not (Object.ReferenceEquals(next, current)) then
                    release current input
                    current <- next

                at <- at + 1
        with error ->
            let failure = Failures.At(places[at], [ current ], error)
            release current input
            Failures.raiseAgain failure

        // Whoever disposes the output must not dispose their input with it.
        if Object.ReferenceEquals(current, input) then current.alias () else current

/// A module that only holds others, such as a LayerList.
[<Sealed>]
type internal Container(name: string) =
    inherit torch.nn.Module(name)
    override _.RegisterComponents() = ()

    interface IHolds with
        member this.Hold(name, child) = this._internal_submodules.Add(name, child)

/// Calls over objects, tensors and named ones, as modules of the types that users know.
module internal Form =
    let private byName (names: string list) (results: obj[]) : NamedTensors =
        let named = NamedTensors()
        List.iteri (fun i name -> named[name] <- results[i] :?> Tensor) names
        named

    let private giving name state (read: 'In -> obj[]) call (outputs: string list) isNamed : torch.nn.Module =
        let run (input: 'In) : obj[] = call (read input)

        match outputs with
        | first :: _ when first <> "" -> new FunctionModule<'In, _>(name, state, run >> byName outputs)
        | [ _ ] when isNamed -> new FunctionModule<'In, _>(name, state, (fun input -> (run input)[0] :?> NamedTensors))
        | [ _ ] -> new FunctionModule<'In, _>(name, state, (fun input -> (run input)[0] :?> Tensor))
        | _ -> new FunctionModule<'In, _>(name, state, run >> Array.map (fun output -> output :?> Tensor))

    /// A call that takes so many inputs, plain or named tensors, and gives outputs of these names, or named tensors.
    let make name state call inputs takesNamed outputs givesNamed : torch.nn.Module =
        match takesNamed, inputs with
        | true, 1 -> giving name state (fun (input: NamedTensors) -> [| input |]) call outputs givesNamed
        | true, _ -> giving name state (fun (inputs: NamedTensors[]) -> Array.map box inputs) call outputs givesNamed
        | false, 1 -> giving name state (fun (input: Tensor) -> [| input |]) call outputs givesNamed
        | false, _ -> giving name state (fun (inputs: Tensor[]) -> Array.map box inputs) call outputs givesNamed
