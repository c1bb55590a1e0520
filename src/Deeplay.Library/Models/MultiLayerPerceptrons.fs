namespace Deeplay.Library

open Deeplay.Core
open Deeplay.FSharp

/// A multilayer perceptron of a usual size, in the style `normed_leaky`.
[<Group "Models">]
type internal SizedPerceptron(id, hidden: int list) =
    member val definition =
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
            $"A multilayer perceptron with {Number.list (List.map int64 hidden)} hidden features, batch norms and leaky ReLUs."
        |> Definition.withShapes MultiLayerPerceptron.shapes
        |> Definition.withSource $"Deeplay, {id}"
        |> Definition.withExample
            [ MultiLayerPerceptron.inFeatures => 16; MultiLayerPerceptron.outFeatures => 4 ]
            [ Example.tensor [ 2; 16 ] ]
        |> Definition.withBase MultiLayerPerceptron.definition

[<AutoOpen>]
module internal SizedPerceptrons =
    let SmallMLP = SizedPerceptron("SmallMLP", [ 32; 32 ])
    let MediumMLP = SizedPerceptron("MediumMLP", [ 64; 128 ])
    let LargeMLP = SizedPerceptron("LargeMLP", [ 128; 128; 128 ])
    let XLargeMLP = SizedPerceptron("XLargeMLP", [ 128; 256; 512; 512 ])
