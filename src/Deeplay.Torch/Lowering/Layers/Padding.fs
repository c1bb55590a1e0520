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

    let private each pad definitions = definitions |> List.mapi (fun i definition -> row definition (pad (i + 1)))

    let private constant spatial (a: Arguments) = pad PaddingModes.Constant (a.Get ConstantPad1d.value) spatial a

    let private zero = pad PaddingModes.Constant 0.0
    let private reflect = pad PaddingModes.Reflect 0.0
    let private replicate = pad PaddingModes.Replicate 0.0
    let private circular = pad PaddingModes.Circular 0.0

    // Of one, two and three dimensions.
    let table =
        [
            each constant [ ConstantPad1d.definition; ConstantPad2d.definition; ConstantPad3d.definition ]
            each zero [ ZeroPad1d.definition; ZeroPad2d.definition; ZeroPad3d.definition ]
            each reflect [ ReflectionPad1d.definition; ReflectionPad2d.definition; ReflectionPad3d.definition ]
            each replicate [ ReplicationPad1d.definition; ReplicationPad2d.definition; ReplicationPad3d.definition ]
            each circular [ CircularPad1d.definition; CircularPad2d.definition; CircularPad3d.definition ]
        ]
        |> List.concat
