namespace Deeplay.Torch

open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Library
open TorchSharp

/// Padding: how many elements on each side, the last dimension first, as in PyTorch.
module internal PaddingLowerings =
    open Row

    // One function serves every kind: TorchSharp's factories have an overload for each number of dimensions.
    let private pad mode spatial (key: Param<int list>) value (a: Arguments) =
        let sides = Read.dims (2 * spatial) a key
        new FunctionLayer(a.Kind, (fun x -> torch.nn.functional.pad (x, sides, mode, value)))

    let private constant = pad PaddingModes.Constant
    let private reflection = pad PaddingModes.Reflect
    let private replication = pad PaddingModes.Replicate
    let private circular = pad PaddingModes.Circular

    let table =
        [
            row ConstantPad1d.definition (fun a ->
                constant 1 ConstantPad1d.padding (a.Get ConstantPad1d.value) a)
            row ConstantPad2d.definition (fun a ->
                constant 2 ConstantPad2d.padding (a.Get ConstantPad2d.value) a)
            row ConstantPad3d.definition (fun a ->
                constant 3 ConstantPad3d.padding (a.Get ConstantPad3d.value) a)
            row ZeroPad1d.definition (constant 1 ZeroPad1d.padding 0.0)
            row ZeroPad2d.definition (constant 2 ZeroPad2d.padding 0.0)
            row ZeroPad3d.definition (constant 3 ZeroPad3d.padding 0.0)
            row ReflectionPad1d.definition (reflection 1 ReflectionPad1d.padding 0.0)
            row ReflectionPad2d.definition (reflection 2 ReflectionPad2d.padding 0.0)
            row ReflectionPad3d.definition (reflection 3 ReflectionPad3d.padding 0.0)
            row ReplicationPad1d.definition (replication 1 ReplicationPad1d.padding 0.0)
            row ReplicationPad2d.definition (replication 2 ReplicationPad2d.padding 0.0)
            row ReplicationPad3d.definition (replication 3 ReplicationPad3d.padding 0.0)
            row CircularPad1d.definition (circular 1 CircularPad1d.padding 0.0)
            row CircularPad2d.definition (circular 2 CircularPad2d.padding 0.0)
            row CircularPad3d.definition (circular 3 CircularPad3d.padding 0.0)
        ]
