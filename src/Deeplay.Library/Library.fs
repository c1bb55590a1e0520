namespace Deeplay.Library

open System
open System.Reflection
open Deeplay.Core
open Deeplay.FSharp

/// Everything of the library that a saved spec can name. Nobody lists layers, blocks, models, losses, optimizers,
/// schedules and metrics: they are
/// what the modules of the library hold.
module internal Library =
    let private flags =
        BindingFlags.Public ||| BindingFlags.NonPublic ||| BindingFlags.Static ||| BindingFlags.Instance

    let private values (holder: Type) (from: obj) =
        [
            for property in holder.GetProperties flags do
                let kind = property.PropertyType

                // Optimized code keeps what a pipe passes on as `arg@1`.
                if
                    not (property.Name.Contains '@')
                    && (kind = typeof<Definition> || typeof<Param>.IsAssignableFrom kind)
                then
                    property.Name, property.GetValue from
        ]

    /// What holds definitions and the keys to their parameters, with these by their names: modules, and values in one.
    let holders: (string * (string * obj) list) list =
        [
            for found in Assembly.GetExecutingAssembly().GetTypes() do
                // What F# makes of a module.
                if found.IsAbstract && found.IsSealed && not found.IsNested then
                    string found, values found null

                    for property in found.GetProperties flags do
                        if property.PropertyType.Namespace = "Deeplay.Library" then
                            $"{found}.{property.Name}", values property.PropertyType (property.GetValue null)
        ]

    /// What others are special cases of, and nobody makes.
    let bases: Definition list =
        [
            Layer.definition
            Activation.definition
            RNNBase.definition
            MergeOp.definition
            Losses.definition
            Optimizers.definition
            Metrics.definition
            Schedules.definition
            Applications.trainable
            Applications.definition
        ]

    let private kindsOf (parent: Definition) =
        holders
        |> List.collect snd
        |> List.choose (function
            | _, (:? Definition as definition) when definition.Is parent -> Some definition
            | _ -> None)
        |> List.except bases

    /// Activations, which are layers too.
    let activations: Definition list = kindsOf Activation.definition

    /// Other layers, which torch makes.
    let layers: Definition list = kindsOf Layer.definition |> List.except activations

    /// Lists of modules, what makes one tensor of several, and what takes up what was kept.
    let private lists =
        kindsOf LayerList.definition
        @ kindsOf MergeOp.definition
        @ [ RMSNorm.definition; LayerNorm2d.definition; Permute.definition; Logging.fromLogs ]

    let private components =
        let each (of': int -> Definition) = List.map of' [ 1; 2; 3 ]

        [
            [ MultiLayerPerceptron.definition; RecurrentNeuralNetwork.definition ]
            each (fun n -> (network n).definition)
            each (fun n -> (encoder n).definition)
            each (fun n -> (decoder n).definition)
            each (fun n -> (encoderDecoder n).definition)
            each (fun n -> (uNet n).definition)
            each (fun n -> (squeezeExcitation n).definition)
            [ MultiheadSelfAttention.definition; MultiheadCrossAttention.definition ]
            [
                PositionalEmbedding.definition
                IndexedPositionalEmbedding.definition
                TransformerEncoderLayer.definition
                TransformerDecoderLayer.definition
                GroupedQueryAttention.definition
                FeedForward.definition
                Patchify.definition
                ConvNeXtBlock.definition
                TimestepEmbedding.definition
                AttentionBlock.definition
                FeatureIntegrationModule.definition
                UNetEncoder.definition
                UNetDecoderBlock.definition
                UNetDecoder.definition
                AttentionUNet.definition
            ]
            [
                FromDict.definition
                LayerSkip.definition
                Sum.definition
                WeightedSum.definition
                Mean.definition
                Prod.definition
                Min.definition
                Max.definition
                LearnableDistanceWeighting.definition
                GlobalMeanPool.definition
                GlobalAddPool.definition
                GlobalMaxPool.definition
            ]
            kindsOf CombineLayerActivation.definition
            [
                MessagePassingNeuralNetwork.definition
                ResidualMessagePassingNeuralNetwork.definition
                SparseLaplacianNormalization.definition
                DenseLaplacianNormalization.definition
                Propagate.definition
                GraphConvolutionalNeuralNetwork.definition
            ]
        ]
        |> List.concat

    let private models =
        (kindsOf MultiLayerPerceptron.definition |> List.except [ MultiLayerPerceptron.definition ])
        @ [
            BackboneResnet18.definition
            BackboneResnet34.definition
            BackboneResnet50.definition
            BackboneResnet101.definition
            ResNet18.definition
            ResNet34.definition
            ResNet50.definition
            ResNet101.definition
            DCGANGenerator.definition
            DCGANDiscriminator.definition
            CycleGANResnetGenerator.definition
            CycleGANDiscriminator.definition
            RecurrentModel.definition
            ViT.definition
            VisionTransformer.definition
            ViTB16.definition
            ViTB32.definition
            ViTL16.definition
            ViTL32.definition
            ConvNeXt.definition
            ConvNeXtTiny.definition
            ConvNeXtSmall.definition
            ConvNeXtBase.definition
            ConvNeXtLarge.definition
            CausalLanguageModel.definition
        ]
        @ kindsOf MPM.definition

    /// What has a factory, by the names of the modules (F#) and classes (C#) that hold the factories, each with its
    /// documentation.
    let groups: (string * string * Definition list) list =
        [
            "Layers", "Layers, with PyTorch's names, parameters and defaults.", layers @ activations @ lists
            "Blocks",
            "Blocks: named children that run in order, and are there to be edited.",
            kindsOf SequentialBlock.definition
            "Components", "Components: what models are made of.", components
            "Models", "Models, of usual sizes and for usual tasks.", models
            "Losses",
            "Loss functions: modules of two inputs, the prediction and the target. Parameters and defaults are PyTorch's.",
            kindsOf Losses.definition
            "Optimizers",
            "Optimizers: configured like any module, and made over the parameters when training starts. Parameters and "
            + "defaults are PyTorch's.",
            kindsOf Optimizers.definition @ [ Optimizers.groupDefinition ]
            "Metrics",
            "Metrics: what is measured beside the loss, over all examples, however they come in batches. Names, parameters and "
            + "defaults are torchmetrics'.",
            kindsOf Metrics.definition @ [ MetricCollection.definition ]
            "Schedules",
            "Schedules: how the step size of an optimizer changes with time. Names, parameters and defaults are PyTorch's.",
            kindsOf Schedules.definition @ [ Schedules.configDefinition ]
            "Applications",
            "Models with all it takes to train them: modules that are configured, explained and saved like any other.",
            kindsOf Applications.trainable
        ]

    /// Every definition of the library. The methods and styles of each are found through it.
    let registry: Registry =
        bases @ List.collect (fun (_, _, definitions) -> definitions) groups
        |> List.fold (fun registry definition -> Registry.add definition registry) Registry.empty
        |> Registry.addAction Logging.input
        |> Registry.addAction Logging.output
        |> Registry.addAction Reparametrization.frozen
