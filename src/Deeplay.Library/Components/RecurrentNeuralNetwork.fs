namespace Deeplay.Library

open Deeplay.Core
open Deeplay.FSharp

module internal RecurrentNeuralNetwork =
    let inFeatures = LinearBlock.inFeatures
    let hiddenFeatures = BlockChain.hidden "hidden_features" "The number of features of each hidden block."
    let outFeatures = Key.positive "out_features" "The number of features of each step of the output."
    let batchFirst = RecurrentKeys.batchFirst

    let returnCellState =
        Key.flag "return_cell_state" false "Whether the last states of the last layer are given too, after the output."

    /// The list of blocks from `input` over the widths `hidden` to `output`, with these arguments beside.
    let list
        (arguments: (string * Value) list)
        lastReturnsState
        (input: Value)
        (hidden: Value)
        (output: Value)
        : ModuleSpec =
        let block (place: BlockChain.Place) =
            let own =
                [
                    Sequence1dBlock.inFeatures.Name, place.Input
                    Sequence1dBlock.outFeatures.Name, place.Output
                    if place.IsLast && lastReturnsState then Sequence1dBlock.returnCellState.Name, Bool true
                ]

            own @ arguments |> BlockChain.given |> Spec.create Sequence1dBlock.definition

        BlockChain.list block input hidden output None

    /// Calls the blocks one after another; gives the output and, where the last one gives them, its states.
    let run (builder: Builder) (blocks: Handle) (x: Sym) : Sym list =
        let list = builder.Observe blocks.Target
        let children = Tree.children list.Tag list |> List.map (fun (tag, node, _) -> blocks / tag.Name, node)

        let gives (node: Node) =
            match node.Graph with
            | Some graph -> graph.Outputs.Length
            | None -> 1

        let step (outputs: Sym list) (child, node) = callMany (gives node) child [ outputs.Head ]
        List.fold step [ x ] children

    let bidirectional =
        Action.afterInit "bidirectional" [] (fun _ -> BlockChain.callEach "bidirectional" [] (fun _ _ -> true))
        |> Action.withDocumentation Sequence1dBlock.bidirectional.Documentation

    let definition =
        Definition.create
            "RecurrentNeuralNetwork"
            [ inFeatures; hiddenFeatures; outFeatures; batchFirst; returnCellState ]
            (fun arguments ->
                let blocks =
                    list
                        [ batchFirst.Name, arguments[batchFirst.Name] ]
                        (arguments.Get returnCellState)
                        arguments[inFeatures.Name]
                        arguments[hiddenFeatures.Name]
                        arguments[outFeatures.Name]

                init {
                    let! blocks = child "blocks" blocks

                    return
                        Forward(fun builder ->
                            Graph.trace [ "input" ] (fun inputs ->
                                [ for output in run builder blocks inputs.Head -> "", output ]))
                })
        |> Definition.withDocumentation "Recurrent blocks one after another."
        |> Definition.withMethod bidirectional
        |> Definition.withShapes
            "(L, N, in_features) → (L, N, out_features), or (N, L, …) with batch_first; then h_n (and c_n) with return_cell_state"
        |> Definition.withSource "Deeplay, RecurrentNeuralNetwork"
        |> Definition.withExample
            [ inFeatures => 3; hiddenFeatures => [ 8; 8 ]; outFeatures => 4 ]
            [ Example.tensor [ 5; 2; 3 ] ]
