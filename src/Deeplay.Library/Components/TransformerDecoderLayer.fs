namespace Deeplay.Library

open Deeplay.Core
open Deeplay.FSharp

/// Named children that run in order; those with further inputs get the memory for each.
module internal TransformerDecoderBlock =
    let layers = SequentialBlock.layers
    let names = SequentialBlock.names
    let order = SequentialBlock.order

    let private children (arguments: Arguments) =
        let specs, given = arguments.Get layers, arguments.Get names
        Edit.checkNames arguments names.Name given specs
        List.zip given specs

    let private graph (builder: Builder) =
        Graph.trace [ "input"; "memory" ] (fun inputs ->
            let run (child: Handle) x =
                let more = (builder.InputsOf child.Target).Length - 1
                callOn child (x :: List.replicate more inputs[1])

            [ "", SequentialBlock.through run builder inputs[0] ])

    let private kind =
        {
            Normalization = fun _ -> Spec.create LayerNorm.definition Map.empty
            Shortcut = fun _ -> Spec.create Identity.definition Map.empty
        }

    let definition =
        Definition.create "TransformerDecoderBlock" [ layers; names; order ] (SequentialBlock.runWith graph children)
        |> Definition.withDocumentation
            "Named children that run in order. One that takes more than one input, such as attention to a memory, gets the memory for the others."
        |> SequentialBlock.withEdits kind
        |> Definition.withBase SequentialBlock.definition
        |> Definition.withPositional [ layers; names ]
        |> Definition.withShapes "what the first child takes, and the memory → what the last gives"
        |> Definition.withExample
            [
                layers
                => [
                    Spec.create
                        MultiheadCrossAttention.definition
                        (Map.ofList [ MultiheadCrossAttention.features => 8; MultiheadCrossAttention.numHeads => 2 ])
                    Samples.linear 8 8
                ]
                names => [ "attention"; "feed_forward" ]
            ]
            [ Example.tensor [ 5; 2; 8 ]; Example.tensor [ 7; 2; 8 ] ]
        |> Definition.withSource "Vaswani et al., 2017, Attention Is All You Need"

module internal TransformerDecoderLayer =
    let inFeatures = TransformerParts.inFeatures
    let hiddenFeatures = TransformerParts.hiddenFeatures
    let outFeatures = TransformerParts.outFeatures
    let numHeads = TransformerParts.numHeads
    let batchFirst = TransformerParts.batchFirst
    let dimFeedforward = TransformerParts.dimFeedforward
    let dropout = TransformerParts.dropout
    let normFirst = TransformerParts.normFirst
    let isCausal = TransformerParts.isCausal |> Param.withDefault true

    let memoryFeatures =
        Key.positive "memory_features" "The size of the memory's vectors; as wide as each block where null."
        |> Key.nullable

    let private block (arguments: Arguments) (place: BlockChain.Place) : ModuleSpec =
        let width = place.Output

        let cross =
            [
                MultiheadCrossAttention.features.Name, width
                MultiheadCrossAttention.numHeads.Name, arguments[numHeads.Name]
                MultiheadCrossAttention.kdim.Name, arguments[memoryFeatures.Name]
                MultiheadCrossAttention.vdim.Name, arguments[memoryFeatures.Name]
                MultiheadCrossAttention.batchFirst.Name, arguments[batchFirst.Name]
            ]
            |> BlockChain.given
            |> Spec.create MultiheadCrossAttention.definition

        let sublayer layer = Module(TransformerParts.sublayer arguments width layer)

        Map.ofList
            [
                TransformerDecoderBlock.names => [ "multihead"; "cross_multihead"; "feed_forward" ]
                TransformerDecoderBlock.layers.Name,
                List
                    [
                        sublayer (TransformerParts.selfAttention arguments place)
                        sublayer cross
                        sublayer (TransformerParts.feedForward arguments width)
                    ]
            ]
        |> Spec.create TransformerDecoderBlock.definition

    let definition =
        Definition.create
            "TransformerDecoderLayer"
            (TransformerParts.parameters isCausal @ [ memoryFeatures ])
            (fun arguments ->
                init {
                    let! _ = TransformerParts.blocks block arguments

                    return
                        Forward(fun builder ->
                            let blocks = BlockChain.blocks builder |> List.map (fun (tag, _) -> { Target = tag })

                            Graph.trace [ "input"; "memory" ] (fun inputs ->
                                let run x block = callOn block [ x; inputs[1] ]
                                [ "", List.fold run inputs[0] blocks ]))
                })
        |> Definition.withDocumentation
            "Blocks of causal self-attention, attention to a memory and a feed-forward network, each with a way past it and a normalization."
        |> Definition.withShapes
            "(L, N, in_features) and a memory (S, N, memory_features) → (L, N, out_features), or (N, L, …) and (N, S, …) with batch_first"
        |> TransformerParts.described
        |> Definition.withExample
            [ inFeatures => 8; hiddenFeatures => [ 8 ]; outFeatures => 8; numHeads => 2 ]
            [ Example.tensor [ 5; 2; 8 ]; Example.tensor [ 7; 2; 8 ] ]
