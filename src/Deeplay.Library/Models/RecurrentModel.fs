namespace Deeplay.Library

open Deeplay.Core
open Deeplay.FSharp

[<Group "Models">]
module internal RecurrentModel =
    let inFeatures = RecurrentNeuralNetwork.inFeatures

    let hiddenFeatures =
        Param.list (Param.int "hidden_features" |> Param.atLeast 1)
        |> Param.withCheck "one positive int or more" (fun widths -> not widths.IsEmpty)
        |> Param.withDocumentation "The number of features of each recurrent block."

    let outFeatures =
        Key.positive
            "out_features"
            "The number of features of the output; null for no head, which gives those of the last block."
        |> Key.nullable

    let returnSequence = Key.flag "return_sequence" false "Whether all steps are given; else the last one alone."

    let returnCellState = RecurrentNeuralNetwork.returnCellState
    let rnnType = Key.choice [ "LSTM"; "GRU"; "RNN" ] "rnn_type" "LSTM" "The kind of the recurrent layers."
    let outActivation = BlockChain.outActivation

    let bidirectional =
        Key.flag "bidirectional" false "Whether the layers go both ways; what each block gives is the sum of both."

    let batchFirst = RecurrentKeys.batchFirst |> Param.withDefault true

    let dropout = Key.dropout "The probability of a number that a block gives to be zeroed; 0 for no dropout."

    let embedding =
        Key.optionalSpec "embedding" "What makes vectors of whole numbers first, such as an Embedding; none where null."

    let private head (arguments: Arguments) =
        match arguments[outFeatures.Name] with
        | Unset
        | Null -> None
        | width ->
            [
                MultiLayerPerceptron.inFeatures.Name, Int(int64 (List.last (arguments.Get hiddenFeatures)))
                MultiLayerPerceptron.hiddenFeatures.Name, List []
                MultiLayerPerceptron.outFeatures.Name, width
                MultiLayerPerceptron.flattenInput.Name, Bool false
                MultiLayerPerceptron.outActivation.Name, arguments[outActivation.Name]
            ]
            |> BlockChain.given
            |> Spec.create MultiLayerPerceptron.definition
            |> Some

    let private dropoutOf (arguments: Arguments) =
        Spec.create Dropout.definition (Map.ofList [ Dropout.p => arguments.Get dropout ])

    let private body (arguments: Arguments) : Init<Forward> =
        let widths = arguments.Get hiddenFeatures |> List.map (int64 >> Int)

        let blocks =
            RecurrentNeuralNetwork.list
                [
                    Sequence1dBlock.batchFirst.Name, arguments[batchFirst.Name]
                    Sequence1dBlock.mode.Name, arguments[rnnType.Name]
                    if arguments.Get dropout > 0.0 then Sequence1dBlock.dropout.Name, arguments[dropout.Name]
                ]
                (arguments.Get returnCellState)
                arguments[inFeatures.Name]
                (List(List.take (widths.Length - 1) widths))
                (List.last widths)

        let optional name spec : Init<Handle option> =
            match spec with
            | None -> init { return None }
            | Some spec ->
                init {
                    let! handle = child name spec
                    return Some handle
                }

        let run handle x = handle |> Option.map (fun handle -> call handle x) |> Option.defaultValue x

        init {
            let embedding = arguments.Get embedding
            let! embedded = optional "embedding" embedding
            let! dropped = optional "embedding_dropout" (embedding |> Option.map (fun _ -> dropoutOf arguments))
            let! blocks = child "blocks" blocks

            if arguments.Get bidirectional then do! act (at "") RecurrentNeuralNetwork.bidirectional []

            let! head = optional "head" (head arguments)

            return
                Forward(fun builder ->
                    Graph.trace [ "input" ] (fun inputs ->
                        let x = inputs.Head |> run embedded |> run dropped
                        let outputs = RecurrentNeuralNetwork.run builder blocks x

                        let output =
                            if arguments.Get returnSequence then
                                outputs.Head
                            else
                                Op.select (if arguments.Get batchFirst then 1 else 0) -1 outputs.Head

                        [ for output in run head output :: outputs.Tail -> "", output ]))
        }

    let definition =
        Definition.create
            "RecurrentModel"
            [
                inFeatures
                hiddenFeatures
                outFeatures
                returnSequence
                returnCellState
                rnnType
                outActivation
                bidirectional
                batchFirst
                dropout
                embedding
            ]
            body
        |> Definition.withDocumentation
            "Recurrent blocks one after another, and a linear head over what they give in the end."
        |> Definition.withShapes
            "(N, L, in_features) → (N, out_features), or (N, L, out_features) with return_sequence; L before N without batch_first"
        |> Definition.withSource "Deeplay, RecurrentModel"
        |> Definition.withExample
            [ inFeatures => 3; hiddenFeatures => [ 16; 16 ]; outFeatures => 1 ]
            [ Example.tensor [ 2; 5; 3 ] ]
