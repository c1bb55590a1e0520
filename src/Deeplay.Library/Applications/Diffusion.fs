namespace Deeplay.Library

open System
open Deeplay.Core
open Deeplay.FSharp

module internal Diffusion =
    let model =
        Param.spec "model"
        |> Param.withDocumentation
            "Tells the noise in images: an AttentionUNet, or another model of an image and a time, and a class perhaps."

    let numTimesteps =
        Key.positive "num_timesteps" "In how many steps an image becomes noise." |> Param.withDefault 1000

    let betaSchedule =
        Key.choice
            [ "linear"; "cosine" ]
            "beta_schedule"
            "linear"
            "How the variance of the noise of a step grows: evenly from beta_start to beta_end, or so that what is left of an image falls as a cosine squared, without these two."

    let private variance name standard documentation =
        Key.number name standard documentation
        |> Param.withCheck "a float above 0 and below 1" (fun beta -> beta > 0.0 && beta < 1.0)

    let betaStart = variance "beta_start" 1e-4 "The variance of the noise of the first step."
    let betaEnd = variance "beta_end" 0.02 "The variance of the noise of the last step."

    let clipSample =
        Key.flag
            "clip_sample"
            true
            "Whether what a step takes for the image is kept between -1 and 1, as images are then."

    let classConditional =
        Key.flag
            "class_conditional"
            false
            "Whether images are of classes: the targets are these, and the model takes one for each image as its third input."

    let loss =
        Param.spec "loss"
        |> Param.withDefault (Spec.create Losses.mseDefinition Map.empty)
        |> Param.withDocumentation "Compares the noise that the model tells with the noise there is."

    let optimizer =
        Param.spec "optimizer"
        |> Param.withDefault (Spec.create Optimizers.adamDefinition (Map.ofList [ Optimizers.lr => 2e-4 ]))
        |> Param.withDocumentation "Makes the steps."

    let lrScheduler = Applications.lrScheduler

    /// The variances of the noise of each step.
    /// Source: Ho et al., 2020, section 4; of the cosine Nichol and Dhariwal, 2021, equation 17.
    let betas (kind: string) (count: int) (first: float) (last: float) : float[] =
        if kind = "cosine" then
            let left step = Math.Cos((float step / float count + 0.008) / 1.008 * Math.PI / 2.0) ** 2.0

            [| for step in 0 .. count - 1 -> min 0.999 (1.0 - left (step + 1) / left step) |]
        elif count = 1 then
            [| first |]
        else
            [| for step in 0 .. count - 1 -> first + (last - first) * float step / float (count - 1) |]

    // Nobody hears of them with a cosine.
    let private check (arguments: Arguments) : (Param * string) list =
        match arguments.TryGet betaSchedule, arguments.TryGet betaStart, arguments.TryGet betaEnd with
        | Some "cosine", first, last ->
            [
                if first <> Some 1e-4 then betaStart, "left as it is: the cosine schedule has no such number"
                if last <> Some 0.02 then betaEnd, "left as it is: the cosine schedule has no such number"
            ]
        | _, Some first, Some last when first > last -> [ betaEnd, "at least beta_start" ]
        | _ -> []

    let definition =
        Definition.create
            "Diffusion"
            [
                model
                numTimesteps
                betaSchedule
                betaStart
                betaEnd
                clipSample
                loss
                optimizer
                lrScheduler
                classConditional
            ]
            (fun arguments ->
                init {
                    let! model = child "model" (arguments.Get model)
                    let! made = observe model

                    // A model of another kind is told the number of the step itself.
                    let embedding =
                        match made.Arguments.Signature.Has "position_embedding_dim" with
                        | true ->
                            [ TimestepEmbedding.features.Name, made.Arguments["position_embedding_dim"] ]
                            |> DiffusionParts.spec TimestepEmbedding.definition
                        | false -> Spec.create Identity.definition Map.empty

                    let! embedding = child "time_embedding" embedding
                    let! _ = child "loss" (arguments.Get loss)
                    let! _ = child "optimizer" (arguments.Get optimizer)

                    match arguments.Get lrScheduler with
                    | Some schedule ->
                        let! _ = child "lr_scheduler" schedule
                        ()
                    | None -> ()

                    return
                        forward (fun x ->
                            let start = x |> Op.newZeros [ Op.size 0 x ]

                            let classes =
                                if arguments.Get classConditional then [ Op.toDType DType.Int64 start ] else []

                            callOn model (x :: call embedding start :: classes))
                })
        |> Definition.withCheck check
        |> Definition.withBase Applications.trainable
        |> Definition.withPositional [ model ]
        |> Definition.withDocumentation
            "Learns to take noise out of images, and so to make new ones out of nothing but noise. Images are between -1 and 1; targets are not looked at, unless they are classes."
        |> Definition.withShapes
            "images (N, C, H, W) → the noise in them, taken as images of the first step, and of the first class"
        |> Definition.withSource "Ho et al., 2020, Denoising Diffusion Probabilistic Models"
        |> Definition.withSource "Song et al., 2021, Denoising Diffusion Implicit Models"
        |> Definition.withSource "Nichol and Dhariwal, 2021, Improved Denoising Diffusion Probabilistic Models"
        |> Definition.withExample
            [
                model
                => Spec.create
                    AttentionUNet.definition
                    (Map.ofList [ AttentionUNet.channels => [ 8; 16 ]; AttentionUNet.baseChannels => [ 16 ] ])
            ]
            [ Example.tensor [ 2; 1; 16; 16 ] ]
