namespace Deeplay.Library

open Deeplay.Core
open Deeplay.FSharp

/// The keys of a convolutional encoder in `n` dimensions, and of what runs behind its blocks.
type internal EncoderKeys(n) =
    inherit ConvolutionalKeys(n)

    member val pool =
        Param.spec "pool"
        |> Param.withDefault (ConvolutionEdits.usualPool n)
        |> Param.withDocumentation
            "The pool in front of each block but the first; by default one that takes the largest of each two."

    member val postprocess =
        Param.spec "postprocess"
        |> Param.withDefault (Spec.create Identity.definition Map.empty)
        |> Param.withDocumentation "What runs behind the blocks; by default nothing."

/// A convolutional encoder in `n` dimensions.
type internal Encoder(n) as this =
    inherit EncoderKeys(n)

    let styles =
        ResnetStyle.styles
        @ [ GanStyles.dcganDiscriminator; GanStyles.cycleganDiscriminator n; GanStyles.cycleganEncoder n ]

    member val definition: Definition =
        let parameters: Param list =
            [
                this.inChannels
                this.hiddenChannels
                this.outChannels
                this.outActivation
                this.pool
                this.postprocess
            ]

        Definition.create $"ConvolutionalEncoder{string n}d" parameters (fun arguments ->
            init {
                let behind = this.postprocess.Name, arguments.Get this.postprocess
                let! blocks, postprocess = this.Body(arguments, Some(arguments.Get this.pool), None, behind)

                return forward (chain blocks >> call postprocess)
            })
        |> Definition.withDocumentation
            $"Convolutional blocks over {Spatial.dimensions n}, each half as large as the one before."
        |> fun definition -> List.fold (fun definition style -> Definition.withStyle style definition) definition styles
        |> Definition.withBase (network n).definition
        |> Definition.withShapes (this.Shapes "half of it, rounded down, for each hidden block")
        |> Definition.withSource "Deeplay, ConvolutionalEncoder2d"
        |> Definition.withExample
            [ this.inChannels => 3; this.hiddenChannels => [ 8; 16 ]; this.outChannels => 32 ]
            [ Spatial.input n 3 16 ]

[<AutoOpen>]
module internal Encoders =
    let ConvolutionalEncoder1d = Encoder 1
    let ConvolutionalEncoder2d = Encoder 2
    let ConvolutionalEncoder3d = Encoder 3
    let encoder n = List.item (n - 1) [ ConvolutionalEncoder1d; ConvolutionalEncoder2d; ConvolutionalEncoder3d ]
