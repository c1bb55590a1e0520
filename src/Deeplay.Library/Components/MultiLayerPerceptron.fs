namespace Deeplay.Library

open Deeplay.Core
open Deeplay.FSharp

/// Linear blocks one after another, the hidden ones with a ReLU: (N, in_features) → (N, out_features).
module internal MultiLayerPerceptron =
    /// The number of features of the input; inferred where it is null.
    let inFeatures = LinearBlock.inFeatures

    /// The number of features of each hidden block.
    let hiddenFeatures =
        Param.ints "hidden_features"
        |> Param.withCheck "positive ints" (List.forall (fun width -> width > 0))
        |> Param.withDocumentation "The number of features of each hidden block."

    /// The number of features of the output.
    let outFeatures =
        Common.positive "out_features" |> Param.withDocumentation "The number of features of the output."

    /// The activation of the last block; the identity where it is null.
    let outActivation =
        Param.spec "out_activation"
        |> Param.optional
        |> Param.withDefault None
        |> Param.withDocumentation "The activation of the last block; the identity where null."

    /// Whether the input is flattened first, all but the batch.
    let flattenInput =
        Param.bool "flatten_input"
        |> Param.withDefault true
        |> Param.withDocumentation "Whether the input is flattened first, all but the batch."

    let private relu = Module(Spec.create ReLU.definition Map.empty)
    let private identity = Module(Spec.create Identity.definition Map.empty)

    let private width (features: int) = Int(int64 features)

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
    let internal body (arguments: Arguments) : Init<Forward> =
        let last =
            match arguments.Get outActivation with
            | Some spec -> Module spec
            | None -> identity

        let hidden =
            match arguments[hiddenFeatures.Name] with
            | List widths -> widths
            | _ -> arguments.Get hiddenFeatures |> List.map width

        // Each block takes what the one before gives.
        let mutable input = arguments[inFeatures.Name]

        let add output activation =
            let block = block input output activation
            input <- output
            block

        let blocks = hidden |> List.map (fun width -> add width relu)
        let blocks = blocks @ [ add arguments[outFeatures.Name] last ]

        let list = Spec.create LayerList.definition (Map.ofList [ LayerList.layers.Name, List blocks ])

        init {
            let! blocks = child "blocks" list

            return
                forward (fun x ->
                    let x = if arguments.Get flattenInput then Op.flatten 1 -1 x else x
                    chain blocks x)
        }

    /// The style `normed_leaky`: a batch norm and a leaky ReLU of slope 0.05 in every hidden block.
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

    /// Parameters: in_features, hidden_features, out_features, out_activation, flatten_input.
    let definition =
        Definition.create
            "MultiLayerPerceptron"
            [ inFeatures; hiddenFeatures; outFeatures; outActivation; flattenInput ]
            body
        |> Definition.withDocumentation "Linear blocks one after another."
        |> Definition.withStyle normedLeaky
        |> Definition.withShapes "(N, in_features) → (N, out_features); with flatten_input (N, …) too"
        |> Definition.withSource "Deeplay, MultiLayerPerceptron"
