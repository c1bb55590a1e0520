namespace Deeplay.Library

open Deeplay.Core
open Deeplay.FSharp

/// Everything of the library that a saved spec can name.
module internal Library =
    /// Layers, which the engine makes.
    let layers: Definition list =
        LinearLayers.all
        @ ConvolutionLayers.all
        @ TransposedConvolutionLayers.all
        @ NormalizationLayers.all
        @ LayerNormLayers.all
        @ PoolingLayers.all
        @ AdaptivePoolingLayers.all
        @ DropoutLayers.all
        @ EmbeddingLayers.all
        @ UpsampleLayers.all
        @ PaddingLayers.all
        @ ShuffleLayers.all
        @ ShapingLayers.all

    /// Activations, which are layers too.
    let activations: Definition list = RectifierLayers.all @ ActivationLayers.all @ ShrinkageLayers.all

    /// Lists of modules, what makes one tensor of several, and what takes up what was kept.
    let private lists: Definition list =
        [
            LayerList.definition
            Sequential.definition
            Parallel.definition
            Add.definition
            Cat.definition
            Lambda.definition
            Logging.fromLogs
        ]

    /// What others are special cases of, and nobody makes.
    let bases: Definition list =
        [
            Layer.definition
            Activation.definition
            MergeOp.definition
            Losses.definition
            Optimizers.definition
        ]

    /// What has a factory, by the names of the modules (F#) and classes (C#) that hold the factories, each with its
    /// documentation.
    let groups: (string * string * Definition list) list =
        [
            "Layers", "Layers, with PyTorch's names, parameters and defaults.", layers @ activations @ lists
            "Blocks",
            "Blocks: named children that run in order, and are there to be edited.",
            [ SequentialBlock.definition; LinearBlock.definition ]
            "Components", "Components: what models are made of.", [ MultiLayerPerceptron.definition ]
            "Models",
            "Models of usual sizes.",
            [ for model in [ SmallMLP; MediumMLP; LargeMLP; XLargeMLP ] -> model.definition ]
            "Losses",
            "Loss functions: modules of two inputs, the prediction and the target. Parameters and defaults are PyTorch's.",
            Losses.all
            "Optimizers",
            "Optimizers: configured like any module, and made over the parameters when training starts. Parameters and "
            + "defaults are PyTorch's.",
            Optimizers.all
            "Applications",
            "Models with all it takes to train them: modules that are configured, explained and saved like any other.",
            [ Classifier.definition ]
        ]

    /// Every definition of the library. The methods and styles of each are found through it.
    let registry: Registry =
        bases @ List.collect (fun (_, _, definitions) -> definitions) groups
        |> List.fold (fun registry definition -> Registry.add definition registry) Registry.empty
        |> Registry.addAction Logging.input
        |> Registry.addAction Logging.output
