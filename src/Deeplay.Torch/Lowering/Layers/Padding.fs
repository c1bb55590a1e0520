namespace Deeplay.Torch

open Deeplay.Core
open Deeplay.Library
open TorchSharp

/// Padding: how many elements on each side, the last dimension first, as in PyTorch.
module internal PaddingLowerings =
    // One function serves every kind: TorchSharp's factories have an overload for each number of dimensions. The keys
    // differ in how many numbers are valid alone.
    let private pad mode value spatial (a: Arguments) =
        let sides = Read.dims (2 * spatial) a ConstantPad1d.padding
        new FunctionLayer(a.Kind, (fun x -> torch.nn.functional.pad (x, sides, mode, value)))

    let private constant spatial (a: Arguments) =
        pad PaddingModes.Constant (a.Get ConstantPad1d.value) spatial a

    let private zero = pad PaddingModes.Constant 0.0
    let private reflection = pad PaddingModes.Reflect 0.0
    let private replication = pad PaddingModes.Replicate 0.0
    let private circular = pad PaddingModes.Circular 0.0

    let table =
        [
            row ConstantPad1d.definition (constant 1)
            row ConstantPad2d.definition (constant 2)
            row ConstantPad3d.definition (constant 3)
            row ZeroPad1d.definition (zero 1)
            row ZeroPad2d.definition (zero 2)
            row ZeroPad3d.definition (zero 3)
            row ReflectionPad1d.definition (reflection 1)
            row ReflectionPad2d.definition (reflection 2)
            row ReflectionPad3d.definition (reflection 3)
            row ReplicationPad1d.definition (replication 1)
            row ReplicationPad2d.definition (replication 2)
            row ReplicationPad3d.definition (replication 3)
            row CircularPad1d.definition (circular 1)
            row CircularPad2d.definition (circular 2)
            row CircularPad3d.definition (circular 3)
        ]
