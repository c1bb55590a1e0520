namespace Deeplay.Library

open Deeplay.Core
open Deeplay.FSharp
open PoolingHelpers

/// `torch.nn.MaxPool1d`: the largest of each window, (N, C, L) → (N, C, …); the batch may be missing.
module internal MaxPool1d =
    /// The size of the window: one for all dimensions, or one for each.
    let kernelSize = kernelSize 1

    /// How far the window moves; as far as it is large where it is null.
    let stride = stride 1

    /// How much is added at each side; at most half of the window.
    let padding = padding 1

    /// The distance between the elements of the window.
    let dilation = dilation 1

    /// Whether the places of the maxima are a second output.
    let returnIndices = returnIndices

    /// Whether a window that goes beyond the end counts.
    let ceilMode = ceilMode

    /// Parameters: kernel_size, stride, padding, dilation, return_indices, ceil_mode.
    let definition =
        create
            "MaxPool1d"
            1
            [ kernelSize; stride; padding; dilation; returnIndices; ceilMode ]
            (pool 1)
            "The largest of each window, over one dimension."
            maxExtra
        |> Definition.withShapes (poolShapes 1)

/// `torch.nn.MaxPool2d`: the largest of each window, (N, C, H, W) → (N, C, …); the batch may be missing.
module internal MaxPool2d =
    /// The size of the window: one for all dimensions, or one for each.
    let kernelSize = kernelSize 2

    /// How far the window moves; as far as it is large where it is null.
    let stride = stride 2

    /// How much is added at each side; at most half of the window.
    let padding = padding 2

    /// The distance between the elements of the window.
    let dilation = dilation 2

    /// Whether the places of the maxima are a second output.
    let returnIndices = returnIndices

    /// Whether a window that goes beyond the end counts.
    let ceilMode = ceilMode

    /// Parameters: kernel_size, stride, padding, dilation, return_indices, ceil_mode.
    let definition =
        create
            "MaxPool2d"
            2
            [ kernelSize; stride; padding; dilation; returnIndices; ceilMode ]
            (pool 2)
            "The largest of each window, over two dimensions."
            maxExtra
        |> Definition.withShapes (poolShapes 2)

/// `torch.nn.MaxPool3d`: the largest of each window, (N, C, D, H, W) → (N, C, …); the batch may be missing.
module internal MaxPool3d =
    /// The size of the window: one for all dimensions, or one for each.
    let kernelSize = kernelSize 3

    /// How far the window moves; as far as it is large where it is null.
    let stride = stride 3

    /// How much is added at each side; at most half of the window.
    let padding = padding 3

    /// The distance between the elements of the window.
    let dilation = dilation 3

    /// Whether the places of the maxima are a second output.
    let returnIndices = returnIndices

    /// Whether a window that goes beyond the end counts.
    let ceilMode = ceilMode

    /// Parameters: kernel_size, stride, padding, dilation, return_indices, ceil_mode.
    let definition =
        create
            "MaxPool3d"
            3
            [ kernelSize; stride; padding; dilation; returnIndices; ceilMode ]
            (pool 3)
            "The largest of each window, over three dimensions."
            maxExtra
        |> Definition.withShapes (poolShapes 3)

/// `torch.nn.AvgPool1d`: the mean of each window, (N, C, L) → (N, C, …); the batch may be missing.
module internal AvgPool1d =
    /// The size of the window: one for all dimensions, or one for each.
    let kernelSize = kernelSize 1

    /// How far the window moves; as far as it is large where it is null.
    let stride = stride 1

    /// How much is added at each side; at most half of the window.
    let padding = padding 1

    /// Whether a window that goes beyond the end counts.
    let ceilMode = ceilMode

    /// Whether what was added at the sides counts for the mean.
    let countIncludePad = countIncludePad

    /// Parameters: kernel_size, stride, padding, ceil_mode, count_include_pad.
    let definition =
        create
            "AvgPool1d"
            1
            [ kernelSize; stride; padding; ceilMode; countIncludePad ]
            (pool 1)
            "The mean of each window, over one dimension."
            (avgExtra 1)
        |> Definition.withShapes (poolShapes 1)

/// `torch.nn.AvgPool2d`: the mean of each window, (N, C, H, W) → (N, C, …); the batch may be missing.
module internal AvgPool2d =
    /// The size of the window: one for all dimensions, or one for each.
    let kernelSize = kernelSize 2

    /// How far the window moves; as far as it is large where it is null.
    let stride = stride 2

    /// How much is added at each side; at most half of the window.
    let padding = padding 2

    /// Whether a window that goes beyond the end counts.
    let ceilMode = ceilMode

    /// Whether what was added at the sides counts for the mean.
    let countIncludePad = countIncludePad

    /// What the sum is divided by; the size of the window where it is null.
    let divisorOverride = divisorOverride

    /// Parameters: kernel_size, stride, padding, ceil_mode, count_include_pad, divisor_override.
    let definition =
        create
            "AvgPool2d"
            2
            [ kernelSize; stride; padding; ceilMode; countIncludePad; divisorOverride ]
            (pool 2)
            "The mean of each window, over two dimensions."
            (avgExtra 2)
        |> Definition.withShapes (poolShapes 2)

/// `torch.nn.AvgPool3d`: the mean of each window, (N, C, D, H, W) → (N, C, …); the batch may be missing.
module internal AvgPool3d =
    /// The size of the window: one for all dimensions, or one for each.
    let kernelSize = kernelSize 3

    /// How far the window moves; as far as it is large where it is null.
    let stride = stride 3

    /// How much is added at each side; at most half of the window.
    let padding = padding 3

    /// Whether a window that goes beyond the end counts.
    let ceilMode = ceilMode

    /// Whether what was added at the sides counts for the mean.
    let countIncludePad = countIncludePad

    /// What the sum is divided by; the size of the window where it is null.
    let divisorOverride = divisorOverride

    /// Parameters: kernel_size, stride, padding, ceil_mode, count_include_pad, divisor_override.
    let definition =
        create
            "AvgPool3d"
            3
            [ kernelSize; stride; padding; ceilMode; countIncludePad; divisorOverride ]
            (pool 3)
            "The mean of each window, over three dimensions."
            (avgExtra 3)
        |> Definition.withShapes (poolShapes 3)

/// The layers of this file.
module internal PoolingLayers =
    let all =
        [
            MaxPool1d.definition
            MaxPool2d.definition
            MaxPool3d.definition
            AvgPool1d.definition
            AvgPool2d.definition
            AvgPool3d.definition
        ]
