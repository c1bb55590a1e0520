namespace Deeplay.Library

open Deeplay.Core
open Deeplay.FSharp

/// A block of a ConvNeXt.
module internal ConvNeXtBlock =
    let channels = Key.positive "channels" "The channels of the input and of the output."

    let layerScale =
        Key.notNegative "layer_scale" 1e-6 "With what each channel is multiplied at first, before the sum."

    let stochasticDepthProb =
        Key.probabilityOf "stochastic_depth_prob" "The probability of an example to pass the block by while training."
        |> Param.withDefault 0.0

    let definition =
        Definition.create "ConvNeXtBlock" [ channels; layerScale; stochasticDepthProb ] (fun arguments ->
            let width = arguments.Get channels

            let depthwise =
                Map.ofList
                    [
                        Conv2d.inChannels.Name, Int(int64 width)
                        Conv2d.outChannels => width
                        Conv2d.kernelSize => [ 7 ]
                        Conv2d.padding => [ 3 ]
                        Conv2d.groups => width
                    ]
                |> Spec.create Conv2d.definition

            let norm = Map.ofList [ LayerNorm.normalizedShape => [ width ]; LayerNorm.eps => 1e-6 ]
            let feedForward = Map.ofList [ FeedForward.features => width; FeedForward.dimFeedforward => 4 * width ]
            let dropped = Map.ofList [ DropPath.p => arguments.Get stochasticDepthProb ]

            init {
                let! layer = child "layer" depthwise
                let! normalization = child "normalization" (Spec.create LayerNorm.definition norm)
                let! feedForward = child "feed_forward" (Spec.create FeedForward.definition feedForward)
                let! scale = parameter "layer_scale" [ width; 1; 1 ] (Initial.constant (arguments.Get layerScale))
                let! dropPath = child "drop_path" (Spec.create DropPath.definition dropped)
                let! skip = child "skip" (Spec.create Add.definition Map.empty)

                return
                    forward (fun x ->
                        let perPixel = call layer x |> Op.permute [ 0; 2; 3; 1 ] |> call normalization
                        let made = call feedForward perPixel |> Op.permute [ 0; 3; 1; 2 ]
                        callOn skip [ call dropPath (made * scale); x ])
            })
        |> Definition.withDocumentation
            "A depthwise convolution, a normalization and a feed-forward network at each pixel, added to the input."
        |> Definition.withShapes "(N, channels, H, W) → the same"
        |> Definition.withSource "Liu et al., 2022, A ConvNet for the 2020s"
        |> Definition.withSource "torchvision, CNBlock"
        |> Definition.withExample [ channels => 8 ] [ Spatial.input 2 8 16 ]
