namespace Deeplay.Library

open Deeplay.Core
open Deeplay.FSharp
open ConvolutionHelpers

/// `torch.nn.Conv1d`: (N, in_channels, L) → (N, out_channels, …); the batch may be missing.
module internal Conv1d =
    /// The channels of the input; inferred where they are not set.
    let inChannels = inChannels

    /// The channels of the output.
    let outChannels = outChannels

    /// The size of the kernel: one for all dimensions, or one for each.
    let kernelSize = kernelSize 1

    /// How far the kernel moves.
    let stride = stride 1

    /// How much is added at each side.
    let padding = paddingOrText 1

    /// The same parameter as a text: "same" for as much as keeps the sizes, "valid" for nothing.
    let paddingText = paddingText

    /// The distance between the elements of the kernel.
    let dilation = dilation 1

    /// The number of groups that channels are only connected within.
    let groups = groups

    /// Whether a learned bias is added.
    let bias = Common.bias

    /// What is added at the sides: "zeros", "reflect", "replicate" or "circular".
    let paddingMode = paddingMode [ "zeros"; "reflect"; "replicate"; "circular" ]

    /// Parameters: in_channels, out_channels, kernel_size, stride, padding, dilation, groups, bias, padding_mode.
    let definition =
        LayerDefinition.create
            "Conv1d"
            [ inChannels; outChannels; kernelSize; stride; padding; dilation; groups; bias; paddingMode ]
            (convolution 1)
            "A convolution over one dimension."
            (extra 1)
        |> Definition.withWeights (weights 1 false)
        |> Definition.withShapes (convolutionShapes 1)
        |> Definition.withCheck (ConvolutionChecks.convolution 1)

/// `torch.nn.Conv2d`: (N, in_channels, H, W) → (N, out_channels, …); the batch may be missing.
module internal Conv2d =
    /// The channels of the input; inferred where they are not set.
    let inChannels = inChannels

    /// The channels of the output.
    let outChannels = outChannels

    /// The size of the kernel: one for all dimensions, or one for each.
    let kernelSize = kernelSize 2

    /// How far the kernel moves.
    let stride = stride 2

    /// How much is added at each side.
    let padding = paddingOrText 2

    /// The same parameter as a text: "same" for as much as keeps the sizes, "valid" for nothing.
    let paddingText = paddingText

    /// The distance between the elements of the kernel.
    let dilation = dilation 2

    /// The number of groups that channels are only connected within.
    let groups = groups

    /// Whether a learned bias is added.
    let bias = Common.bias

    /// What is added at the sides: "zeros", "reflect", "replicate" or "circular".
    let paddingMode = paddingMode [ "zeros"; "reflect"; "replicate"; "circular" ]

    /// Parameters: in_channels, out_channels, kernel_size, stride, padding, dilation, groups, bias, padding_mode.
    let definition =
        LayerDefinition.create
            "Conv2d"
            [ inChannels; outChannels; kernelSize; stride; padding; dilation; groups; bias; paddingMode ]
            (convolution 2)
            "A convolution over two dimensions."
            (extra 2)
        |> Definition.withWeights (weights 2 false)
        |> Definition.withShapes (convolutionShapes 2)
        |> Definition.withCheck (ConvolutionChecks.convolution 2)

/// `torch.nn.Conv3d`: (N, in_channels, D, H, W) → (N, out_channels, …); the batch may be missing.
module internal Conv3d =
    /// The channels of the input; inferred where they are not set.
    let inChannels = inChannels

    /// The channels of the output.
    let outChannels = outChannels

    /// The size of the kernel: one for all dimensions, or one for each.
    let kernelSize = kernelSize 3

    /// How far the kernel moves.
    let stride = stride 3

    /// How much is added at each side.
    let padding = paddingOrText 3

    /// The same parameter as a text: "same" for as much as keeps the sizes, "valid" for nothing.
    let paddingText = paddingText

    /// The distance between the elements of the kernel.
    let dilation = dilation 3

    /// The number of groups that channels are only connected within.
    let groups = groups

    /// Whether a learned bias is added.
    let bias = Common.bias

    /// What is added at the sides: "zeros", "reflect", "replicate" or "circular".
    let paddingMode = paddingMode [ "zeros"; "reflect"; "replicate"; "circular" ]

    /// Parameters: in_channels, out_channels, kernel_size, stride, padding, dilation, groups, bias, padding_mode.
    let definition =
        LayerDefinition.create
            "Conv3d"
            [ inChannels; outChannels; kernelSize; stride; padding; dilation; groups; bias; paddingMode ]
            (convolution 3)
            "A convolution over three dimensions."
            (extra 3)
        |> Definition.withWeights (weights 3 false)
        |> Definition.withShapes (convolutionShapes 3)
        |> Definition.withCheck (ConvolutionChecks.convolution 3)

/// The layers of this file.
module internal ConvolutionLayers =
    let all = [ Conv1d.definition; Conv2d.definition; Conv3d.definition ]
