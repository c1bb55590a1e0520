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
        Softmax.definition |> make [ Softmax.dim => Some dim ]

    /// The logarithm of the softmax along a dimension.
    let logSoftmax dim =
        LogSoftmax.definition |> make [ LogSoftmax.dim => Some dim ]

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
