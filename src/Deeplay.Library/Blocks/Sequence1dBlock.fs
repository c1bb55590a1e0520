namespace Deeplay.Library

open Deeplay.Core
open Deeplay.FSharp

module internal Sequence1dBlock =
    let inFeatures = LinearBlock.inFeatures
    let outFeatures = Key.positive "out_features" "The number of features of each step of the output."
    let batchFirst = RecurrentKeys.batchFirst

    let mode = Key.choice [ "LSTM"; "GRU"; "RNN" ] "mode" "LSTM" "The kind of the layer."

    let returnCellState =
        Key.flag "return_cell_state" false "Whether the last states of the layer are given too, after the output."

    let activation = LayerBlock.activation
    let normalization = LayerBlock.normalization
    let dropout = LayerBlock.dropout
    let order = LayerBlock.order

    let private layers = Map.ofList [ "LSTM", LSTM.definition; "GRU", GRU.definition; "RNN", RNN.definition ]

    let private children (arguments: Arguments) =
        let layer =
            [
                RecurrentKeys.inputSize.Name, arguments[inFeatures.Name]
                RecurrentKeys.hiddenSize.Name, arguments[outFeatures.Name]
                RecurrentKeys.batchFirst.Name, arguments[batchFirst.Name]
            ]
            |> List.filter (fun (_, value) -> value <> Unset && value <> Null)
            |> Map.ofList
            |> Spec.create layers[arguments.Get mode]

        LayerBlock.children inFeatures outFeatures layer arguments

    // Of a layer that goes both ways the sum of both counts: the block is as wide as it says.
    let private graph (builder: Builder) =
        let width = builder.Arguments.Get outFeatures

        Graph.trace [ "input" ] (fun inputs ->
            let mutable states = []

            let run (child: Handle) x =
                let node = builder.Observe child.Target

                if not (node.Definition.Is RNNBase.definition) then
                    call child x
                else
                    let results = callMany (RNNBase.outputs node) child [ x ]
                    states <- results.Tail

                    if node.Arguments.Get RecurrentKeys.bidirectional then
                        Op.narrow -1 0 width results.Head + Op.narrow -1 width width results.Head
                    else
                        results.Head

            let output = SequentialBlock.through run builder inputs.Head

            if builder.Arguments.Get returnCellState then
                if states.IsEmpty then
                    let problem = "it has no recurrent layer whose states it could give."
                    Fail.with' (WrongStructure(builder.Tag, builder.Definition.Id, problem))

                [ for result in output :: states -> "", result ]
            else
                [ "", output ])

    let private kind =
        {
            Normalization =
                fun builder ->
                    Map.ofList [ "normalized_shape", builder.Arguments[outFeatures.Name] ]
                    |> Spec.create LayerNorm.definition
            Shortcut =
                fun builder ->
                    match builder.Arguments.TryGet inFeatures, builder.Arguments.TryGet outFeatures with
                    | Some input, Some output when input = output -> Spec.create Identity.definition Map.empty
                    | _ ->
                        let linear = LayerBlock.withSet Linear.definition [ inFeatures.Name; outFeatures.Name ]
                        linear builder.Arguments
        }

    let bidirectional =
        Action.afterInit "bidirectional" [] (fun _ builder ->
            let change = Verbs.configure RecurrentKeys.bidirectional.Name (Bool true)
            builder.Change(Tag.ofNames [ "layer" ], change, false))
        |> Action.withDocumentation "Makes the recurrent layers go both ways; what a block gives is the sum of both."

    let definition =
        Definition.create
            "Sequence1dBlock"
            [
                inFeatures
                outFeatures
                batchFirst
                mode
                returnCellState
                activation
                normalization
                dropout
                order
            ]
            (SequentialBlock.runWith graph children)
        |> Definition.withDocumentation "A recurrent layer with its activation, normalization and dropout."
        |> SequentialBlock.withEdits kind
        |> Definition.withMethod bidirectional
        |> Definition.withBase SequentialBlock.definition
        |> Definition.withShapes "(L, N, in_features) → (L, N, out_features), or (N, L, …) with batch_first"
        |> Definition.withSource "Deeplay, Sequence1dBlock"
        |> Definition.withExample [ inFeatures => 3; outFeatures => 8 ] [ Example.tensor [ 5; 2; 3 ] ]
