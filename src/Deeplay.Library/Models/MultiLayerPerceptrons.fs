namespace Deeplay.Library

open Deeplay.Core
open Deeplay.FSharp

/// Multilayer perceptrons of usual sizes, in the style `normed_leaky`.
module private SizedPerceptron =
    let define id (hidden: int list) : Definition =
        let widths = Number.list (List.map int64 hidden)

        Definition.create
            id
            [
                MultiLayerPerceptron.inFeatures
                MultiLayerPerceptron.outFeatures
                MultiLayerPerceptron.hiddenFeatures |> Param.withDefault hidden
                MultiLayerPerceptron.outActivation
                MultiLayerPerceptron.flattenInput
            ]
            (fun arguments ->
                init {
                    do! act (at "") MultiLayerPerceptron.normedLeaky []
                    return! MultiLayerPerceptron.body arguments
                })
        |> Definition.withDocumentation
            $"A multilayer perceptron with {widths} hidden features, batch norms and leaky ReLUs."
        |> Definition.withShapes "(N, in_features) → (N, out_features); with flatten_input (N, …) too"
        |> Definition.withSource $"Deeplay, {id}"
        |> Definition.withBase MultiLayerPerceptron.definition

/// Two hidden blocks of 32 features: (N, in_features) → (N, out_features).
module internal SmallMLP =
    /// Parameters: in_features, out_features, hidden_features, out_activation, flatten_input.
    let definition = SizedPerceptron.define "SmallMLP" [ 32; 32 ]

/// Hidden blocks of 64 and 128 features: (N, in_features) → (N, out_features).
module internal MediumMLP =
    /// Parameters: in_features, out_features, hidden_features, out_activation, flatten_input.
    let definition = SizedPerceptron.define "MediumMLP" [ 64; 128 ]

/// Three hidden blocks of 128 features: (N, in_features) → (N, out_features).
module internal LargeMLP =
    /// Parameters: in_features, out_features, hidden_features, out_activation, flatten_input.
    let definition = SizedPerceptron.define "LargeMLP" [ 128; 128; 128 ]

/// Hidden blocks of 128, 256, 512 and 512 features: (N, in_features) → (N, out_features).
module internal XLargeMLP =
    /// Parameters: in_features, out_features, hidden_features, out_activation, flatten_input.
    let definition = SizedPerceptron.define "XLargeMLP" [ 128; 256; 512; 512 ]
