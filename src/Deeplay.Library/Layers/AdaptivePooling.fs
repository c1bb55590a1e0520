namespace Deeplay.Library

open Deeplay.Core
open Deeplay.FSharp
open PoolingHelpers

/// `torch.nn.AdaptiveAvgPool1d`: the mean of as many windows as are wanted; the batch may be missing.
/// (N, C, L) → (N, C, output_size).
module internal AdaptiveAvgPool1d =
    /// The sizes of the output: one for all dimensions, or one for each. By name, null keeps the input's.
    let outputSize = outputSize 1

    /// Parameters: output_size.
    let definition =
        LayerDefinition.create
            "AdaptiveAvgPool1d"
            [ outputSize ]
            (adaptive 1)
            "The mean of as many windows as are wanted, over one dimension."
            adaptiveExtra
        |> Definition.withShapes (adaptiveShapes 1)

/// `torch.nn.AdaptiveAvgPool2d`: the mean of as many windows as are wanted; the batch may be missing.
/// (N, C, H, W) → (N, C, output_size).
module internal AdaptiveAvgPool2d =
    /// The sizes of the output: one for all dimensions, or one for each. By name, null keeps the input's.
    let outputSize = outputSize 2

    /// Parameters: output_size.
    let definition =
        LayerDefinition.create
            "AdaptiveAvgPool2d"
            [ outputSize ]
            (adaptive 2)
            "The mean of as many windows as are wanted, over two dimensions."
            adaptiveExtra
        |> Definition.withShapes (adaptiveShapes 2)

/// `torch.nn.AdaptiveAvgPool3d`: the mean of as many windows as are wanted; the batch may be missing.
/// (N, C, D, H, W) → (N, C, output_size).
module internal AdaptiveAvgPool3d =
    /// The sizes of the output: one for all dimensions, or one for each. By name, null keeps the input's.
    let outputSize = outputSize 3

    /// Parameters: output_size.
    let definition =
        LayerDefinition.create
            "AdaptiveAvgPool3d"
            [ outputSize ]
            (adaptive 3)
            "The mean of as many windows as are wanted, over three dimensions."
            adaptiveExtra
        |> Definition.withShapes (adaptiveShapes 3)

/// `torch.nn.AdaptiveMaxPool1d`: the largest of as many windows as are wanted; the batch may be missing.
/// (N, C, L) → (N, C, output_size).
module internal AdaptiveMaxPool1d =
    /// The sizes of the output: one for all dimensions, or one for each. By name, null keeps the input's.
    let outputSize = outputSize 1

    /// Whether the places of the maxima are a second output.
    let returnIndices = returnIndices

    /// Parameters: output_size, return_indices.
    let definition =
        LayerDefinition.create
            "AdaptiveMaxPool1d"
            [ outputSize; returnIndices ]
            (adaptive 1)
            "The largest of as many windows as are wanted, over one dimension."
            adaptiveExtra
        |> Definition.withShapes (adaptiveShapes 1)

/// `torch.nn.AdaptiveMaxPool2d`: the largest of as many windows as are wanted; the batch may be missing.
/// (N, C, H, W) → (N, C, output_size).
module internal AdaptiveMaxPool2d =
    /// The sizes of the output: one for all dimensions, or one for each. By name, null keeps the input's.
    let outputSize = outputSize 2

    /// Whether the places of the maxima are a second output.
    let returnIndices = returnIndices

    /// Parameters: output_size, return_indices.
    let definition =
        LayerDefinition.create
            "AdaptiveMaxPool2d"
            [ outputSize; returnIndices ]
            (adaptive 2)
            "The largest of as many windows as are wanted, over two dimensions."
            adaptiveExtra
        |> Definition.withShapes (adaptiveShapes 2)

/// `torch.nn.AdaptiveMaxPool3d`: the largest of as many windows as are wanted; the batch may be missing.
/// (N, C, D, H, W) → (N, C, output_size).
module internal AdaptiveMaxPool3d =
    /// The sizes of the output: one for all dimensions, or one for each. By name, null keeps the input's.
    let outputSize = outputSize 3

    /// Whether the places of the maxima are a second output.
    let returnIndices = returnIndices

    /// Parameters: output_size, return_indices.
    let definition =
        LayerDefinition.create
            "AdaptiveMaxPool3d"
            [ outputSize; returnIndices ]
            (adaptive 3)
            "The largest of as many windows as are wanted, over three dimensions."
            adaptiveExtra
        |> Definition.withShapes (adaptiveShapes 3)

/// The layers of this file.
module internal AdaptivePoolingLayers =
    let all =
        [
            AdaptiveAvgPool1d.definition
            AdaptiveAvgPool2d.definition
            AdaptiveAvgPool3d.definition
            AdaptiveMaxPool1d.definition
            AdaptiveMaxPool2d.definition
            AdaptiveMaxPool3d.definition
        ]
