namespace Deeplay.Torch

open System
open Deeplay.Core
open TorchSharp

/// A transposed convolution with an output padding of its own for each dimension: the engine's module takes the first
/// for all of them, its function does not.
[<Sealed>]
type internal TransposedConvolution
    (name: string, weight: Modules.Parameter, bias: Modules.Parameter, f: Tensor -> Tensor -> Tensor -> Tensor) as this
    =
    inherit torch.nn.Module<torch.Tensor, torch.Tensor>(name)

    do
        this.register_parameter ("weight", weight)

        if not (isNull bias) then
            this.register_parameter ("bias", bias)

    // Looked up, since moving to another device puts others in their place.
    override this.forward input =
        f input (this.get_parameter "weight") (this.get_parameter "bias")

/// Convolutions and transposed convolutions. The engine's factories take padding by name in another overload, and the
/// transposed ones take their parameters in another order than PyTorch.
module internal ConvolutionLayers =
    open Row

    type private Padding' =
        | Sizes of int64[]
        | Named of Padding

    let private padding rank (a: Arguments) =
        match a["padding"] with
        | Text "valid" -> Named Padding.Valid
        | Text "same" ->
            if Read.dims rank a "stride" |> Array.exists (fun step -> step <> 1L) then
                Read.wrong a "padding" "numbers, or 'valid', where the stride is not 1"

            Named Padding.Same
        | Text _ -> Read.wrong a "padding" "numbers, 'same' or 'valid'"
        | _ -> Sizes(Read.dims rank a "padding")

    let private modes =
        [
            "zeros", PaddingModes.Zeros
            "reflect", PaddingModes.Reflect
            "replicate", PaddingModes.Replicate
            "circular", PaddingModes.Circular
        ]

    let private mode a =
        Read.orElse PaddingModes.Zeros (Read.choice modes) a "padding_mode"

    let private conv1d a =
        let ins, outs = Read.int a "in_channels", Read.int a "out_channels"
        let one name = (Read.dims 1 a name)[0]
        let kernel, stride, dilation = one "kernel_size", one "stride", one "dilation"
        let groups, bias = Read.int a "groups", Read.bool a "bias"

        match padding 1 a with
        | Named p -> torch.nn.Conv1d(ins, outs, kernel, p, stride, dilation, mode a, groups, bias)
        | Sizes p -> torch.nn.Conv1d(ins, outs, kernel, stride, p[0], dilation, mode a, groups, bias)

    let private conv2d a =
        let ins, outs = Read.int a "in_channels", Read.int a "out_channels"
        let two name = Read.pair (Read.dims 2 a name)
        let kernel = two "kernel_size"
        let stride, dilation = Nullable(two "stride"), Nullable(two "dilation")
        let groups, bias = Read.int a "groups", Read.bool a "bias"

        match padding 2 a with
        | Named p -> torch.nn.Conv2d(ins, outs, kernel, p, stride, dilation, mode a, groups, bias)
        | Sizes p ->
            torch.nn.Conv2d(ins, outs, kernel, stride, Nullable(Read.pair p), dilation, mode a, groups, bias)

    let private conv3d a =
        let ins, outs = Read.int a "in_channels", Read.int a "out_channels"
        let three name = Read.triple (Read.dims 3 a name)
        let kernel = three "kernel_size"
        let stride, dilation = Nullable(three "stride"), Nullable(three "dilation")
        let groups, bias = Read.int a "groups", Read.bool a "bias"

        match padding 3 a with
        | Named p -> torch.nn.Conv3d(ins, outs, kernel, p, stride, dilation, mode a, groups, bias)
        | Sizes p ->
            torch.nn.Conv3d(
                ins,
                outs,
                kernel,
                stride,
                Nullable(Read.triple p),
                dilation,
                mode a,
                groups,
                bias
            )

    // PyTorch has no other padding for these either.
    let private onlyZeros a =
        Read.only (Text "zeros") a "padding_mode"

    let private convTranspose1d a =
        onlyZeros a
        let one name = (Read.dims 1 a name)[0]

        torch.nn.ConvTranspose1d(
            in_channels = Read.int a "in_channels",
            out_channels = Read.int a "out_channels",
            kernel_size = one "kernel_size",
            stride = one "stride",
            padding = one "padding",
            output_padding = one "output_padding",
            dilation = one "dilation",
            groups = Read.int a "groups",
            bias = Read.bool a "bias"
        )

    let private convTranspose2d (a: Arguments) : torch.nn.Module =
        onlyZeros a
        let two name = Read.pair (Read.dims 2 a name)

        let made =
            torch.nn.ConvTranspose2d(
                in_channels = Read.int a "in_channels",
                out_channels = Read.int a "out_channels",
                kernel_size = two "kernel_size",
                stride = Nullable(two "stride"),
                padding = Nullable(two "padding"),
                output_padding = Nullable(two "output_padding"),
                dilation = Nullable(two "dilation"),
                groups = Read.int a "groups",
                bias = Read.bool a "bias"
            )

        let extra = Read.dims 2 a "output_padding"

        if Array.forall ((=) extra[0]) extra then
            made
        else
            let all = Read.dims 2 a
            let stride, padding, dilation = all "stride", all "padding", all "dilation"
            let groups = Read.int a "groups"

            new TransposedConvolution(
                a.Kind,
                made.weight,
                made.bias,
                fun x weight bias ->
                    torch.nn.functional.conv_transpose2d (
                        x,
                        weight,
                        bias,
                        stride,
                        padding,
                        extra,
                        dilation,
                        groups
                    )
            )

    let private convTranspose3d (a: Arguments) : torch.nn.Module =
        onlyZeros a
        let three name = Read.triple (Read.dims 3 a name)

        let made =
            torch.nn.ConvTranspose3d(
                in_channels = Read.int a "in_channels",
                out_channels = Read.int a "out_channels",
                kernel_size = three "kernel_size",
                stride = Nullable(three "stride"),
                padding = Nullable(three "padding"),
                output_padding = Nullable(three "output_padding"),
                dilation = Nullable(three "dilation"),
                groups = Read.int a "groups",
                bias = Read.bool a "bias"
            )

        let extra = Read.dims 3 a "output_padding"

        if Array.forall ((=) extra[0]) extra then
            made
        else
            let all = Read.dims 3 a
            let stride, padding, dilation = all "stride", all "padding", all "dilation"
            let groups = Read.int a "groups"

            new TransposedConvolution(
                a.Kind,
                made.weight,
                made.bias,
                fun x weight bias ->
                    torch.nn.functional.conv_transpose3d (
                        x,
                        weight,
                        bias,
                        stride,
                        padding,
                        extra,
                        dilation,
                        groups
                    )
            )

    let table =
        [
            row "Conv1d" conv1d
            row "Conv2d" conv2d
            row "Conv3d" conv3d
            row "ConvTranspose1d" convTranspose1d
            row "ConvTranspose2d" convTranspose2d
            row "ConvTranspose3d" convTranspose3d
        ]
