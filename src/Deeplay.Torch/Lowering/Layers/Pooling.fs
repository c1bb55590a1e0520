namespace Deeplay.Torch

open System
open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Library
open TorchSharp

/// A pool that gives its maxima and their places.
[<Sealed>]
type internal IndexedPool(name: string, pool: Tensor -> struct (Tensor * Tensor)) =
    inherit torch.nn.Module<torch.Tensor, torch.Tensor[]>(name)

    override _.forward input =
        let struct (maxima, places) = pool input
        [| maxima; places |]

/// Pooling over windows. The engine's modules give the maxima alone, its functions their places too.
module internal PoolingLowerings =
    open Row

    // The stride is the kernel's size where it is null: null says so to the engine too.
    let private strideOrNull (a: Arguments) (key: Param<int list>) : Nullable<int64> =
        a.TryGet key |> Option.map (List.head >> int64) |> Option.toNullable

    let private one (a: Arguments) key = (Read.dims 1 a key)[0]

    let private maxPool1d (a: Arguments) : torch.nn.Module =
        let kernel, stride = one a MaxPool1d.kernelSize, strideOrNull a MaxPool1d.stride

        let padding, dilation = Nullable(one a MaxPool1d.padding), Nullable(one a MaxPool1d.dilation)

        let ceil = a.Get MaxPool1d.ceilMode

        if a.Get MaxPool1d.returnIndices then
            new IndexedPool(
                a.Kind,
                fun x ->
                    torch.nn.functional.max_pool1d_with_indices (x, kernel, stride, padding, dilation, ceil)
            )
        else
            torch.nn.MaxPool1d(kernel, stride, padding, dilation, ceil)

    let private maxPool2d (a: Arguments) : torch.nn.Module =
        let kernel, stride = Read.dims 2 a MaxPool2d.kernelSize, Read.dimsOrNull 2 a MaxPool2d.stride

        let padding, dilation = Read.dims 2 a MaxPool2d.padding, Read.dims 2 a MaxPool2d.dilation

        let ceil = a.Get MaxPool2d.ceilMode

        if a.Get MaxPool2d.returnIndices then
            new IndexedPool(
                a.Kind,
                fun x ->
                    torch.nn.functional.max_pool2d_with_indices (x, kernel, stride, padding, dilation, ceil)
            )
        else
            torch.nn.MaxPool2d(kernel, stride, padding, dilation, ceil)

    let private maxPool3d (a: Arguments) : torch.nn.Module =
        let kernel, stride = Read.dims 3 a MaxPool3d.kernelSize, Read.dimsOrNull 3 a MaxPool3d.stride

        let padding, dilation = Read.dims 3 a MaxPool3d.padding, Read.dims 3 a MaxPool3d.dilation

        let ceil = a.Get MaxPool3d.ceilMode

        if a.Get MaxPool3d.returnIndices then
            new IndexedPool(
                a.Kind,
                fun x ->
                    torch.nn.functional.max_pool3d_with_indices (x, kernel, stride, padding, dilation, ceil)
            )
        else
            torch.nn.MaxPool3d(kernel, stride, padding, dilation, ceil)

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
