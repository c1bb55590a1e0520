namespace Deeplay.Library

open Deeplay.Core
open Deeplay.FSharp

/// Layer normalization of an image over its channels.
[<Group "Layers">]
module internal LayerNorm2d =
    let numChannels = Key.positive "num_channels" "The number of channels."
    let eps = Param.withDefault 1e-6 Key.eps

    let definition =
        Definition.create "LayerNorm2d" [ numChannels; eps ] (fun arguments ->
            let perChannel = Op.unsqueeze -1 >> Op.unsqueeze -1

            init {
                let! weight = parameter "weight" [ arguments.Get numChannels ] Initial.ones
                let! bias = parameter "bias" [ arguments.Get numChannels ] Initial.zeros

                return
                    forward (fun x ->
                        let centered = x - Op.meanKeep [ 1 ] x
                        let normal = centered * Op.rsqrt (Op.meanKeep [ 1 ] (Op.square centered) + arguments.Get eps)
                        normal * perChannel weight + perChannel bias)
            })
        |> Definition.withDocumentation "Normalizes over the channels, at each place of an image by itself."
        |> Definition.withPositional [ numChannels ]
        |> Definition.withExtra (Extra.placed [ "num_channels" ] [ "eps" ])
        |> Definition.withShapes "(N, num_channels, H, W) → the same"
        |> Definition.withExample [ numChannels => 3 ] [ Spatial.input 2 3 8 ]
        |> Definition.withSource "Ba et al., 2016, Layer Normalization"
        |> Definition.withSource "torchvision, LayerNorm2d"
