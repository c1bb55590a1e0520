namespace Deeplay.Library

open Deeplay.Core
open Deeplay.FSharp

module internal WassersteinAutoEncoder =
    // The first block halves nothing.
    let private keys =
        AutoEncoderKeys([ 32; 64; 128 ], (fun channels -> channels.Length - 1), (Losses.mseDefinition, "mean"), 5e-3)

    let inputSize = keys.inputSize
    let channels = keys.channels
    let encoder = keys.encoder
    let decoder = keys.decoder
    let reconstructionLoss = keys.reconstructionLoss
    let latentDim = keys.latentDim
    let optimizer = keys.optimizer
    let lrScheduler = Applications.lrScheduler

    let regWeight = Key.notNegative "reg_weight" 1.0 "How much the discrepancy from the normal distribution counts."

    let zVar =
        Key.number "z_var" 1.0 "The variance of that distribution."
        |> Param.withCheck "a float above 0" (fun variance -> variance > 0.0)

    let private norm = Spec.create BatchNorm2d.definition Map.empty

    // The blocks of what was attached, and how many there are.
    let private blocks (network: Handle) : Init<(Handle * Definition) list> =
        init {
            let! blocks = kindsOf (network / "blocks")
            return [ for name, kind in blocks -> network / "blocks" / name, kind ]
        }

    let private edit (block: Handle, kind: Definition) name arguments : Init<unit> =
        match kind.Methods.TryFind name with
        | Some action -> act block action arguments
        | None -> init { () }

    let private settings (block: Handle) (arguments: (string * Value) list) : Init<unit> =
        fun builder -> BlockChain.configure block.Target "layer" arguments builder

    let private normed block = edit block "normalized" [ "normalization", Module norm ]

    // Source: Deeplay, WassersteinAutoEncoder: strides in the place of pools, and a norm in each block.
    let private strided (encoder: Handle) : Init<unit> =
        init {
            let! blocks = blocks encoder

            for i, block in List.indexed blocks do
                if i > 0 then do! settings (fst block) [ "stride", Int 2L ]
                do! normed block
                do! edit block "remove" [ Edit.requiredName => "pool"; Edit.allowMissing => true ]
        }

    // Source: Deeplay, WassersteinAutoEncoder: transposed convolutions with a norm, and a convolution in the end.
    let private transposed (decoder: Handle) : Init<unit> =
        let numbers names = [ for name, number in names -> name, Int number ]

        init {
            let! blocks = blocks decoder

            for i, (target, _ as block) in List.indexed blocks do
                if i < blocks.Length - 1 then
                    let sizes =
                        numbers [ "kernel_size", 3L; "stride", 2L; "padding", 1L; "output_padding", 1L ] |> Map.ofList

                    do!
                        fun builder ->
                            let kind = Verbs.changeKind ConvTranspose2d.definition sizes
                            BlockChain.change target.Target "layer" kind builder

                    do! normed block

                do! edit block "remove" [ Edit.requiredName => "upsample"; Edit.allowMissing => true ]
        }

    let definition =
        Definition.create
            "WassersteinAutoEncoder"
            [
                latentDim
                inputSize
                channels
                encoder
                decoder
                reconstructionLoss
                optimizer
                lrScheduler
                regWeight
                zVar
            ]
            (fun arguments ->
                let widths = arguments.Get channels
                let hidden = List.take (widths.Length - 1) widths

                init {
                    let! encoder, narrow, widen, decoder =
                        keys.Parts(arguments, hidden, [ "fc_enc" ], (strided, transposed))

                    return forward (call encoder >> call narrow.Head >> call widen >> call decoder)
                })
        |> Definition.withCheck keys.Check
        |> Definition.withBase Applications.trainable
        |> Definition.withPositional [ latentDim ]
        |> Definition.withDocumentation
            "Learns to encode images as a few numbers, which together are as those of a normal distribution, and to decode such numbers: targets are the images themselves. A batch needs two images or more."
        |> Definition.withShapes "(N, 1, *input_size) → the same, decoded from its code"
        |> Definition.withSource "Tolstikhin et al., 2018, Wasserstein Auto-Encoders"
        |> Definition.withSource "Deeplay, WassersteinAutoEncoder"
        |> Definition.withExample [ latentDim => 2 ] [ Example.tensor [ 2; 1; 28; 28 ] ]
