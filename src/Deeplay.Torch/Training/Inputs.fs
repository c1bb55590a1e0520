namespace Deeplay.Torch

open Deeplay.Core
open TorchSharp

/// Checks of inputs before a model sees them: their shape is that of one input with the examples before it, and their dtype one
/// of the parameters', or one that the model `takes`.
[<Sealed>]
type internal Inputs(model: Node, shape: int64 list, dtypes: torch.ScalarType list, takes: torch.Tensor -> bool) =
    let wrong expected found = Fail.with' (WrongValue(model.Tag, model.Definition.Id, "inputs", expected, found))

    /// Stops with what the model takes.
    member _.Check(inputs: torch.Tensor) : unit =
        if inputs.dim () <> int64 shape.Length + 1L then
            let rows = Unknown :: List.map Known shape

            wrong $"of shape {Ranked rows}, examples along the first dimension" (string (Shape.known inputs.shape))

        let isForeign = torch.is_floating_point inputs && not (dtypes.IsEmpty || List.contains inputs.dtype dtypes)

        if isForeign && inputs.shape[0] > 0L && not (takes inputs) then
            let own = dtypes |> List.map Shown.dtype |> String.concat " or "
            wrong $"in {own}, as its parameters are" (Shown.dtype inputs.dtype)
