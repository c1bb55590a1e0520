namespace Deeplay.Torch

open System
open System.Collections.Generic
open System.Runtime.ExceptionServices
open System.Runtime.InteropServices
open Deeplay.Core
open TorchSharp

type internal Tensor = torch.Tensor

/// Tensors by name.
type NamedTensors = Dictionary<string, torch.Tensor>

/// What a part of a forward pass calls: a module, or an operation of a module's own. What an operation is called is asked for
/// where something fails alone.
[<NoEquality; NoComparison>]
type internal Place =
    {
        Tag: Tag
        Module: string
        Operation: (unit -> string) voption
    }

    member this.Kind =
        match this.Operation with
        | ValueSome operation -> $"{this.Module}, {operation ()}"
        | ValueNone -> this.Module

module internal Place =
    let at tag (node: Node) : Place = { Tag = tag; Module = node.Definition.Id; Operation = ValueNone }

    let operation (owner: Node) name : Place =
        { Tag = owner.Tag; Module = owner.Definition.Id; Operation = ValueSome name }

/// Tensors, and what TorchSharp says of them, as an error shows them.
module internal Shown =
    /// A dtype by PyTorch's name.
    let dtype (kind: torch.ScalarType) =
        match kind with
        | torch.ScalarType.Byte -> "uint8"
        | torch.ScalarType.ComplexFloat32 -> "complex64"
        | torch.ScalarType.ComplexFloat64 -> "complex128"
        | other -> (string other).ToLowerInvariant()

    /// The shape and the dtype: `(2, 3) float32`.
    let rec value (value: obj) : string =
        match value with
        | null -> "null"
        | :? Tensor as tensor when tensor.IsInvalid -> "a disposed tensor"
        | :? Tensor as tensor -> $"{Shape.known tensor.shape} {dtype tensor.dtype}"
        | :? int64 as size -> string size
        | :? NamedTensors as named ->
            let entries = [ for KeyValue(key, tensor) in named -> $"{key}: {one tensor}" ]
            "{" + String.Join(", ", entries) + "}"
        | other -> other.GetType().Name

    and private one (tensor: Tensor) = value tensor

    /// What a module takes, by itself: several tensors come as an array.
    let parts (inputs: 'In) : obj list =
        match box inputs with
        | :? (Tensor[]) as several -> [ for tensor in several -> box tensor ]
        | other -> [ other ]

    /// Whether TorchSharp refused something, rather than code of the program.
    let isTorch (error: exn) =
        match error with
        | :? ExternalException -> true
        | _ -> not (isNull error.TargetSite) && error.TargetSite.Module.Assembly = typeof<torch>.Assembly

    /// What TorchSharp says, without the frames of its stack.
    let reason (error: exn) =
        error.Message.Split('\n', StringSplitOptions.RemoveEmptyEntries ||| StringSplitOptions.TrimEntries)
        |> Array.tryHead
        |> Option.defaultValue (error.GetType().Name)

    /// Does what TorchSharp may refuse, which is then an error of the node that says so and why.
    let orRefused (node: Node) (says: string) (work: unit -> 'a) : 'a =
        try
            work ()
        with error when isTorch error ->
            Fail.with' (WrongStructure(node.Tag, node.Definition.Id, $"{says}: {reason error}"))

/// How what goes wrong in a call of a built model comes out: as typed errors. Whatever else the program's own code raises
/// stays what it is.
[<AbstractClass; Sealed>]
type internal Failures =
    /// The exception to end with, where this was called with these inputs.
    static member At(place: Place, inputs: obj list, error: exn) : exn =
        match error with
        | :? DeeplayException -> error
        | _ when Shown.isTorch error ->
            let inputs = inputs |> List.map Shown.value
            Fail.exceptionOf [ CallFailed(place.Tag, place.Kind, inputs, Shown.reason error) ]
        | _ -> error

    /// Stops for a number of inputs that a module does not take.
    static member WrongCount(place: Place, expected: int, found: int) : unit =
        Fail.with' (WrongShape(place.Tag, place.Kind, $"{string expected} inputs", string found))

    /// Does the work, and disposes what was made for it where that stops.
    static member orDispose (made: IDisposable) (work: unit -> 'a) : 'a =
        try
            work ()
        with _ ->
            made.Dispose()
            reraise ()

    /// Stops with an exception, which keeps the place that it came from.
    static member raiseAgain(failure: exn) : 'a =
        ExceptionDispatchInfo.Capture(failure).Throw()
        Unchecked.defaultof<'a>
