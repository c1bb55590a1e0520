namespace Deeplay.Library

open Deeplay.Core
open Deeplay.FSharp

/// What generator and discriminator of a DCGAN know of classes.
type internal ConditionKeys() =
    member val featuresDim =
        Key.positive "features_dim" "The unit that the channels of blocks are counted in."
        |> Param.withDefault 64

    member val classConditionedModel =
        Key.flag "class_conditioned_model" false "Whether the class of each image is a second input."

    member val embeddingDim =
        Key.positive "embedding_dim" "The size of what a class is made to." |> Param.withDefault 100

    member val numClasses = Key.positive "num_classes" "The number of classes." |> Param.withDefault 10

    /// A learned vector for each class.
    member keys.Embedding(arguments: Arguments) : ModuleSpec =
        Map.ofList
            [
                Embedding.numEmbeddings => arguments.Get keys.numClasses
                Embedding.embeddingDim => arguments.Get keys.embeddingDim
            ]
        |> Spec.create Embedding.definition

    /// Attaches blocks of these channels, counted in features.
    member keys.Widths(arguments: Arguments, factors: int list) =
        List [ for factor in factors -> Int(int64 (factor * arguments.Get keys.featuresDim)) ]

[<Group "Models">]
module internal DCGANGenerator =
    let private keys = ConditionKeys()
    let latentDim = Key.positive "latent_dim" "The size of what an image is made of." |> Param.withDefault 100
    let featuresDim = keys.featuresDim
    let outChannels = Key.positive "out_channels" "The channels of the image." |> Param.withDefault 1
    let classConditionedModel = keys.classConditionedModel
    let embeddingDim = keys.embeddingDim
    let numClasses = keys.numClasses

    let private identity = Spec.create Identity.definition Map.empty

    let definition =
        Definition.create
            "DCGANGenerator"
            [ latentDim; featuresDim; outChannels; classConditionedModel; embeddingDim; numClasses ]
            (fun arguments ->
                let isConditioned = arguments.Get classConditionedModel
                let more = if isConditioned then arguments.Get embeddingDim else 0

                let list =
                    ConvolutionalKeys(2)
                        .List(
                            Int(int64 (arguments.Get latentDim + more)),
                            keys.Widths(arguments, [ 16; 8; 4; 2 ]),
                            arguments["out_channels"],
                            Some(Spec.create Tanh.definition Map.empty),
                            None,
                            None
                        )

                init {
                    let! blocks = child "blocks" list
                    let! preprocess = child "preprocess" identity
                    let! label = child "label_embedding" (if isConditioned then keys.Embedding arguments else identity)
                    do! act (at "") (GanStyles.dcganGenerator 2) []
                    if isConditioned then do! GanStyles.drawn Tag.root "label_embedding" 0.0
                    let run x = x |> call preprocess |> chain blocks

                    if isConditioned then
                        return
                            forwardOf [ "input"; "label" ] (function
                                | [ x; y ] ->
                                    let y = call label y |> Op.reshape [ -1; arguments.Get embeddingDim; 1; 1 ]
                                    run (Op.cat 1 [ x; y ])
                                | _ -> invalidOp "two inputs")
                    else
                        return forward run
                })
        |> Definition.withDocumentation
            "The generator of a DCGAN: images out of random numbers, and out of their classes where it is conditioned on them."
        |> Definition.withBase ConvolutionalDecoder2d.definition
        |> Definition.withShapes
            "(N, latent_dim, 1, 1), and the classes (N) where conditioned → (N, out_channels, 64, 64)"
        |> Definition.withSource
            "Radford et al., 2015, Unsupervised Representation Learning with Deep Convolutional GANs"
        |> Definition.withSource "Deeplay, DCGANGenerator"
        |> Definition.withExample [] [ Example.tensor [ 2; 100; 1; 1 ] ]

[<Group "Models">]
module internal DCGANDiscriminator =
    let private keys = ConditionKeys()
    let inChannels = Key.positive "in_channels" "The channels of the image." |> Param.withDefault 1
    let featuresDim = keys.featuresDim
    let classConditionedModel = keys.classConditionedModel
    let embeddingDim = keys.embeddingDim
    let numClasses = keys.numClasses

    // A class as an image.
    let private label (arguments: Arguments) : ModuleSpec =
        let linear = Map.ofList [ Linear.inFeatures => arguments.Get embeddingDim; Linear.outFeatures => 64 * 64 ]

        let leaky = Spec.create LeakyReLU.definition (Map.ofList [ LeakyReLU.negativeSlope => 0.2 ])

        Map.ofList
            [
                SequentialBlock.layers => [ keys.Embedding arguments; Spec.create Linear.definition linear; leaky ]
                SequentialBlock.names => [ "embedding"; "layer"; "activation" ]
            ]
        |> Spec.create SequentialBlock.definition

    let definition =
        Definition.create
            "DCGANDiscriminator"
            [ inChannels; featuresDim; classConditionedModel; embeddingDim; numClasses ]
            (fun arguments ->
                let isConditioned = arguments.Get classConditionedModel

                let list =
                    ConvolutionalKeys(2)
                        .List(
                            Int(int64 (arguments.Get inChannels + (if isConditioned then 1 else 0))),
                            keys.Widths(arguments, [ 1; 2; 4; 8 ]),
                            Int 1L,
                            Some(Spec.create Sigmoid.definition Map.empty),
                            None,
                            None
                        )

                init {
                    let! blocks = child "blocks" list
                    let! postprocess = child "postprocess" (Spec.create Identity.definition Map.empty)

                    let! label =
                        child
                            "label_embedding"
                            (if isConditioned then label arguments else Spec.create Identity.definition Map.empty)

                    do! act (at "") GanStyles.dcganDiscriminator []

                    if isConditioned then
                        for name in [ "embedding"; "layer" ] do
                            do! GanStyles.drawn label.Target name 0.0

                    let run x = x |> chain blocks |> call postprocess

                    if isConditioned then
                        return
                            forwardOf [ "input"; "label" ] (function
                                | [ x; y ] -> run (Op.cat 1 [ x; call label y |> Op.reshape [ -1; 1; 64; 64 ] ])
                                | _ -> invalidOp "two inputs")
                    else
                        return forward run
                })
        |> Definition.withDocumentation
            "The discriminator of a DCGAN: whether images are real, given their classes where it is conditioned on them."
        |> Definition.withBase ConvolutionalEncoder2d.definition
        |> Definition.withShapes "(N, in_channels, 64, 64), and the classes (N) where conditioned → (N, 1, 1, 1)"
        |> Definition.withSource
            "Radford et al., 2015, Unsupervised Representation Learning with Deep Convolutional GANs"
        |> Definition.withSource "Deeplay, DCGANDiscriminator"
        |> Definition.withExample [] [ Spatial.input 2 1 64 ]
