namespace Deeplay.Torch

open System
open Deeplay.Core
open TorchSharp

/// What a forward pass reads of the module that it belongs to: its mode, and the parameters and buffers of its own. They are
/// looked up when the module is made and where it is moved, so that a call finds them in their place.
[<Sealed; AllowNullLiteral>]
type internal OwnState(own: OwnTensor list) =
    let names = [| for tensor in own -> tensor.Name |]
    let tensors: obj[] = Array.zeroCreate names.Length

    // TorchSharp 0.107.0 lists no buffer that is not persistent, and so moves none.
    let unlisted =
        [
            for tensor in own do
                if not (tensor.IsTrained || tensor.IsPersistent) then tensor.Name
        ]

    member _.Names = names

    /// In the order of their names.
    member _.Tensors = tensors

    /// The module's mode; TorchSharp asks libtorch for it.
    member val Training = true with get, set

    member private _.Unlisted = unlisted

    /// The buffers that TorchSharp does not move, by their names, as they are on this device and of this type; null has none.
    static member Moved
        (state: OwnState, target: torch.nn.Module, dtype: Nullable<torch.ScalarType>, device: torch.Device)
        : (string * torch.Tensor) list =
        [
            for name in (if isNull state then [] else state.Unlisted) do
                let buffer = target.get_buffer name
                let dtype = if dtype.HasValue && buffer.is_floating_point () then dtype.Value else buffer.dtype
                let moved = buffer.``to`` (dtype, (if isNull device then buffer.device else device))
                name, moved.DetachFromDisposeScope()
        ]

    /// Takes the tensors that the module has by now; null reads none.
    static member Take(state: OwnState, target: torch.nn.Module) =
        if not (isNull state) then
            for i in 0 .. state.Names.Length - 1 do
                let name = state.Names[i]
                let isBuffer = target.has_buffer name
                state.Tensors[i] <- if isBuffer then box (target.get_buffer name) else box (target.get_parameter name)

    /// Takes the mode that the module was put in; null reads none.
    static member Train(state: OwnState, training) = if not (isNull state) then state.Training <- training
