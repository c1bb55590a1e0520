namespace Deeplay.FSharp

open Deeplay.Core

/// Layers, as specs: values where nothing is needed, functions where something is. Everything else is configured:
/// `Layers.linear 3 4 |> Module.configure Linear.bias false`.
[<RequireQualifiedAccess>]
module Layers =
    let private plain definition = Spec.create definition Map.empty
    let private make arguments definition = Module.create arguments definition

    /// A linear map of the last dimension: (…, inFeatures) → (…, outFeatures).
    let linear inFeatures outFeatures =
        Linear.definition
        |> make [ Linear.inFeatures => inFeatures; Linear.outFeatures => outFeatures ]

    /// A linear map whose input width is inferred: (…, ?) → (…, outFeatures).
    let lazyLinear outFeatures =
        Linear.definition |> make [ Linear.outFeatures => outFeatures ]

    // --- Convolutions ----------------------------------------------------------------------------------------------

    /// A convolution: (N, inChannels, L) → (N, outChannels, …).
    let conv1d inChannels outChannels kernelSize =
        Conv1d.definition
        |> make
            [
                Conv1d.inChannels => inChannels
                Conv1d.outChannels => outChannels
                Conv1d.kernelSize => [ kernelSize ]
            ]

    /// A convolution: (N, inChannels, H, W) → (N, outChannels, …).
    let conv2d inChannels outChannels kernelSize =
        Conv2d.definition
        |> make
            [
                Conv2d.inChannels => inChannels
                Conv2d.outChannels => outChannels
                Conv2d.kernelSize => [ kernelSize ]
            ]

    /// A convolution: (N, inChannels, D, H, W) → (N, outChannels, …).
    let conv3d inChannels outChannels kernelSize =
        Conv3d.definition
        |> make
            [
                Conv3d.inChannels => inChannels
                Conv3d.outChannels => outChannels
                Conv3d.kernelSize => [ kernelSize ]
            ]

    /// A transposed convolution: (N, inChannels, L) → (N, outChannels, …).
    let convTranspose1d inChannels outChannels kernelSize =
        ConvTranspose1d.definition
        |> make
            [
                ConvTranspose1d.inChannels => inChannels
                ConvTranspose1d.outChannels => outChannels
                ConvTranspose1d.kernelSize => [ kernelSize ]
            ]

    /// A transposed convolution: (N, inChannels, H, W) → (N, outChannels, …).
    let convTranspose2d inChannels outChannels kernelSize =
        ConvTranspose2d.definition
        |> make
            [
                ConvTranspose2d.inChannels => inChannels
                ConvTranspose2d.outChannels => outChannels
                ConvTranspose2d.kernelSize => [ kernelSize ]
            ]

    /// A transposed convolution: (N, inChannels, D, H, W) → (N, outChannels, …).
    let convTranspose3d inChannels outChannels kernelSize =
        ConvTranspose3d.definition
        |> make
            [
                ConvTranspose3d.inChannels => inChannels
                ConvTranspose3d.outChannels => outChannels
                ConvTranspose3d.kernelSize => [ kernelSize ]
            ]

    // --- Pools -----------------------------------------------------------------------------------------------------

    /// The largest of each window of this size, over one dimension: (N, C, L) → (N, C, …).
    let maxPool1d kernelSize =
        MaxPool1d.definition |> make [ MaxPool1d.kernelSize => [ kernelSize ] ]

    /// The largest of each window of this size, over two dimensions: (N, C, H, W) → (N, C, …).
    let maxPool2d kernelSize =
        MaxPool2d.definition |> make [ MaxPool2d.kernelSize => [ kernelSize ] ]

    /// The largest of each window of this size, over three dimensions: (N, C, D, H, W) → (N, C, …).
    let maxPool3d kernelSize =
        MaxPool3d.definition |> make [ MaxPool3d.kernelSize => [ kernelSize ] ]

    /// The mean of each window of this size, over one dimension: (N, C, L) → (N, C, …).
    let avgPool1d kernelSize =
        AvgPool1d.definition |> make [ AvgPool1d.kernelSize => [ kernelSize ] ]

    /// The mean of each window of this size, over two dimensions: (N, C, H, W) → (N, C, …).
    let avgPool2d kernelSize =
        AvgPool2d.definition |> make [ AvgPool2d.kernelSize => [ kernelSize ] ]

    /// The mean of each window of this size, over three dimensions: (N, C, D, H, W) → (N, C, …).
    let avgPool3d kernelSize =
        AvgPool3d.definition |> make [ AvgPool3d.kernelSize => [ kernelSize ] ]

    /// As many means as are wanted, over one dimension: (N, C, L) → (N, C, outputSize).
    let adaptiveAvgPool1d (outputSize: int list) =
        AdaptiveAvgPool1d.definition
        |> make [ AdaptiveAvgPool1d.outputSize => outputSize ]

    /// As many means as are wanted, over two dimensions: (N, C, H, W) → (N, C, outputSize).
    let adaptiveAvgPool2d (outputSize: int list) =
        AdaptiveAvgPool2d.definition
        |> make [ AdaptiveAvgPool2d.outputSize => outputSize ]

    /// As many means as are wanted, over three dimensions: (N, C, D, H, W) → (N, C, outputSize).
    let adaptiveAvgPool3d (outputSize: int list) =
        AdaptiveAvgPool3d.definition
        |> make [ AdaptiveAvgPool3d.outputSize => outputSize ]

    /// As many maxima as are wanted, over one dimension: (N, C, L) → (N, C, outputSize).
    let adaptiveMaxPool1d (outputSize: int list) =
        AdaptiveMaxPool1d.definition
        |> make [ AdaptiveMaxPool1d.outputSize => outputSize ]

    /// As many maxima as are wanted, over two dimensions: (N, C, H, W) → (N, C, outputSize).
    let adaptiveMaxPool2d (outputSize: int list) =
        AdaptiveMaxPool2d.definition
        |> make [ AdaptiveMaxPool2d.outputSize => outputSize ]

    /// As many maxima as are wanted, over three dimensions: (N, C, D, H, W) → (N, C, outputSize).
    let adaptiveMaxPool3d (outputSize: int list) =
        AdaptiveMaxPool3d.definition
        |> make [ AdaptiveMaxPool3d.outputSize => outputSize ]

    // --- Embedding and resizing ------------------------------------------------------------------------------------

    /// A learned vector for each number from 0 on: (…) → (…, embeddingDim).
    let embedding numEmbeddings embeddingDim =
        Embedding.definition
        |> make
            [
                Embedding.numEmbeddings => numEmbeddings
                Embedding.embeddingDim => embeddingDim
            ]

    /// Images, sequences or volumes made `factor` times as large: (N, C, …) → (N, C, …).
    let upsample factor =
        Upsample.definition |> make [ Upsample.scaleFactor => factor ]

    /// Images, sequences or volumes made to have these spatial sizes: (N, C, …) → (N, C, size).
    let upsampleTo size =
        Upsample.definition |> make [ Upsample.size => size ]

    // --- Normalization -----------------------------------------------------------------------------------------

    /// Batch normalization of (N, C) or (N, C, L); the width is inferred.
    let batchNorm1d = plain BatchNorm1d.definition

    /// Batch normalization of (N, C, H, W); the width is inferred.
    let batchNorm2d = plain BatchNorm2d.definition

    /// Batch normalization of (N, C, D, H, W); the width is inferred.
    let batchNorm3d = plain BatchNorm3d.definition

    /// Instance normalization of (N, C, L); the width is inferred.
    let instanceNorm1d = plain InstanceNorm1d.definition

    /// Instance normalization of (N, C, H, W); the width is inferred.
    let instanceNorm2d = plain InstanceNorm2d.definition

    /// Instance normalization of (N, C, D, H, W); the width is inferred.
    let instanceNorm3d = plain InstanceNorm3d.definition

    /// Normalization over the last dimension, whose size is inferred.
    let layerNorm = plain LayerNorm.definition

    /// Normalization over groups of channels of each example; the number of channels is inferred.
    let groupNorm numGroups =
        GroupNorm.definition |> make [ GroupNorm.numGroups => numGroups ]

    // --- Dropout -------------------------------------------------------------------------------------------------

    /// Zeroes elements with probability `p` while training.
    let dropout p =
        Dropout.definition |> make [ Dropout.p => p ]

    /// Zeroes channels of (N, C, L) with probability `p` while training.
    let dropout1d p =
        Dropout1d.definition |> make [ Dropout1d.p => p ]

    /// Zeroes channels of (N, C, H, W) with probability `p` while training.
    let dropout2d p =
        Dropout2d.definition |> make [ Dropout2d.p => p ]

    /// Zeroes channels of (N, C, D, H, W) with probability `p` while training.
    let dropout3d p =
        Dropout3d.definition |> make [ Dropout3d.p => p ]

    /// Dropout that keeps mean and variance, for SELU.
    let alphaDropout p =
        AlphaDropout.definition |> make [ AlphaDropout.p => p ]

    // --- Activations -----------------------------------------------------------------------------------------------

    /// max(x, 0).
    let relu = plain ReLU.definition

    /// min(max(x, 0), 6).
    let relu6 = plain ReLU6.definition

    /// x where it is positive, slope · x elsewhere.
    let leakyReLU slope =
        LeakyReLU.definition |> make [ LeakyReLU.negativeSlope => slope ]

    /// LeakyReLU with a learned slope.
    let prelu = plain PReLU.definition

    /// LeakyReLU with a slope drawn at random while training.
    let rrelu = plain RReLU.definition

    /// x where it is positive, exp(x) − 1 elsewhere.
    let elu = plain ELU.definition

    /// The self-normalizing ELU.
    let selu = plain SELU.definition

    /// The continuously differentiable ELU.
    let celu = plain CELU.definition

    /// x · Φ(x).
    let gelu = plain GELU.definition

    /// x · sigmoid(x).
    let silu = plain SiLU.definition

    /// x · tanh(softplus(x)).
    let mish = plain Mish.definition

    /// 1 / (1 + exp(−x)).
    let sigmoid = plain Sigmoid.definition

    /// The hyperbolic tangent.
    let tanh = plain Tanh.definition

    /// exp(x) / Σ exp(x) along a dimension.
    let softmax dim =
        Softmax.definition |> make [ Softmax.dim => dim ]

    /// The logarithm of the softmax along a dimension.
    let logSoftmax dim =
        LogSoftmax.definition |> make [ LogSoftmax.dim => dim ]

    /// exp(−x) / Σ exp(−x) along a dimension.
    let softmin dim =
        Softmin.definition |> make [ Softmin.dim => dim ]

    /// The softmax over the channels of images.
    let softmax2d = plain Softmax2d.definition

    /// The logarithm of the sigmoid.
    let logSigmoid = plain LogSigmoid.definition

    /// One half of the last dimension times the sigmoid of the other half.
    let glu = plain GLU.definition

    /// log(1 + exp(x)).
    let softplus = plain Softplus.definition

    /// x / (1 + |x|).
    let softsign = plain Softsign.definition

    /// x clamped to −1 … 1.
    let hardtanh = plain Hardtanh.definition

    /// x / 6 + 1 / 2 clamped to 0 … 1.
    let hardsigmoid = plain Hardsigmoid.definition

    /// x · hardsigmoid(x).
    let hardswish = plain Hardswish.definition

    /// x, and 0 where |x| ≤ 0.5.
    let hardshrink = plain Hardshrink.definition

    /// x moved towards 0 by 0.5.
    let softshrink = plain Softshrink.definition

    /// x − tanh(x).
    let tanhshrink = plain Tanhshrink.definition

    /// x where it is above `threshold`, `value` elsewhere.
    let threshold threshold value =
        Threshold.definition
        |> make [ Threshold.threshold => threshold; Threshold.value => value ]

    // --- Shapes ------------------------------------------------------------------------------------------------------

    /// Gives its input back.
    let identity = plain Identity.definition

    /// All dimensions but the first made into one.
    let flatten = plain Flatten.definition

    /// Dimension `dim` taken apart into `sizes`, one of which may be -1.
    let unflatten dim sizes =
        Unflatten.definition
        |> make [ Unflatten.dim => dim; Unflatten.unflattenedSize => sizes ]

    // --- Lists and merges --------------------------------------------------------------------------------------------

    /// Modules in a list, without a forward pass of its own.
    let list layers =
        LayerList.definition |> make [ LayerList.layers => layers ]

    /// Modules that run one after another.
    let sequential layers =
        Sequential.definition |> make [ Sequential.layers => layers ]

    /// Modules that all run on the same input, giving as many outputs.
    let inParallel layers =
        Parallel.definition |> make [ Parallel.layers => layers ]

    /// Modules that all run on the same input, giving outputs by these names.
    let inParallelNamed (layers: (string * ModuleSpec) list) =
        Parallel.definition
        |> make
            [
                Parallel.layers => List.map snd layers
                Parallel.keys => Some(List.map fst layers)
            ]

    /// The sum of two inputs.
    let add = plain Add.definition

    /// Two inputs joined along a dimension.
    let cat dim =
        Cat.definition |> make [ Cat.dim => dim ]

    /// A function of a registry, as a module with one input.
    let lambda func =
        Lambda.definition |> make [ Lambda.func => func ]

    /// Gives what was kept under a key (`Module.logOutput`), whatever it is called with.
    let fromLogs key =
        Module.create [ Logging.key => key ] Logging.fromLogs
