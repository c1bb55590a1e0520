namespace Deeplay.Torch

open Deeplay.Core
open TorchSharp

/// Padding: how many elements on each side, the last dimension first, as in PyTorch.
module internal PaddingLayers =
    open Row

    let private sides spatial a = Read.dims (2 * spatial) a "padding"

    // One function serves every kind: the engine's factories have an overload for each number of dimensions.
    let private pad id spatial mode (value: Arguments -> float) =
        row id (fun a ->
            let sides, value = sides spatial a, value a

            new FunctionLayer(a.Kind, (fun x -> torch.nn.functional.pad (x, sides, mode, value))))

    let private zero (_: Arguments) = 0.0
    let private value a = Read.float a "value"

    let table =
        [
            for spatial in 1..3 do
                pad $"ConstantPad{spatial}d" spatial PaddingModes.Constant value
                pad $"ZeroPad{spatial}d" spatial PaddingModes.Constant zero
                pad $"ReflectionPad{spatial}d" spatial PaddingModes.Reflect zero
                pad $"ReplicationPad{spatial}d" spatial PaddingModes.Replicate zero
                pad $"CircularPad{spatial}d" spatial PaddingModes.Circular zero
        ]
