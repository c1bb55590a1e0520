namespace Deeplay.Library

open Deeplay.Core
open Deeplay.FSharp

module internal VariationalAutoEncoder =
    let private keys = AutoEncoderKeys([ 32; 64 ], List.length, (Losses.bceDefinition, "sum"), 1e-3)
    let inputSize = keys.inputSize
    let channels = keys.channels
    let encoder = keys.encoder
    let decoder = keys.decoder
    let reconstructionLoss = keys.reconstructionLoss
    let latentDim = keys.latentDim
    let beta = Key.notNegative "beta" 1.0 "How much the divergence from the normal distribution counts."
    let optimizer = keys.optimizer
    let lrScheduler = Applications.lrScheduler

    // Names, widths and the order of children: Deeplay, VariationalAutoEncoder.
    let definition =
        Definition.create
            "VariationalAutoEncoder"
            [
                latentDim
                inputSize
                channels
                encoder
                decoder
                reconstructionLoss
                beta
                optimizer
                lrScheduler
            ]
            (fun arguments ->
                let untouched _ = init { () }

                init {
                    let! encoder, narrow, widen, decoder =
                        keys.Parts(arguments, arguments.Get channels, [ "fc_mu"; "fc_var" ], (untouched, untouched))

                    return
                        forward (fun x ->
                            let h = call encoder x
                            let mu, logVariance = call narrow[0] h, call narrow[1] h
                            // Source: Kingma and Welling, 2014, section 2.4.
                            let drawn = mu + Op.exp (0.5 * logVariance) * Op.randnLike mu
                            Op.byMode drawn mu |> call widen |> call decoder)
                })
        |> Definition.withCheck keys.Check
        |> Definition.withBase Applications.trainable
        |> Definition.withPositional [ latentDim ]
        |> Definition.withDocumentation
            "Learns to encode images as normal distributions over a few numbers, and to decode such numbers: targets are the images themselves."
        |> Definition.withShapes "(N, 1, *input_size) → the same, decoded from the mean, or from a draw while training"
        |> Definition.withSource "Kingma and Welling, 2014, Auto-Encoding Variational Bayes"
        |> Definition.withSource "Higgins et al., 2017, beta-VAE"
        |> Definition.withSource "Deeplay, VariationalAutoEncoder"
        |> Definition.withExample [ latentDim => 2 ] [ Example.tensor [ 2; 1; 28; 28 ] ]
