namespace Deeplay.FSharp

/// Components, as specs.
[<RequireQualifiedAccess>]
module Components =
    /// Linear blocks one after another, the hidden ones with a ReLU: (N, inFeatures) → (N, outFeatures).
    let multiLayerPerceptron inFeatures hiddenFeatures outFeatures =
        MultiLayerPerceptron.definition
        |> Module.create
            [
                MultiLayerPerceptron.inFeatures => inFeatures
                MultiLayerPerceptron.hiddenFeatures => hiddenFeatures
                MultiLayerPerceptron.outFeatures => outFeatures
            ]
