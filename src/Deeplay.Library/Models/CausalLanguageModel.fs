namespace Deeplay.Library

open Deeplay.Core
open Deeplay.FSharp

/// A model of what comes next in a text; by default as large as the smallest GPT-2.
[<Group "Models">]
module internal CausalLanguageModel =
    let vocabSize = Key.positive "vocab_size" "How many tokens there are." |> Param.withDefault 50257

    let maxLength =
        Key.positive
            "max_length"
            "The length of the longest text, where positions are embedded; rotary ones know no bound."
        |> Param.withDefault 1024

    let features = Key.positive "features" "The width of the model." |> Param.withDefault 768
    let numLayers = Key.count "num_layers" "The number of blocks." |> Param.withDefault 12

    let numHeads = GroupedQueryAttention.numHeads |> Param.withDefault 12
    let numKvHeads = GroupedQueryAttention.numKvHeads

    let dimFeedforward =
        Key.positive "dim_feedforward" "The width inside of each feed-forward network; four times features where null."
        |> Key.nullable

    let positions =
        Key.choice
            [ "learned"; "sinusoidal"; "rotary" ]
            "positions"
            "learned"
            "How places are told apart: by vectors that are added to the tokens', learned or sinusoidal, or by turning queries and keys."

    let rotaryBase = Key.number "rotary_base" 10000.0 "The base of rotary positions."

    let normalization =
        Param.spec "normalization"
        |> Param.withDefault (Spec.create LayerNorm.definition Map.empty)
        |> Param.withDocumentation "The normalization, which takes the width of the model; a layer norm by default."

    let activation =
        Param.spec "activation"
        |> Param.withDefault (Spec.create GELU.definition (Map.ofList [ GELU.approximate => "tanh" ]))
        |> Param.withDocumentation
            "The activation of feed-forward networks; a GELU by its tanh approximation by default."

    let gated = FeedForward.gated
    let bias = Key.flag "bias" true "Whether the linear layers of the blocks have a learned bias."

    let tieWeights =
        Key.flag
            "tie_weights"
            true
            "Whether the vectors of the tokens are the weights of the head, too; else it has its own."

    let dropout =
        Key.dropout
            "The probability of a number to be zeroed behind the embeddings, attention and feed-forward networks, and of a weight of attention."

    let private norm (arguments: Arguments) =
        BlockWidth.give (Some(int64 (arguments.Get features))) (arguments.Get normalization)

    let private block (arguments: Arguments) : ModuleSpec =
        let width = arguments.Get features
        let p = arguments.Get dropout

        let attention =
            [
                GroupedQueryAttention.features => width
                GroupedQueryAttention.numHeads => arguments.Get numHeads
                numKvHeads.Name, arguments[numKvHeads.Name]
                GroupedQueryAttention.bias => arguments.Get bias
                GroupedQueryAttention.dropout => p
                GroupedQueryAttention.isCausal => true
                if arguments.Get positions = "rotary" then
                    GroupedQueryAttention.rotaryBase.Name, arguments[rotaryBase.Name]
            ]
            |> BlockChain.given
            |> Spec.create GroupedQueryAttention.definition

        let feedForward =
            Map.ofList
                [
                    FeedForward.features => width
                    FeedForward.dimFeedforward => (arguments.TryGet dimFeedforward |> Option.defaultValue (4 * width))
                    FeedForward.activation => arguments.Get activation
                    FeedForward.gated => arguments.Get gated
                    FeedForward.bias => arguments.Get bias
                ]
            |> Spec.create FeedForward.definition

        let around layer =
            Map.ofList
                [
                    LayerDropoutSkipNormalization.layer => layer
                    LayerDropoutSkipNormalization.dropout
                    => Some(Spec.create Dropout.definition (Map.ofList [ Dropout.p => p ]))
                    LayerDropoutSkipNormalization.normalization => Some(norm arguments)
                    LayerDropoutSkipNormalization.order => Some [ "normalization"; "layer"; "dropout"; "skip" ]
                ]
            |> Spec.create LayerDropoutSkipNormalization.definition

        TransformerParts.named [ "multihead", around attention; "feed_forward", around feedForward ]

    // Source: Radford et al., 2019, section 2.3: what is added to the stream is smaller the more blocks add to it.
    let private initialize (layers: int) (isGated: bool) : Init<unit> =
        fun builder ->
            let normal (target: string) std hasBias =
                let given = Map.ofList [ Initialization.std => std; if hasBias then Initialization.bias => Some 0.0 ]

                builder.Change(Tag.parse target, Verbs.act Initialization.normal given, true)

            let hasBias = builder.Arguments.Get bias
            let last = 0.02 / sqrt (2.0 * float layers)

            for i in 0 .. layers - 1 do
                let attention = $"blocks.{string i}.multihead.layer"
                let feedForward = $"blocks.{string i}.feed_forward.layer"

                for name in [ "q_proj"; "k_proj"; "v_proj" ] do
                    normal $"{attention}.{name}" 0.02 hasBias

                if isGated then normal $"{feedForward}.gate" 0.02 hasBias
                normal $"{feedForward}.up" 0.02 hasBias
                normal $"{attention}.out_proj" last hasBias
                normal $"{feedForward}.down" last hasBias

    let private optional name (spec: ModuleSpec option) : Init<Sym -> Sym> =
        match spec with
        | None -> init { return id }
        | Some spec ->
            init {
                let! handle = child name spec
                return call handle
            }

    // The vectors of tokens, and the scores of tokens for a vector.
    let private tokens (arguments: Arguments) : Init<(Sym -> Sym) * Init<Sym -> Sym>> =
        let count, width = arguments.Get vocabSize, arguments.Get features
        let std = Verbs.act Initialization.normal (Map.ofList [ Initialization.std => 0.02 ])

        if arguments.Get tieWeights then
            init {
                let! table = parameter "embedding" [ count; width ] (Initial.normal 0.0 0.02)

                return (fun tokens -> Op.embedding tokens table), init { return fun x -> Op.linearWithoutBias x table }
            }
        else
            let embedding = Map.ofList [ Embedding.numEmbeddings => count; Embedding.embeddingDim => width ]
            let head = Map.ofList [ Linear.inFeatures => width; Linear.outFeatures => count; Linear.bias => false ]

            init {
                let! embedding = child "embedding" (Spec.create Embedding.definition embedding)
                do! fun builder -> builder.Change(embedding.Target, std, true)

                return
                    call embedding,
                    init {
                        let! head = child "head" (Spec.create Linear.definition head)
                        do! fun builder -> builder.Change(head.Target, std, true)
                        return call head
                    }
            }

    let private positionalEmbedder (arguments: Arguments) : ModuleSpec option =
        let isLearned = arguments.Get positions = "learned"

        if arguments.Get positions = "rotary" then
            None
        else
            Map.ofList
                [
                    PositionalEmbedding.features => arguments.Get features
                    PositionalEmbedding.maxLength => arguments.Get maxLength
                    PositionalEmbedding.initializer => (if isLearned then "normal" else "sinusoidal")
                    PositionalEmbedding.std => 0.02
                    PositionalEmbedding.learnable => isLearned
                    PositionalEmbedding.batchFirst => true
                ]
            |> Spec.create PositionalEmbedding.definition
            |> Some

    let private body (arguments: Arguments) : Init<Forward> =
        let layers, p = arguments.Get numLayers, arguments.Get dropout
        let block = Module(block arguments)
        let blocks = Map.ofList [ LayerList.layers.Name, List(List.replicate layers block) ]

        init {
            let! embed, head = tokens arguments
            let! place = optional "positional_embedder" (positionalEmbedder arguments)
            let! dropped = child "dropout" (Spec.create Dropout.definition (Map.ofList [ Dropout.p => p ]))
            let! blocks = child "blocks" (Spec.create LayerList.definition blocks)
            let! normalization = child "normalization" (norm arguments)
            let! head = head
            do! initialize layers (arguments.Get gated)

            return
                forwardOf [ "tokens" ] (fun inputs ->
                    inputs.Head |> embed |> place |> call dropped |> chain blocks |> call normalization |> head)
        }

    let definition =
        Definition.create
            "CausalLanguageModel"
            [
                vocabSize
                maxLength
                features
                numLayers
                numHeads
                numKvHeads
                dimFeedforward
                positions
                rotaryBase
                normalization
                activation
                gated
                bias
                tieWeights
                dropout
            ]
            body
        |> Definition.withDocumentation
            "A transformer that says of each token of a text how likely each token is to come next: like GPT-2 by default, like Llama with rotary positions, RMSNorm, a gated SiLU and no biases."
        |> Definition.withShapes "(N, L) whole numbers → (N, L, vocab_size)"
        |> Definition.withSource "Radford et al., 2019, Language Models are Unsupervised Multitask Learners"
        |> Definition.withSource "Touvron et al., 2023, LLaMA"
        |> Definition.withExample
            [ vocabSize => 100; maxLength => 32; features => 16; numLayers => 2; numHeads => 4 ]
            [ Example.whole 100 [ 2; 12 ] ]
