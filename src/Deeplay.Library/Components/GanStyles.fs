namespace Deeplay.Library

open Deeplay.Core
open Deeplay.FSharp

/// The styles of generators and discriminators: what becomes of a decoder's or an encoder's blocks.
module internal GanStyles =
    let private leaky = Spec.create LeakyReLU.definition (Map.ofList [ LeakyReLU.negativeSlope => 0.2 ])

    let private sizes kernel stride padding =
        [ "kernel_size", Int kernel; "stride", Int stride; "padding", Int padding ]

    let private take name (target: Tag, kind: Definition) (builder: Builder) =
        match kind.Methods.TryFind "remove" with
        | Some remove ->
            let given = Map.ofList [ Edit.requiredName => name; Edit.allowMissing => true ]
            builder.Change(target, Verbs.act remove given, false)
        | None -> ()

    /// Normal numbers as initial weights of what a block holds under a name, where it has any.
    let drawn target name mean builder =
        let given =
            Map.ofList [ Initialization.mean => mean; Initialization.std => 0.02; Initialization.allowMissing => true ]

        BlockChain.change target name (Verbs.act Initialization.normal given) builder

    // Source: Radford et al., 2015, section 4: "All weights were initialized from a zero-centered Normal distribution with
    // standard deviation 0.02"; for batch norms around 1, as in the authors' code.
    let private initialize builder =
        for target, _ in BlockChain.blocks builder do
            drawn target "layer" 0.0 builder
            drawn target "normalization" 1.0 builder

    let private isNotLast i count = i < count - 1
    let private isInner i count = i > 0 && i < count - 1

    // Behind the layer.
    let private normed n isMeant =
        let norm = Spec.create (Dimensions.instanceNorm n).definition Map.empty
        let given = [ "normalization", Module norm; "mode", Text "insert"; "after", Text "layer" ]
        BlockChain.callEach "normalized" given isMeant

    let private style id documentation (body: Builder -> unit) =
        Action.afterInit id [] (fun _ -> body) |> Action.withDocumentation documentation

    let private transpose n target arguments builder =
        let kind = (Dimensions.transposed n).definition
        BlockChain.change target "layer" (Verbs.changeKind kind (Map.ofList arguments)) builder

    let dcganGenerator n =
        style "dcgan_generator" "The blocks and initial weights of a DCGAN's generator." (fun builder ->
            BlockChain.callEach "normalized" [] isNotLast builder

            for i, block in List.indexed (BlockChain.blocks builder) do
                transpose n (fst block) (if i = 0 then sizes 4L 1L 0L else sizes 4L 2L 1L) builder
                take "upsample" block builder

            initialize builder)

    let dcganDiscriminator =
        style "dcgan_discriminator" "The blocks and initial weights of a DCGAN's discriminator." (fun builder ->
            let blocks = BlockChain.blocks builder

            for i, block in List.indexed blocks do
                let isLast = i = blocks.Length - 1
                BlockChain.configure (fst block) "layer" (sizes 4L 2L (if isLast then 0L else 1L)) builder
                take "pool" block builder

            BlockChain.callEach "normalized" [] isInner builder
            BlockChain.callEach "activated" [ "activation", Module leaky ] isNotLast builder
            let sigmoid = Spec.create Sigmoid.definition Map.empty

            BlockChain.callEach
                "activated"
                [ "activation", Module sigmoid ]
                (fun i count -> not (isNotLast i count))
                builder

            initialize builder)

    let cycleganDiscriminator n =
        style "cyclegan_discriminator" "The blocks of a CycleGAN's discriminator." (fun builder ->
            let blocks = BlockChain.blocks builder
            normed n isInner builder

            for i, block in List.indexed blocks do
                let stride = if i < blocks.Length - 2 then 2L else 1L
                BlockChain.configure (fst block) "layer" (sizes 4L stride 1L) builder
                take "pool" block builder

            BlockChain.callEach "activated" [ "activation", Module leaky ] isNotLast builder)

    // A convolution over much, whose input goes on as in a mirror beyond its sides.
    let private mirrored target builder =
        BlockChain.configure target "layer" (sizes 7L 1L 3L @ [ "padding_mode", Text "reflect" ]) builder

    let cycleganEncoder n =
        style "cyclegan_resnet_encoder" "The blocks of the encoder in a CycleGAN's generator." (fun builder ->
            BlockChain.callEach "strided" [ "stride", Int 2L ] (fun i _ -> i > 0) builder
            normed n (fun _ _ -> true) builder

            match BlockChain.blocks builder with
            | (first, _) :: _ -> mirrored first builder
            | [] -> ())

    let cycleganDecoder n =
        style "cyclegan_resnet_decoder" "The blocks of the decoder in a CycleGAN's generator." (fun builder ->
            let blocks = BlockChain.blocks builder
            normed n isNotLast builder

            for i, block in List.indexed blocks do
                take "upsample" block builder

                if isNotLast i blocks.Length then
                    transpose n (fst block) (("output_padding", Int 1L) :: sizes 3L 2L 1L) builder
                else
                    mirrored (fst block) builder)

    let cycleganBottleneck n =
        style "cyclegan_resnet_bottleneck" "The residual blocks in a CycleGAN's generator." (fun builder ->
            let norm = Spec.create (Dimensions.instanceNorm n).definition Map.empty

            for block in BlockChain.blocks builder do
                BlockChain.style "residual" [ "order", Text "lnalna|"; "normalization", Module norm ] block builder)
