namespace Deeplay.Library

open Deeplay.Core
open Deeplay.FSharp

/// The keys of a convolutional decoder in `n` dimensions, and of what runs before its blocks.
type internal DecoderKeys(n) =
    inherit ConvolutionalKeys(n)

    member val preprocess =
        Param.spec "preprocess"
        |> Param.withDefault (Spec.create Identity.definition Map.empty)
        |> Param.withDocumentation "What runs before the blocks; by default nothing."

/// A convolutional decoder in `n` dimensions.
type internal Decoder(n) as this =
    inherit DecoderKeys(n)

    member val definition: Definition =
        let parameters: Param list =
            [ this.inChannels; this.hiddenChannels; this.outChannels; this.outActivation; this.preprocess ]

        Definition.create $"ConvolutionalDecoder{string n}d" parameters (fun arguments ->
            init {
                let before = this.preprocess.Name, arguments.Get this.preprocess
                let! blocks, preprocess = this.Body(arguments, None, Some(ConvolutionEdits.doubled n), before)

                return forward (call preprocess >> chain blocks)
            })
        |> Definition.withDocumentation
            $"Convolutional blocks over {Spatial.dimensions n}, each twice as large as the one before."
        |> Definition.withMethod NetworkEdits.upsampled
        |> Definition.withStyle (GanStyles.dcganGenerator n)
        |> Definition.withStyle (GanStyles.cycleganDecoder n)
        |> Definition.withBase (network n).definition
        |> Definition.withShapes (this.Shapes "twice as much for each hidden block")
        |> Definition.withSource "Deeplay, ConvolutionalDecoder2d"
        |> Definition.withExample
            [ this.inChannels => 32; this.hiddenChannels => [ 16; 8 ]; this.outChannels => 3 ]
            [ Spatial.input n 32 4 ]

[<AutoOpen>]
module internal Decoders =
    let ConvolutionalDecoder1d = Decoder 1
    let ConvolutionalDecoder2d = Decoder 2
    let ConvolutionalDecoder3d = Decoder 3
    let decoder n = List.item (n - 1) [ ConvolutionalDecoder1d; ConvolutionalDecoder2d; ConvolutionalDecoder3d ]
