namespace Deeplay.Torch

open System
open Deeplay.Core
open TorchSharp

module internal Moved =
    /// Moves a module to where another goes that carries its tensors.
    let along (target: torch.nn.Module) (dtype: Nullable<torch.ScalarType>) (device: torch.Device) =
        match dtype.HasValue, device with
        | true, null -> target.``to`` (dtype.Value) |> ignore
        | true, device -> target.``to`` (device, dtype.Value) |> ignore
        | false, device -> target.``to`` device |> ignore

/// The root of a tree, where calling it takes more than calling the module it stands for: maps, logs, typed errors. It
/// carries that module's parameters and children under their own names.
[<Sealed>]
type internal Root<'In, 'Out>(target: torch.nn.Module, call: 'In -> 'Out) as this =
    inherit torch.nn.Module<'In, 'Out>(target.GetName())

    // In a list, for the engine registers the modules that it finds in fields.
    let target = [ target ]

    do
        for struct (name, child) in target.Head.named_children () do
            this.register_module (name, child)

        this.TakeTensors()

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
        Moved.along target.Head dtype device
        this.TakeTensors()
        base._toEpilog (dtype, device, nonBlocking)

/// The same with two inputs.
[<Sealed>]
type internal Root2(target: torch.nn.Module, call: torch.Tensor[] -> torch.Tensor) as this =
    inherit torch.nn.Module<torch.Tensor, torch.Tensor, torch.Tensor>(target.GetName())

    let target = [ target ]

    do
        for struct (name, child) in target.Head.named_children () do
            this.register_module (name, child)

        this.TakeTensors()

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
        Moved.along target.Head dtype device
        this.TakeTensors()
        base._toEpilog (dtype, device, nonBlocking)

/// The same with three inputs.
[<Sealed>]
type internal Root3(target: torch.nn.Module, call: torch.Tensor[] -> torch.Tensor) as this =
    inherit torch.nn.Module<torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor>(target.GetName())

    let target = [ target ]

    do
        for struct (name, child) in target.Head.named_children () do
            this.register_module (name, child)

        this.TakeTensors()

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
        Moved.along target.Head dtype device
        this.TakeTensors()
        base._toEpilog (dtype, device, nonBlocking)

/// What a call of a whole model does beside.
[<Sealed>]
type internal Guard(place: Place, logs: Logs option) =
    member _.Around(call: 'In -> 'Out) : 'In -> 'Out =
        let typed input =
            try
                call input
            with error ->
                Failures.raiseAgain (Failures.At(place, Shown.parts input, error))
                Unchecked.defaultof<'Out>

        match logs with
        | None -> typed
        | Some logs -> fun input -> logs.During(fun () -> typed input)

    member private this.Try<'In, 'Out>(target: torch.nn.Module) : torch.nn.Module option =
        match target with
        | :? torch.nn.Module<'In, 'Out> as m -> Some(new Root<'In, 'Out>(target, this.Around m.call))
        | _ -> None

    /// The module with this around its calls, in the same form; one that can't be called stays as it is.
    member this.Of(target: torch.nn.Module) : torch.nn.Module =
        match target with
        | :? torch.nn.Module<Tensor, Tensor, Tensor> as m ->
            new Root2(target, this.Around(fun (xs: Tensor[]) -> m.call (xs[0], xs[1])))
        | :? torch.nn.Module<Tensor, Tensor, Tensor, Tensor> as m ->
            new Root3(target, this.Around(fun (xs: Tensor[]) -> m.call (xs[0], xs[1], xs[2])))
        | _ ->
            [
                this.Try<Tensor, Tensor>
                this.Try<Tensor, Tensor[]>
                this.Try<Tensor, NamedTensors>
                this.Try<Tensor[], Tensor>
                this.Try<Tensor[], Tensor[]>
                this.Try<Tensor[], NamedTensors>
                this.Try<NamedTensors, Tensor>
                this.Try<NamedTensors, Tensor[]>
                this.Try<NamedTensors, NamedTensors>
            ]
            |> List.tryPick (fun attempt -> attempt target)
            |> Option.defaultValue target
