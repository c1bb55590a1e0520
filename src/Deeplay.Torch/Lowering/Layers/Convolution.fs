namespace Deeplay.Torch

open System
open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Library
open TorchSharp

/// Convolutions. TorchSharp's factories take padding by name in another overload.
module internal ConvolutionLowerings =
    open Row

    type private Sides =
        | Sizes of int64[]
        | Named of Padding

    let private sides rank (a: Arguments) =
        match a.TryGet Conv2d.paddingText with
        | Some "same" -> Named Padding.Same
        | Some _ -> Named Padding.Valid
        | None -> Sizes(Read.dims rank a Conv2d.padding)

    let private mode (a: Arguments) =
        match a.Get Conv2d.paddingMode with
        | "reflect" -> PaddingModes.Reflect
        | "replicate" -> PaddingModes.Replicate
        | "circular" -> PaddingModes.Circular
        | _ -> PaddingModes.Zeros

    /// What all three take: their keys differ in how many sizes are valid alone.
    let private common rank (a: Arguments) =
        let all = Read.dims rank a

        struct (Read.int a Conv2d.inChannels,
                Read.int a Conv2d.outChannels,
                all Conv2d.kernelSize,
                all Conv2d.stride,
                all Conv2d.dilation,
                Read.int a Conv2d.groups,
                a.Get Conv2d.bias)

    let private conv1d a =
        let struct (ins, outs, kernel, stride, dilation, groups, bias) = common 1 a

        match sides 1 a with
        | Named p -> torch.nn.Conv1d(ins, outs, kernel[0], p, stride[0], dilation[0], mode a, groups, bias)
        | Sizes p -> torch.nn.Conv1d(ins, outs, kernel[0], stride[0], p[0], dilation[0], mode a, groups, bias)

    let private conv2d a =
        let struct (ins, outs, kernel, stride, dilation, groups, bias) = common 2 a
        let kernel = Read.pair kernel
        let stride, dilation = Nullable(Read.pair stride), Nullable(Read.pair dilation)

        match sides 2 a with
        | Named p -> torch.nn.Conv2d(ins, outs, kernel, p, stride, dilation, mode a, groups, bias)
        | Sizes p ->
            torch.nn.Conv2d(ins, outs, kernel, stride, Nullable(Read.pair p), dilation, mode a, groups, bias)

    let private conv3d a =
        let struct (ins, outs, kernel, stride, dilation, groups, bias) = common 3 a
        let kernel = Read.triple kernel
        let stride, dilation = Nullable(Read.triple stride), Nullable(Read.triple dilation)

        match sides 3 a with
        | Named p -> torch.nn.Conv3d(ins, outs, kernel, p, stride, dilation, mode a, groups, bias)
        | Sizes p ->
            let p = Nullable(Read.triple p)
            torch.nn.Conv3d(ins, outs, kernel, stride, p, dilation, mode a, groups, bias)

    let table = [ row Conv1d.definition conv1d; row Conv2d.definition conv2d; row Conv3d.definition conv3d ]
