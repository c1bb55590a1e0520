namespace Deeplay.Torch

open System
open Deeplay.Core
open Deeplay.Library
open TorchSharp

/// Convolutions. TorchSharp's factories take padding by name in another overload.
module internal ConvolutionLowerings =
    let private named (a: Arguments) = a.TryGet Conv2d.paddingText |> Option.map Read.oneOf<Padding>
    let private mode (a: Arguments) = Read.oneOf<PaddingModes>(a.Get Conv2d.paddingMode)

    /// What all three take: their keys differ in how many sizes are valid alone.
    let private common rank (a: Arguments) =
        let all = Read.dims rank a

        struct (Read.int a Conv2d.inChannels,
                Read.int a Conv2d.outChannels,
                all Conv2d.kernelSize,
                all Conv2d.stride,
                (if (a.TryGet Conv2d.paddingText).IsNone then all Conv2d.padding else null),
                all Conv2d.dilation,
                Read.int a Conv2d.groups,
                a.Get Conv2d.bias)

    let private conv1d a =
        let struct (ins, outs, kernel, stride, padding, dilation, groups, bias) = common 1 a
        let kernel, stride, dilation, mode = kernel[0], stride[0], dilation[0], mode a

        match named a with
        | Some side -> torch.nn.Conv1d(ins, outs, kernel, side, stride, dilation, mode, groups, bias)
        | None -> torch.nn.Conv1d(ins, outs, kernel, stride, padding[0], dilation, mode, groups, bias)

    let private conv2d a =
        let struct (ins, outs, kernel, stride, padding, dilation, groups, bias) = common 2 a
        let all = Read.pair >> Nullable
        let kernel, stride, dilation, mode = Read.pair kernel, all stride, all dilation, mode a

        match named a with
        | Some side -> torch.nn.Conv2d(ins, outs, kernel, side, stride, dilation, mode, groups, bias)
        | None -> torch.nn.Conv2d(ins, outs, kernel, stride, all padding, dilation, mode, groups, bias)

    let private conv3d a =
        let struct (ins, outs, kernel, stride, padding, dilation, groups, bias) = common 3 a
        let all = Read.triple >> Nullable
        let kernel, stride, dilation, mode = Read.triple kernel, all stride, all dilation, mode a

        match named a with
        | Some side -> torch.nn.Conv3d(ins, outs, kernel, side, stride, dilation, mode, groups, bias)
        | None -> torch.nn.Conv3d(ins, outs, kernel, stride, all padding, dilation, mode, groups, bias)

    let table = [ row Conv1d.definition conv1d; row Conv2d.definition conv2d; row Conv3d.definition conv3d ]
