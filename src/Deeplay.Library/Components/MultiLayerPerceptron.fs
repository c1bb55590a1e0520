namespace Deeplay.Library

open System.Collections.Generic
open Deeplay.Core
open Deeplay.FSharp

module internal MultiLayerPerceptron =
    let inFeatures = LinearBlock.inFeatures

    let hiddenFeatures =
        Param.list (Param.int "hidden_features" |> Param.atLeast 1)
        |> Param.withDocumentation "The number of features of each hidden block."

    let outFeatures = Key.positive "out_features" "The number of features of the output."

    let outActivation = Key.optionalSpec "out_activation" "The activation of the last block; the identity where null."

    let flattenInput = Key.flag "flatten_input" true "Whether the input is flattened first, all but the batch."

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

        // Blocks of the same widths are the same.
        let known = Dictionary()

        let hiddenBlock input output =
            let widths = struct (input, output)

            match known.TryGetValue widths with
            | true, block -> block
            | _ ->
                known[widths] <- block input output relu
                known[widths]

        let hidden =
            match arguments[hiddenFeatures.Name] with
            | List widths -> widths
            | _ -> []

        // Each block takes what the one before gives.
        let blocks =
            [
                let mutable input = arguments[inFeatures.Name]

                for output in hidden do
                    hiddenBlock input output
                    input <- output

                block input arguments[outFeatures.Name] last
            ]

        let list = Spec.create LayerList.definition (Map.ofList [ LayerList.layers.Name, List blocks ])

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
