namespace Deeplay.Library

open Deeplay.Core
open Deeplay.FSharp

/// The keys of a U-Net in `n` dimensions; the encoder is by default that of the paper.
type internal UNetKeys(n) =
    inherit EncoderDecoderKeys(n, Some([ 64; 128; 256; 512 ], 1))

    member val skip =
        Param.spec "skip"
        |> Param.withDefault (Spec.create Cat.definition Map.empty)
        |> Param.withDocumentation
            "What makes one tensor of what an encoder's block gave and what comes from below; by default both are joined."

/// A U-Net in `n` dimensions.
type internal UNet(n) as this =
    inherit UNetKeys(n)

    let encoderBlocks, decoderBlocks = at "encoder.blocks", at "decoder.blocks"

    // The blocks of the decoder, each with the block of the encoder that it is joined with.
    let pairs (builder: Builder) =
        let names (handle: Handle) = (builder.Observe handle.Target).Children.Names
        let down, up = names encoderBlocks, names decoderBlocks

        if down.Length <> up.Length then
            let problem =
                $"its encoder has {string down.Length} blocks and its decoder {string up.Length}: each takes what one of the encoder's gives."

            Fail.with' (WrongStructure(builder.Tag, builder.Definition.Id, problem))

        List.zip (List.rev down) up

    // What a block of the decoder takes, where that is not what the one before gives.
    let widen (skip: Handle) (builder: Builder) =
        let merge = builder.Observe skip.Target

        let joins =
            obj.ReferenceEquals(merge.Definition, Cat.definition)
            && List.contains (merge.Arguments.Get Cat.dim) [ 1; -(n + 1) ]

        if not (obj.ReferenceEquals(merge.Definition, Add.definition)) then
            for down, up in pairs builder do
                let block = (decoderBlocks / up).Target
                let given = (builder.Observe (encoderBlocks / down).Target).Arguments
                let own = (builder.Observe block).Arguments
                let value (arguments: Arguments) name = if arguments.Signature.Has name then arguments[name] else Unset

                let width =
                    match joins, value given "out_channels", value own "in_channels" with
                    | true, Int more, Int width -> Int(width + more)
                    | _ -> Null

                if own.Signature.Has "in_channels" then
                    builder.Change(block, Verbs.configure "in_channels" width, false)

    let pass (skip: Handle) (builder: Builder) (inputs: Sym list) =
        let blocks = pairs builder

        let down (x, given) (name, _) =
            let x = call (encoderBlocks / name) x
            x, x :: given

        let x, given = List.fold down (List.exactlyOne inputs, []) (List.rev blocks)
        let x = x |> call (at "encoder.postprocess") |> call (at "bottleneck") |> call (at "decoder.preprocess")

        let up x (past, (_, name)) = call (decoderBlocks / name) (callOn skip [ past; x ])
        [ "", List.fold up x (List.zip given blocks) ]

    member val definition: Definition =
        Definition.create $"UNet{string n}d" (this.Parameters @ [ this.skip ]) (fun arguments ->
            init {
                let! _ = this.Body arguments
                let! merge = child "skip" (arguments.Get this.skip)
                do! widen merge
                return Forward(fun builder -> Graph.trace [ "input" ] (pass merge builder))
            })
        |> Definition.withDocumentation
            $"A U-Net over {Spatial.dimensions n}: an encoder and a decoder, whose blocks also take what the encoder's blocks of their size gave."
        |> Definition.withPositional [ this.inChannels; this.encoderChannels; this.outChannels ]
        |> Definition.withShapes this.Shapes
        |> Definition.withSource "Deeplay, UNet2d"
        |> Definition.withSource "Ronneberger et al., 2015, U-Net"
        |> Definition.withExample
            [ this.inChannels => 1; this.encoderChannels => [ 8; 16 ]; this.outChannels => 2 ]
            [ Spatial.input n 1 16 ]

[<AutoOpen>]
module internal UNets =
    let UNet1d = UNet 1
    let UNet2d = UNet 2
    let UNet3d = UNet 3
    let uNet n = List.item (n - 1) [ UNet1d; UNet2d; UNet3d ]
