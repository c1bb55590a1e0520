namespace Deeplay.Library

open Deeplay.Core
open Deeplay.FSharp

module internal MultiLayerPerceptron =
    let inFeatures = LinearBlock.inFeatures

    let hiddenFeatures = BlockChain.hidden "hidden_features" "The number of features of each hidden block."

    let outFeatures = Key.positive "out_features" "The number of features of the output."

    let outActivation = BlockChain.outActivation

    let flattenInput = Key.flag "flatten_input" true "Whether the input is flattened first, all but the batch."

    let private block (place: BlockChain.Place) =
        [
            LinearBlock.inFeatures.Name, place.Input
            LinearBlock.outFeatures.Name, place.Output
            LinearBlock.activation.Name, Module place.Activation
        ]
        |> BlockChain.given
        |> Spec.create LinearBlock.definition

    /// The blocks for these arguments.
    let body (arguments: Arguments) : Init<Forward> =
        let list =
            BlockChain.list
                block
                arguments[inFeatures.Name]
                arguments[hiddenFeatures.Name]
                arguments[outFeatures.Name]
                (arguments.Get outActivation)

        init {
            let! blocks = child "blocks" list

            return forward (fun x -> chain blocks (if arguments.Get flattenInput then Op.flatten 1 -1 x else x))
        }

    let normedLeaky =
        Action.afterInit "normed_leaky" [] (fun _ builder ->
            let hidden = (builder.Arguments.Get hiddenFeatures).Length

            let hook name argument spec =
                Verbs.act LinearBlock.definition.Methods[name] (Map.ofList [ argument, Module spec ])

            let normalized = hook "normalized" "normalization" (Spec.create BatchNorm1d.definition Map.empty)

            let activated =
                Map.ofList [ LeakyReLU.negativeSlope => 0.05 ]
                |> Spec.create LeakyReLU.definition
                |> hook "activated" "activation"

            for i in 0 .. hidden - 1 do
                let block = Tag.ofNames [ "blocks"; string i ]
                builder.Change(block, normalized, false)
                builder.Change(block, activated, false))
        |> Action.withDocumentation "A batch norm and a leaky ReLU of slope 0.05 in every hidden block."

    let shapes = "(N, in_features) → (N, out_features); with flatten_input (N, …) too"

    let definition =
        Definition.create
            "MultiLayerPerceptron"
            [ inFeatures; hiddenFeatures; outFeatures; outActivation; flattenInput ]
            body
        |> Definition.withDocumentation "Linear blocks one after another."
        |> Definition.withStyle normedLeaky
        |> Definition.withShapes shapes
        |> Definition.withSource "Deeplay, MultiLayerPerceptron"
        |> Definition.withExample
            [ inFeatures => 16; hiddenFeatures => [ 32; 32 ]; outFeatures => 4 ]
            [ Example.tensor [ 2; 16 ] ]
