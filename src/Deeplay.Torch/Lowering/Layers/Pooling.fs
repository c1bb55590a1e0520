namespace Deeplay.Torch

open System
open Deeplay.Core
open Deeplay.FSharp
open TorchSharp

/// Pooling over windows.
module internal PoolingLowerings =
    open Row

    // The stride is the kernel's size where it is null: null says so to the engine too.
    let private strideOrNull (a: Arguments) (key: Param<int list>) : Nullable<int64> =
        a.TryGet key |> Option.map (List.head >> int64) |> Option.toNullable

    let private one (a: Arguments) key = (Read.dims 1 a key)[0]

    /// The engine's modules give the maxima alone.
    let withoutIndices (a: Arguments) (key: Param<bool>) =
        if a.Get key then
            Read.refuse a key "False (the engine's layers give the maxima alone)"

    let private maxPool1d a =
        withoutIndices a MaxPool1d.returnIndices

        torch.nn.MaxPool1d(
            one a MaxPool1d.kernelSize,
            strideOrNull a MaxPool1d.stride,
            Nullable(one a MaxPool1d.padding),
            Nullable(one a MaxPool1d.dilation),
            a.Get MaxPool1d.ceilMode
        )

    let private maxPool2d a =
        withoutIndices a MaxPool2d.returnIndices

        torch.nn.MaxPool2d(
            Read.dims 2 a MaxPool2d.kernelSize,
            Read.dimsOrNull 2 a MaxPool2d.stride,
            Read.dims 2 a MaxPool2d.padding,
            Read.dims 2 a MaxPool2d.dilation,
            a.Get MaxPool2d.ceilMode
        )

    let private maxPool3d a =
        withoutIndices a MaxPool3d.returnIndices

        torch.nn.MaxPool3d(
            Read.dims 3 a MaxPool3d.kernelSize,
            Read.dimsOrNull 3 a MaxPool3d.stride,
            Read.dims 3 a MaxPool3d.padding,
            Read.dims 3 a MaxPool3d.dilation,
            a.Get MaxPool3d.ceilMode
        )

    let private avgPool1d a =
        torch.nn.AvgPool1d(
            one a AvgPool1d.kernelSize,
            strideOrNull a AvgPool1d.stride,
            one a AvgPool1d.padding,
            a.Get AvgPool1d.ceilMode,
            a.Get AvgPool1d.countIncludePad
        )

    let private avgPool2d a =
        torch.nn.AvgPool2d(
            Read.dims 2 a AvgPool2d.kernelSize,
            Read.dimsOrNull 2 a AvgPool2d.stride,
            Read.dims 2 a AvgPool2d.padding,
            a.Get AvgPool2d.ceilMode,
            a.Get AvgPool2d.countIncludePad,
            Read.intOrNull a AvgPool2d.divisorOverride
        )

    let private avgPool3d a =
        torch.nn.AvgPool3d(
            Read.dims 3 a AvgPool3d.kernelSize,
            Read.dimsOrNull 3 a AvgPool3d.stride,
            Read.dims 3 a AvgPool3d.padding,
            a.Get AvgPool3d.ceilMode,
            a.Get AvgPool3d.countIncludePad,
            Read.intOrNull a AvgPool3d.divisorOverride
        )

    let table =
        [
            row MaxPool1d.definition maxPool1d
            row MaxPool2d.definition maxPool2d
            row MaxPool3d.definition maxPool3d
            row AvgPool1d.definition avgPool1d
            row AvgPool2d.definition avgPool2d
            row AvgPool3d.definition avgPool3d
        ]
