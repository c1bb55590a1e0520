namespace Deeplay.Library

open Deeplay.Core
open Deeplay.FSharp

[<Group "Models">]
module internal CycleGANResnetGenerator =
    let inChannels = Key.positive "in_channels" "The channels of the input." |> Param.withDefault 1
    let outChannels = Key.positive "out_channels" "The channels of the output." |> Param.withDefault 1

    let featuresDim = ConditionKeys().featuresDim
    let nResidualBlocks = Key.count "n_residual_blocks" "How many residual blocks there are." |> Param.withDefault 9

    let definition =
        let keys = EncoderDecoderKeys(2, None)

        Definition.create
            "CycleGANResnetGenerator"
            [ inChannels; outChannels; nResidualBlocks; featuresDim ]
            (fun arguments ->
                let unit = arguments.Get featuresDim
                let inner = List.replicate (arguments.Get nResidualBlocks) (4 * unit)
                let widths = [ unit; 2 * unit; 4 * unit ], inner, [ 2 * unit; unit ]
                let tanh = Module(Spec.create Tanh.definition Map.empty)

                init {
                    let! encoder, bottleneck, decoder = keys.Parts(arguments, widths, tanh, false)
                    do! act encoder (GanStyles.cycleganEncoder 2) []
                    do! act bottleneck (GanStyles.cycleganBottleneck 2) []
                    do! act decoder (GanStyles.cycleganDecoder 2) []
                    return forward (call encoder >> call bottleneck >> call decoder)
                })
        |> Definition.withDocumentation
            "The generator of a CycleGAN: images of one kind out of those of another, by residual blocks between an encoder and a decoder."
        |> Definition.withBase ConvolutionalEncoderDecoder2d.definition
        |> Definition.withShapes "(N, in_channels, H, W) → (N, out_channels, H, W), for sizes divisible by 4"
        |> Definition.withSource
            "Zhu et al., 2017, Unpaired Image-to-Image Translation using Cycle-Consistent Adversarial Networks"
        |> Definition.withSource "Deeplay, CycleGANResnetGenerator"
        |> Definition.withExample [] [ Spatial.input 2 1 32 ]

[<Group "Models">]
module internal CycleGANDiscriminator =
    let inChannels = CycleGANResnetGenerator.inChannels
    let featuresDim = CycleGANResnetGenerator.featuresDim

    let definition =
        Definition.create "CycleGANDiscriminator" [ inChannels; featuresDim ] (fun arguments ->
            let list =
                ConvolutionalKeys(2)
                    .List(
                        arguments["in_channels"],
                        ConditionKeys().Widths(arguments, [ 1; 2; 4; 8 ]),
                        Int 1L,
                        Some(Spec.create Sigmoid.definition Map.empty),
                        None,
                        None
                    )

            init {
                let! blocks = child "blocks" list
                let! postprocess = child "postprocess" (Spec.create Identity.definition Map.empty)
                do! act (at "") (GanStyles.cycleganDiscriminator 2) []
                return forward (chain blocks >> call postprocess)
            })
        |> Definition.withDocumentation "The discriminator of a CycleGAN: whether patches of an image are real."
        |> Definition.withBase ConvolutionalEncoder2d.definition
        |> Definition.withShapes "(N, in_channels, H, W) → (N, 1, H', W'), each size' ⌊size / 8⌋ − 2"
        |> Definition.withSource "Isola et al., 2017, Image-to-Image Translation with Conditional Adversarial Networks"
        |> Definition.withSource "Deeplay, CycleGANDiscriminator"
        |> Definition.withExample [] [ Spatial.input 2 1 32 ]
