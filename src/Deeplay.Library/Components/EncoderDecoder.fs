namespace Deeplay.Library

open Deeplay.Core
open Deeplay.FSharp

/// The keys of an encoder and decoder in `n` dimensions, and what is made of them.
type internal EncoderDecoderKeys(n, standard: (int list * int) option) =
    let withStandard pick (key: Param<'T>) =
        match standard with
        | Some values -> Param.withDefault (pick values) key
        | None -> key

    let channels (name: string) documentation =
        Param.list (Param.int name |> Param.atLeast 1) |> Key.optional documentation

    member val inChannels = (encoder n).inChannels

    member val encoderChannels =
        Param.list (Param.int "encoder_channels" |> Param.atLeast 1)
        |> Param.withCheck "a list of one positive int or more" (fun widths ->
            not widths.IsEmpty && List.forall (fun width -> width > 0) widths)
        |> Param.withDocumentation "The channels of each block of the encoder."
        |> withStandard fst

    member val outChannels = Key.positive "out_channels" "The channels of the output." |> withStandard snd

    member val bottleneckChannels =
        channels
            "bottleneck_channels"
            "The channels of each block between encoder and decoder; as many as the encoder gives, in one block, where null, and no block where empty."

    member val decoderChannels =
        channels
            "decoder_channels"
            "The channels of each block of the decoder but its last; the encoder's from its last but one back to its first where null."

    member _.outActivation = BlockChain.outActivation

    /// The channels of the encoder's, the bottleneck's and the decoder's blocks, but for the decoder's last.
    member keys.Widths(arguments: Arguments) =
        let encoder = arguments.Get keys.encoderChannels
        let bottleneck = arguments.Get keys.bottleneckChannels |> Option.defaultWith (fun () -> [ List.last encoder ])

        let decoder = arguments.Get keys.decoderChannels |> Option.defaultWith (fun () -> List.tail (List.rev encoder))

        encoder, bottleneck, decoder

    /// Attaches the three parts, of these channels. The bottleneck is half as large as the rest where `isPooled`.
    member keys.Parts
        (arguments: Arguments, (encoderChannels, bottleneckChannels, decoderChannels), activation, isPooled)
        =
        let relu = Module(Spec.create ReLU.definition Map.empty)
        let value (widths: int list) = List [ for width in widths -> Int(int64 width) ]

        let network (definition: Definition) input (channels: int list) output activation =
            [
                "in_channels", input
                "hidden_channels", value channels
                "out_channels", output
                "out_activation", activation
            ]
            |> BlockChain.given
            |> Spec.create definition

        let hidden (definition: Definition) input (channels: int list) =
            let last = channels.Length - 1
            network definition input channels[.. last - 1] (Int(int64 channels[last])) relu

        let width channels = Int(int64 (List.last channels))

        init {
            let! encoder = child "encoder" (hidden (encoder n).definition arguments["in_channels"] encoderChannels)

            let! bottleneck =
                match bottleneckChannels with
                | [] -> child "bottleneck" (Spec.create Identity.definition Map.empty)
                | channels ->
                    init {
                        let definition = (ConvolutionalNetworks.network n).definition
                        let! bottleneck = child "bottleneck" (hidden definition (width encoderChannels) channels)

                        // The user may have put something else there.
                        let! parts = kindsOf bottleneck

                        if isPooled && List.exists (fst >> (=) "blocks") parts then
                            let! blocks = kindsOf (bottleneck / "blocks")
                            let names, methods = List.map fst blocks, (convolutionBlock n).definition.Methods

                            if not names.IsEmpty then
                                do! act (bottleneck / "blocks" / List.head names) methods["pooled"] []
                                do! act (bottleneck / "blocks" / List.last names) methods["upsampled"] []

                        return bottleneck
                    }

            let! decoder =
                network
                    (decoder n).definition
                    (width (encoderChannels @ bottleneckChannels))
                    decoderChannels
                    arguments["out_channels"]
                    activation
                |> child "decoder"

            return encoder, bottleneck, decoder
        }

    /// Attaches the three parts that the arguments say.
    member keys.Body(arguments: Arguments) : Init<Handle * Handle * Handle> =
        keys.Parts(arguments, keys.Widths arguments, arguments["out_activation"], true)

    member keys.Parameters: Param list =
        [
            keys.inChannels
            keys.encoderChannels
            keys.outChannels
            keys.bottleneckChannels
            keys.decoderChannels
            keys.outActivation
        ]

    member _.Shapes =
        Spatial.shapes n "in_channels" "out_channels" "that of the input, where every pool halves it exactly"

/// An encoder and decoder in `n` dimensions.
type internal EncoderDecoder(n) as this =
    inherit EncoderDecoderKeys(n, None)

    member val definition: Definition =
        Definition.create $"ConvolutionalEncoderDecoder{string n}d" this.Parameters (fun arguments ->
            init {
                let! encoder, bottleneck, decoder = this.Body arguments
                return forward (call encoder >> call bottleneck >> call decoder)
            })
        |> Definition.withDocumentation
            $"An encoder, a bottleneck and a decoder over {Spatial.dimensions n}, one after another."
        |> Definition.withPositional [ this.inChannels; this.encoderChannels; this.outChannels ]
        |> Definition.withShapes this.Shapes
        |> Definition.withSource "Deeplay, ConvolutionalEncoderDecoder2d"
        |> Definition.withExample
            [ this.inChannels => 1; this.encoderChannels => [ 8; 16 ]; this.outChannels => 2 ]
            [ Spatial.input n 1 16 ]

[<AutoOpen>]
module internal EncoderDecoders =
    let ConvolutionalEncoderDecoder1d = EncoderDecoder 1
    let ConvolutionalEncoderDecoder2d = EncoderDecoder 2
    let ConvolutionalEncoderDecoder3d = EncoderDecoder 3

    let encoderDecoder n =
        List.item
            (n - 1)
            [ ConvolutionalEncoderDecoder1d; ConvolutionalEncoderDecoder2d; ConvolutionalEncoderDecoder3d ]
