namespace Deeplay.FSharp

open Deeplay.Core

/// Everything of the library that a saved spec can name.
[<RequireQualifiedAccess>]
module Library =
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
    let activations: Definition list =
        RectifierLayers.all @ ActivationLayers.all @ ShrinkageLayers.all

    /// Modules made of others.
    let composites: Definition list =
        [
            LayerList.definition
            Sequential.definition
            Parallel.definition
            MergeOp.definition
            Add.definition
            Cat.definition
            Lambda.definition
            SequentialBlock.definition
            LinearBlock.definition
            MultiLayerPerceptron.definition
            SmallMLP.definition
            MediumMLP.definition
            LargeMLP.definition
            XLargeMLP.definition
        ]

    /// What trains models.
    let applications: Definition list =
        Losses.definition :: Losses.all
        @ Optimizers.definition :: Optimizers.all
        @ [ Classifier.definition ]

    let private bases = [ Layer.definition; Activation.definition ]

    /// Every definition of the library. The methods and styles of each are found through it.
    let registry: Registry =
        bases @ layers @ activations @ composites @ applications
        |> List.fold (fun registry definition -> Registry.add definition registry) Registry.empty
        |> Registry.add Logging.fromLogs
        |> Registry.addAction Logging.input
        |> Registry.addAction Logging.output
