namespace Deeplay.Torch

/// What a forward pass reads of the module that it belongs to: its mode, and the parameters and buffers of its own that it
/// uses. They are looked up when the module is made and where it is moved, so that a call finds them in their place.
[<Sealed; AllowNullLiteral>]
type internal OwnState(names: string[]) =
    let tensors: obj[] = Array.zeroCreate names.Length

    member _.Names = names

    /// In the order of their names.
    member _.Tensors = tensors

    /// The module's mode; TorchSharp asks libtorch for it.
    member val Training = true with get, set

    /// Takes the tensors that the module has by now; null reads none.
    static member Take(state: OwnState, target: TorchSharp.torch.nn.Module) =
        if not (isNull state) then
            for i in 0 .. state.Names.Length - 1 do
                let name = state.Names[i]
                let isBuffer = target.has_buffer name
                state.Tensors[i] <- if isBuffer then box (target.get_buffer name) else box (target.get_parameter name)

    /// Takes the mode that the module was put in; null reads none.
    static member Train(state: OwnState, training) = if not (isNull state) then state.Training <- training
