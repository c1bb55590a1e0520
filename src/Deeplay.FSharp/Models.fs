namespace Deeplay.FSharp

/// Models of usual sizes, as specs.
[<RequireQualifiedAccess>]
module Models =
    let private sized inFeatures outFeatures definition =
        definition
        |> Module.create
            [
                MultiLayerPerceptron.inFeatures => inFeatures
                MultiLayerPerceptron.outFeatures => outFeatures
            ]

    /// A multilayer perceptron with 32, 32 hidden features: (N, inFeatures) → (N, outFeatures).
    let smallMLP inFeatures outFeatures =
        sized inFeatures outFeatures SmallMLP.definition

    /// A multilayer perceptron with 64, 128 hidden features: (N, inFeatures) → (N, outFeatures).
    let mediumMLP inFeatures outFeatures =
        sized inFeatures outFeatures MediumMLP.definition

    /// A multilayer perceptron with 128, 128, 128 hidden features: (N, inFeatures) → (N, outFeatures).
    let largeMLP inFeatures outFeatures =
        sized inFeatures outFeatures LargeMLP.definition

    /// A multilayer perceptron with 128, 256, 512, 512 hidden features: (N, inFeatures) → (N, outFeatures).
    let xLargeMLP inFeatures outFeatures =
        sized inFeatures outFeatures XLargeMLP.definition
