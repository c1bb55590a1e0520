namespace Deeplay.Torch

open System
open TorchSharp

/// What a root carries of the module it stands for.
module internal Carried =
    let children (target: torch.nn.Module) (root: torch.nn.Module) =
        for struct (name, child) in target.named_children () do
            root.register_module (name, child)

    let move (target: torch.nn.Module) (dtype: Nullable<torch.ScalarType>) (device: torch.Device) =
        if dtype.HasValue then target.``to`` dtype.Value |> ignore
        if not (isNull device) then target.``to`` device |> ignore

/// A root of another module.
type internal IStandsFor =
    abstract Target: torch.nn.Module

/// The root of a tree, where calling it takes more than calling the module it stands for: maps, logs, typed errors. It
/// carries that module's parameters and children under their own names.
[<Sealed>]
type internal Root<'In, 'Out>(name: string, target: torch.nn.Module, call: 'In -> 'Out) as this =
    inherit torch.nn.Module<'In, 'Out>(name)

    // In a list, for TorchSharp registers the modules that it finds in fields.
    let target = [ target ]

    do Carried.children target.Head this
    do this.TakeTensors()

    interface IStandsFor with
        member _.Target = target.Head

    // What was replaced by moving it is gone; the same names stand for what came in its place.
    member private this.TakeTensors() =
        for struct (name, parameter) in target.Head.named_parameters false do
            this.ConditionallyRegisterParameter(name, parameter)

        for struct (name, buffer) in target.Head.named_buffers false do
            this.ConditionallyRegisterBuffer(name, buffer)

    override _.forward input = call input

    override _.train on =
        base.train on
        target.Head.train on

    override this._toEpilog(dtype: Nullable<torch.ScalarType>, device: torch.Device, nonBlocking: bool) =
        Carried.move target.Head dtype device
        this.TakeTensors()
        base._toEpilog (dtype, device, nonBlocking)

    override _.Dispose(disposing: bool) =
        base.Dispose disposing
        if disposing then target.Head.Dispose()

    override _.parameters recurse = base.parameters recurse |> Array.ofSeq :> _

/// The same with two inputs.
[<Sealed>]
type internal Root2(target: torch.nn.Module, call: Tensor[] -> Tensor) as this =
    inherit torch.nn.Module<Tensor, Tensor, Tensor>(target.GetName())

    let target = [ target ]

    do Carried.children target.Head this
    do this.TakeTensors()

    member private this.TakeTensors() =
        for struct (name, parameter) in target.Head.named_parameters false do
            this.ConditionallyRegisterParameter(name, parameter)

        for struct (name, buffer) in target.Head.named_buffers false do
            this.ConditionallyRegisterBuffer(name, buffer)

    override _.forward(first, second) = call [| first; second |]

    override _.train on =
        base.train on
        target.Head.train on

    override this._toEpilog(dtype: Nullable<torch.ScalarType>, device: torch.Device, nonBlocking: bool) =
        Carried.move target.Head dtype device
        this.TakeTensors()
        base._toEpilog (dtype, device, nonBlocking)

    override _.Dispose(disposing: bool) =
        base.Dispose disposing
        if disposing then target.Head.Dispose()

    override _.parameters recurse = base.parameters recurse |> Array.ofSeq :> _

/// The same with three inputs.
[<Sealed>]
type internal Root3(target: torch.nn.Module, call: Tensor[] -> Tensor) as this =
    inherit torch.nn.Module<Tensor, Tensor, Tensor, Tensor>(target.GetName())

    let target = [ target ]

    do Carried.children target.Head this
    do this.TakeTensors()

    member private this.TakeTensors() =
        for struct (name, parameter) in target.Head.named_parameters false do
            this.ConditionallyRegisterParameter(name, parameter)

        for struct (name, buffer) in target.Head.named_buffers false do
            this.ConditionallyRegisterBuffer(name, buffer)

    override _.forward(first, second, third) = call [| first; second; third |]

    override _.train on =
        base.train on
        target.Head.train on

    override this._toEpilog(dtype: Nullable<torch.ScalarType>, device: torch.Device, nonBlocking: bool) =
        Carried.move target.Head dtype device
        this.TakeTensors()
        base._toEpilog (dtype, device, nonBlocking)

    override _.Dispose(disposing: bool) =
        base.Dispose disposing
        if disposing then target.Head.Dispose()

    override _.parameters recurse = base.parameters recurse |> Array.ofSeq :> _

/// What a call of a whole model does beside: typed errors, logs.
[<Sealed>]
type internal Guard(place: Place, logs: Logs option) =
    member _.Around(call: 'In -> 'Out) : 'In -> 'Out =
        let typed input =
            try
                call input
            with error ->
                Failures.raiseAgain (Failures.At(place, Shown.parts input, error))

        match logs with
        | None -> typed
        | Some logs -> fun input -> logs.During(fun () -> typed input)

    member private this.Try<'In>(target: torch.nn.Module, called: torch.nn.Module) : torch.nn.Module option =
        match called with
        | :? torch.nn.Module<'In, Tensor> as m -> Some(new Root<_, _>(target.GetName(), target, this.Around m.call))
        | :? torch.nn.Module<'In, Tensor[]> as m -> Some(new Root<_, _>(target.GetName(), target, this.Around m.call))
        | :? torch.nn.Module<'In, NamedTensors> as m ->
            Some(new Root<_, _>(target.GetName(), target, this.Around m.call))
        | _ -> None

    /// A module with this around its calls, in the same form, that carries the tensors and children of the target; one
    /// that can't be called stays as it is.
    member this.Of(target: torch.nn.Module, called: torch.nn.Module) : torch.nn.Module =
        match called with
        | :? torch.nn.Module<Tensor, Tensor, Tensor> as m ->
            new Root2(target, this.Around(fun (xs: Tensor[]) -> m.call (xs[0], xs[1])))
        | :? torch.nn.Module<Tensor, Tensor, Tensor, Tensor> as m ->
            new Root3(target, this.Around(fun (xs: Tensor[]) -> m.call (xs[0], xs[1], xs[2])))
        | _ ->
            [ this.Try<Tensor>; this.Try<Tensor[]>; this.Try<NamedTensors>; this.Try<NamedTensors[]> ]
            |> List.tryPick (fun attempt -> attempt (target, called))
            |> Option.defaultValue target
