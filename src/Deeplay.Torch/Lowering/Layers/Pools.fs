namespace Deeplay.Torch

open System
open Deeplay.Core
open TorchSharp

/// Pooling.
module internal PoolLayers =
    open Row

    let private one (a: Arguments) name = (Read.dims 1 a name)[0]

    // The stride is the kernel's size where none is given: null says so to the engine too.
    let private stride1 a = Read.nullable one a "stride"

    let private stride rank a : int64[] =
        Read.optional (Read.dims rank) a "stride" |> Option.toObj

    let private maxPool (a: Arguments) =
        Read.only (Bool false) a "return_indices"
        a

    let private maxPool1d a =
        let a = maxPool a

        torch.nn.MaxPool1d(
            one a "kernel_size",
            stride1 a,
            Nullable(one a "padding"),
            Nullable(one a "dilation"),
            Read.bool a "ceil_mode"
        )

    let private maxPool2d a =
        let a = maxPool a
        let all = Read.dims 2 a

        torch.nn.MaxPool2d(
            all "kernel_size",
            stride 2 a,
            all "padding",
            all "dilation",
            Read.bool a "ceil_mode"
        )

    let private maxPool3d a =
        let a = maxPool a
        let all = Read.dims 3 a

        torch.nn.MaxPool3d(
            all "kernel_size",
            stride 3 a,
            all "padding",
            all "dilation",
            Read.bool a "ceil_mode"
        )

    let private avgPool1d a =
        torch.nn.AvgPool1d(
            one a "kernel_size",
            stride1 a,
            one a "padding",
            Read.bool a "ceil_mode",
            Read.bool a "count_include_pad"
        )

    let private avgPool2d a =
        let all = Read.dims 2 a

        torch.nn.AvgPool2d(
            all "kernel_size",
            stride 2 a,
            all "padding",
            Read.bool a "ceil_mode",
            Read.bool a "count_include_pad",
            Read.nullable Read.int a "divisor_override"
        )

    let private avgPool3d a =
        let all = Read.dims 3 a

        torch.nn.AvgPool3d(
            all "kernel_size",
            stride 3 a,
            all "padding",
            Read.bool a "ceil_mode",
            Read.bool a "count_include_pad",
            Read.nullable Read.int a "divisor_override"
        )

    let table =
        [
            row "MaxPool1d" maxPool1d
            row "MaxPool2d" maxPool2d
            row "MaxPool3d" maxPool3d
            row "AvgPool1d" avgPool1d
            row "AvgPool2d" avgPool2d
            row "AvgPool3d" avgPool3d
            row "AdaptiveAvgPool1d" (fun a -> torch.nn.AdaptiveAvgPool1d(one a "output_size"))
            row "AdaptiveAvgPool2d" (fun a -> torch.nn.AdaptiveAvgPool2d(Read.dims 2 a "output_size"))
            row "AdaptiveAvgPool3d" (fun a -> torch.nn.AdaptiveAvgPool3d(Read.dims 3 a "output_size"))
            row "AdaptiveMaxPool1d" (fun a -> torch.nn.AdaptiveMaxPool1d(one (maxPool a) "output_size"))
            row "AdaptiveMaxPool2d" (fun a ->
                torch.nn.AdaptiveMaxPool2d(Read.dims 2 (maxPool a) "output_size"))
            row "AdaptiveMaxPool3d" (fun a ->
                torch.nn.AdaptiveMaxPool3d(Read.dims 3 (maxPool a) "output_size"))
        ]
