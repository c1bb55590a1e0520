namespace Deeplay.Library

open Deeplay.Core
open Deeplay.FSharp

/// What layers of transformers are made of.
module internal TransformerParts =
    let inFeatures = LinearBlock.inFeatures
    let hiddenFeatures = BlockChain.hidden "hidden_features" "The width of each block but the last."

    let outFeatures =
        Key.positive "out_features" "The width of the last block: the size of the vectors that come out."

    let numHeads = Key.positive "num_heads" "The number of heads, which divides each width."
    let batchFirst = PositionalEmbedding.batchFirst
    let isCausal = MultiheadAttention.isCausal

    let dimFeedforward =
        Key.positive "dim_feedforward" "The width inside of each feed-forward network; as wide as its layer where null."
        |> Key.nullable

    let dropout =
        Key.dropout "The probability of a number that attention or a feed-forward network gives to be zeroed."

    let normFirst =
        Key.flag
            "norm_first"
            false
            "Whether normalizations come before attention and feed-forward network; else after the sum."

    /// Attention or a feed-forward network with its dropout, the way past it, and a normalization over its width.
    let sublayer (arguments: Arguments) (width: Value) (layer: ModuleSpec) : ModuleSpec =
        let order = [ "normalization"; "layer"; "dropout"; "skip" ] |> List.map Text |> List

        [
            LayerDropoutSkipNormalization.layer.Name, Module layer
            LayerDropoutSkipNormalization.dropout.Name,
            Module(Spec.create Dropout.definition (Map.ofList [ Dropout.p.Name, arguments[dropout.Name] ]))
            LayerDropoutSkipNormalization.normalization.Name,
            Module(Spec.create LayerNorm.definition (Map.ofList [ LayerNorm.normalizedShape.Name, width ]))
            if arguments.Get normFirst then LayerDropoutSkipNormalization.order.Name, order
        ]
        |> Map.ofList
        |> Spec.create LayerDropoutSkipNormalization.definition

    // Where the width changes, a projection comes first.
    let private projection (input: Value) (output: Value) =
        if input = output then
            Spec.create Identity.definition Map.empty
        else
            [ Linear.inFeatures.Name, input; Linear.outFeatures.Name, output ]
            |> BlockChain.given
            |> Spec.create Linear.definition

    /// The self-attention of a block at this place.
    let selfAttention (arguments: Arguments) (place: BlockChain.Place) : ModuleSpec =
        Map.ofList
            [
                MultiheadSelfAttention.features.Name, place.Output
                MultiheadSelfAttention.numHeads.Name, arguments[numHeads.Name]
                MultiheadSelfAttention.projection.Name, Module(projection place.Input place.Output)
                MultiheadSelfAttention.projects.Name, Bool false
                MultiheadSelfAttention.isCausal.Name, arguments[isCausal.Name]
                MultiheadSelfAttention.batchFirst.Name, arguments[batchFirst.Name]
            ]
        |> Spec.create MultiheadSelfAttention.definition

    /// The feed-forward network of a layer of this width.
    let feedForward (arguments: Arguments) (width: Value) : ModuleSpec =
        let inside =
            match arguments[dimFeedforward.Name] with
            | Int _ as inside -> inside
            | _ -> width

        [
            MultiLayerPerceptron.inFeatures.Name, width
            MultiLayerPerceptron.hiddenFeatures.Name, List [ inside ]
            MultiLayerPerceptron.outFeatures.Name, width
            MultiLayerPerceptron.flattenInput.Name, Bool false
        ]
        |> Map.ofList
        |> Spec.create MultiLayerPerceptron.definition

    /// The parameters of a layer; one of the two kinds is causal by default.
    let parameters (isCausal: Param<bool>) : Param list =
        [
            inFeatures
            hiddenFeatures
            outFeatures
            numHeads
            batchFirst
            dimFeedforward
            dropout
            normFirst
            isCausal
        ]

    /// Attaches the blocks of a layer as `blocks`.
    let blocks (block: Arguments -> BlockChain.Place -> ModuleSpec) (arguments: Arguments) : Init<Handle> =
        BlockChain.list
            (block arguments)
            arguments[inFeatures.Name]
            arguments[hiddenFeatures.Name]
            arguments[outFeatures.Name]
            None
        |> child "blocks"

    /// What the documentation of both layers says alike.
    let described (definition: Definition) : Definition =
        definition
        |> Definition.withPositional [ inFeatures; hiddenFeatures; outFeatures; numHeads ]
        |> Definition.withSource "Vaswani et al., 2017, Attention Is All You Need"

    /// Named children that run one after another.
    let named (children: (string * ModuleSpec) list) : ModuleSpec =
        let names, specs = List.unzip children

        Map.ofList
            [
                SequentialBlock.layers.Name, List(List.map Module specs)
                SequentialBlock.names.Name, List(List.map Text names)
            ]
        |> Spec.create SequentialBlock.definition

module internal TransformerEncoderLayer =
    let inFeatures = TransformerParts.inFeatures
    let hiddenFeatures = TransformerParts.hiddenFeatures
    let outFeatures = TransformerParts.outFeatures
    let numHeads = TransformerParts.numHeads
    let batchFirst = TransformerParts.batchFirst
    let dimFeedforward = TransformerParts.dimFeedforward
    let dropout = TransformerParts.dropout
    let normFirst = TransformerParts.normFirst
    let isCausal = TransformerParts.isCausal

    let private block (arguments: Arguments) (place: BlockChain.Place) : ModuleSpec =
        let width = place.Output

        TransformerParts.named
            [
                "multihead", TransformerParts.sublayer arguments width (TransformerParts.selfAttention arguments place)
                "feed_forward", TransformerParts.sublayer arguments width (TransformerParts.feedForward arguments width)
            ]

    let definition =
        Definition.create "TransformerEncoderLayer" (TransformerParts.parameters isCausal) (fun arguments ->
            init {
                let! blocks = TransformerParts.blocks block arguments
                return forward (chain blocks)
            })
        |> Definition.withDocumentation
            "Blocks of self-attention and a feed-forward network, each with a way past it and a normalization."
        |> Definition.withShapes "(L, N, in_features) → (L, N, out_features), or (N, L, …) with batch_first"
        |> TransformerParts.described
        |> Definition.withSource "Deeplay, TransformerEncoderLayer"
        |> Definition.withExample
            [ inFeatures => 8; hiddenFeatures => [ 8 ]; outFeatures => 8; numHeads => 2 ]
            [ Example.tensor [ 5; 2; 8 ] ]
