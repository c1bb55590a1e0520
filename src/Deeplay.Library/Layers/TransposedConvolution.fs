namespace Deeplay.Library

open Deeplay.Core
open Deeplay.FSharp
open ConvolutionHelpers

/// `torch.nn.ConvTranspose1d`: (N, in_channels, L) → (N, out_channels, …); the batch may be missing.
module internal ConvTranspose1d =
    /// The channels of the input; inferred where they are not set.
    let inChannels = inChannels

    /// The channels of the output.
    let outChannels = outChannels

    /// The size of the kernel: one for all dimensions, or one for each.
    let kernelSize = kernelSize 1

    /// How far the kernel moves in the output.
    let stride = stride 1

    /// How much is taken away at each side of the output.
    let padding = padding 1

    /// How much is added at one side of the output.
    let outputPadding = outputPadding 1

    /// The number of groups that channels are only connected within.
    let groups = groups

    /// Whether a learned bias is added.
    let bias = Common.bias

    /// The distance between the elements of the kernel.
    let dilation = dilation 1

    /// What is added at the sides: "zeros".
    let paddingMode = paddingMode [ "zeros" ]

    /// Parameters: in_channels, out_channels, kernel_size, stride, padding, output_padding, groups, bias, dilation,
    /// padding_mode.
    let definition =
        LayerDefinition.create
            "ConvTranspose1d"
            [
                inChannels
                outChannels
                kernelSize
                stride
                padding
                outputPadding
                groups
                bias
                dilation
                paddingMode
            ]
            (transposed 1)
            "A transposed convolution over one dimension."
            (extra 1)
        |> Definition.withWeights (weights 1 true)
        |> Definition.withShapes (transposedShapes 1)
        |> Definition.withCheck (ConvolutionChecks.transposed 1)

/// `torch.nn.ConvTranspose2d`: (N, in_channels, H, W) → (N, out_channels, …); the batch may be missing.
module internal ConvTranspose2d =
    /// The channels of the input; inferred where they are not set.
    let inChannels = inChannels

    /// The channels of the output.
    let outChannels = outChannels

    /// The size of the kernel: one for all dimensions, or one for each.
    let kernelSize = kernelSize 2

    /// How far the kernel moves in the output.
    let stride = stride 2

    /// How much is taken away at each side of the output.
    let padding = padding 2

    /// How much is added at one side of the output.
    let outputPadding = outputPadding 2

    /// The number of groups that channels are only connected within.
    let groups = groups

    /// Whether a learned bias is added.
    let bias = Common.bias

    /// The distance between the elements of the kernel.
    let dilation = dilation 2

    /// What is added at the sides: "zeros".
    let paddingMode = paddingMode [ "zeros" ]

    /// Parameters: in_channels, out_channels, kernel_size, stride, padding, output_padding, groups, bias, dilation,
    /// padding_mode.
    let definition =
        LayerDefinition.create
            "ConvTranspose2d"
            [
                inChannels
                outChannels
                kernelSize
                stride
                padding
                outputPadding
                groups
                bias
                dilation
                paddingMode
            ]
            (transposed 2)
            "A transposed convolution over two dimensions."
            (extra 2)
        |> Definition.withWeights (weights 2 true)
        |> Definition.withShapes (transposedShapes 2)
        |> Definition.withCheck (ConvolutionChecks.transposed 2)

/// `torch.nn.ConvTranspose3d`: (N, in_channels, D, H, W) → (N, out_channels, …); the batch may be missing.
module internal ConvTranspose3d =
    /// The channels of the input; inferred where they are not set.
    let inChannels = inChannels

    /// The channels of the output.
    let outChannels = outChannels

    /// The size of the kernel: one for all dimensions, or one for each.
    let kernelSize = kernelSize 3

    /// How far the kernel moves in the output.
    let stride = stride 3

    /// How much is taken away at each side of the output.
    let padding = padding 3

    /// How much is added at one side of the output.
    let outputPadding = outputPadding 3

    /// The number of groups that channels are only connected within.
    let groups = groups

    /// Whether a learned bias is added.
    let bias = Common.bias

    /// The distance between the elements of the kernel.
    let dilation = dilation 3

    /// What is added at the sides: "zeros".
    let paddingMode = paddingMode [ "zeros" ]

    /// Parameters: in_channels, out_channels, kernel_size, stride, padding, output_padding, groups, bias, dilation,
    /// padding_mode.
    let definition =
        LayerDefinition.create
            "ConvTranspose3d"
            [
                inChannels
                outChannels
                kernelSize
                stride
                padding
                outputPadding
                groups
                bias
                dilation
                paddingMode
            ]
            (transposed 3)
            "A transposed convolution over three dimensions."
            (extra 3)
        |> Definition.withWeights (weights 3 true)
        |> Definition.withShapes (transposedShapes 3)
        |> Definition.withCheck (ConvolutionChecks.transposed 3)

/// The layers of this file.
module internal TransposedConvolutionLayers =
    let all = [ ConvTranspose1d.definition; ConvTranspose2d.definition; ConvTranspose3d.definition ]
