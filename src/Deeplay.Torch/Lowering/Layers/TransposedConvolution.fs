namespace Deeplay.Torch

open System
open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Library
open TorchSharp

/// Transposed convolutions. The engine's factories take their parameters in another order than PyTorch.
module internal TransposedConvolutionLowerings =
    open Row

    /// Where an output padding differs between dimensions: the engine's modules take the first for all of them, its
    /// functions do not.
    let private exact
        rank
        (a: Arguments)
        (made: torch.nn.Module<Tensor, Tensor>)
        (f: Tensor -> Tensor -> Tensor -> (int64[] * int64[] * int64[] * int64[] * int64) -> Tensor)
        : torch.nn.Module =
        let all = Read.dims rank a
        let extra = all ConvTranspose2d.outputPadding

        if Array.forall ((=) extra[0]) extra then
            made
        else
            let stride, padding = all ConvTranspose2d.stride, all ConvTranspose2d.padding

            let dilation, groups = all ConvTranspose2d.dilation, Read.int a ConvTranspose2d.groups

            let settings = stride, padding, extra, dilation, groups

            new WeightedLayer(a.Kind, made, fun x weight bias -> f x weight bias settings)

    let private convTranspose1d (a: Arguments) =
        let one key = (Read.dims 1 a key)[0]

        torch.nn.ConvTranspose1d(
            in_channels = Read.int a ConvTranspose1d.inChannels,
            out_channels = Read.int a ConvTranspose1d.outChannels,
            kernel_size = one ConvTranspose1d.kernelSize,
            stride = one ConvTranspose1d.stride,
            padding = one ConvTranspose1d.padding,
            output_padding = one ConvTranspose1d.outputPadding,
            dilation = one ConvTranspose1d.dilation,
            groups = Read.int a ConvTranspose1d.groups,
            bias = a.Get ConvTranspose1d.bias
        )

    let private convTranspose2d (a: Arguments) =
        let two key = Read.pair (Read.dims 2 a key)

        let made =
            torch.nn.ConvTranspose2d(
                in_channels = Read.int a ConvTranspose2d.inChannels,
                out_channels = Read.int a ConvTranspose2d.outChannels,
                kernel_size = two ConvTranspose2d.kernelSize,
                stride = Nullable(two ConvTranspose2d.stride),
                padding = Nullable(two ConvTranspose2d.padding),
                output_padding = Nullable(two ConvTranspose2d.outputPadding),
                dilation = Nullable(two ConvTranspose2d.dilation),
                groups = Read.int a ConvTranspose2d.groups,
                bias = a.Get ConvTranspose2d.bias
            )

        exact 2 a made (fun x weight bias (stride, padding, extra, dilation, groups) ->
            torch.nn.functional.conv_transpose2d (x, weight, bias, stride, padding, extra, dilation, groups))

    let private convTranspose3d (a: Arguments) =
        let three key = Read.triple (Read.dims 3 a key)

        let made =
            torch.nn.ConvTranspose3d(
                in_channels = Read.int a ConvTranspose3d.inChannels,
                out_channels = Read.int a ConvTranspose3d.outChannels,
                kernel_size = three ConvTranspose3d.kernelSize,
                stride = Nullable(three ConvTranspose3d.stride),
                padding = Nullable(three ConvTranspose3d.padding),
                output_padding = Nullable(three ConvTranspose3d.outputPadding),
                dilation = Nullable(three ConvTranspose3d.dilation),
                groups = Read.int a ConvTranspose3d.groups,
                bias = a.Get ConvTranspose3d.bias
            )

        exact 3 a made (fun x weight bias (stride, padding, extra, dilation, groups) ->
            torch.nn.functional.conv_transpose3d (x, weight, bias, stride, padding, extra, dilation, groups))

    let table =
        [
            row ConvTranspose1d.definition convTranspose1d
            row ConvTranspose2d.definition convTranspose2d
            row ConvTranspose3d.definition convTranspose3d
        ]
