namespace Deeplay.Library

open Deeplay.Core
open Deeplay.FSharp

module internal MultiLayerPerceptron =
    let inFeatures = LinearBlock.inFeatures

    let hiddenFeatures =
        Param.ints "hidden_features"
        |> Param.withCheck "positive ints" (List.forall (fun width -> width > 0))
        |> Param.withDocumentation "The number of features of each hidden block."

    let outFeatures = Key.positive "out_features" "The number of features of the output."

    let outActivation =
        Key.optionalSpec "out_activation" "The activation of the last block; the identity where null."

    let flattenInput =
        Key.flag "flatten_input" true "Whether the input is flattened first, all but the batch."

    let private block input output activation =
        let given =
            Map.empty
            |> Map.add LinearBlock.outFeatures.Name output
            |> Map.add LinearBlock.activation.Name activation

        match input with
        | Unset
        | Null -> given
        | input -> Map.add LinearBlock.inFeatures.Name input given
        |> Spec.create LinearBlock.definition
        |> Module

    /// The blocks for these arguments, without looking at any of them: thousands of blocks cost thousands of times
    /// one block.
    let body (arguments: Arguments) : Init<Forward> =
        let relu = Module(Spec.create ReLU.definition Map.empty)

        let last =
            arguments.Get outActivation
            |> Option.defaultWith (fun () -> Spec.create Identity.definition Map.empty)
            |> Module

        let hidden = arguments.Get hiddenFeatures |> List.map (fun width -> Int(int64 width))
        let widths = arguments[inFeatures.Name] :: hidden @ [ arguments[outFeatures.Name] ]
        let activations = List.map (fun _ -> relu) hidden @ [ last ]

        // Each block takes what the one before gives.
        let blocks =
            List.map2
                (fun (input, output) activation -> block input output activation)
                (List.pairwise widths)
                activations

        let list = Spec.create LayerList.definition (Map.ofList [ LayerList.layers.Name, List blocks ])

        init {
            let! blocks = child "blocks" list

            return
                forward (fun x -> chain blocks (if arguments.Get flattenInput then Op.flatten 1 -1 x else x))
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
