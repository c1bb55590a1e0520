namespace Deeplay.FSharp

open Deeplay.Core

/// Everything of the library that a saved spec can name.
[<RequireQualifiedAccess>]
module Library =
    /// Layers, which the engine makes.
    let layers: Definition list =
        [
            Linear.definition
            Conv1d.definition
            Conv2d.definition
            Conv3d.definition
            ConvTranspose1d.definition
            ConvTranspose2d.definition
            ConvTranspose3d.definition
            BatchNorm1d.definition
            BatchNorm2d.definition
            BatchNorm3d.definition
            InstanceNorm1d.definition
            InstanceNorm2d.definition
            InstanceNorm3d.definition
            LayerNorm.definition
            GroupNorm.definition
            MaxPool1d.definition
            MaxPool2d.definition
            MaxPool3d.definition
            AvgPool1d.definition
            AvgPool2d.definition
            AvgPool3d.definition
            AdaptiveAvgPool1d.definition
            AdaptiveAvgPool2d.definition
            AdaptiveAvgPool3d.definition
            AdaptiveMaxPool1d.definition
            AdaptiveMaxPool2d.definition
            AdaptiveMaxPool3d.definition
            Dropout.definition
            Dropout1d.definition
            Dropout2d.definition
            Dropout3d.definition
            AlphaDropout.definition
            Embedding.definition
            Upsample.definition
            Flatten.definition
            Unflatten.definition
            Identity.definition
        ]

    /// Activations, which are layers too.
    let activations: Definition list =
        [
            ReLU.definition
            ReLU6.definition
            LeakyReLU.definition
            PReLU.definition
            RReLU.definition
            ELU.definition
            SELU.definition
            CELU.definition
            GELU.definition
            SiLU.definition
            Mish.definition
            Sigmoid.definition
            Tanh.definition
            Softmax.definition
            LogSoftmax.definition
            Softmin.definition
            Softmax2d.definition
            LogSigmoid.definition
            GLU.definition
            Softplus.definition
            Softsign.definition
            Hardtanh.definition
            Hardsigmoid.definition
            Hardswish.definition
            Hardshrink.definition
            Softshrink.definition
            Tanhshrink.definition
            Threshold.definition
        ]

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
