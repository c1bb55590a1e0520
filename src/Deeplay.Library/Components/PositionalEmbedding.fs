namespace Deeplay.Library

open Deeplay.Core
open Deeplay.FSharp

/// What is added to each vector of a sequence so that its place is known.
module internal PositionalEmbedding =
    let features = Key.positive "features" "The size of the vectors."

    let maxLength = Key.positive "max_length" "The length of the longest sequence." |> Param.withDefault 5000

    let initializer =
        Key.choice
            [ "sinusoidal"; "normal" ]
            "initializer"
            "sinusoidal"
            "What the embeddings start from: sines and cosines of the position, or numbers of a normal distribution."

    let std = Key.notNegative "std" 1.0 "The standard deviation of the normal distribution."

    let learnable =
        Key.flag
            "learnable"
            false
            "Whether the embeddings are trained; else they are a buffer, saved and never changed."

    let batchFirst =
        MultiheadAttention.batchFirst
        |> Param.withDocumentation "Whether sequences are (N, L, features), else (L, N, features)."

    /// The embeddings as a parameter or a buffer, with a dimension of size 1 at `batch`.
    let embeddings (arguments: Arguments) batch : Init<Sym> =
        let sizes = [ arguments.Get maxLength; arguments.Get features ] |> List.insertAt batch 1

        let initial =
            match arguments.Get initializer with
            | "normal" -> Initial.normal 0.0 (arguments.Get std)
            | _ -> Initial.sinusoidal

        if arguments.Get learnable then parameter "embs" sizes initial else buffer "embs" sizes initial

    /// A dropout that drops nothing until it is told to.
    let noDropout = Spec.create Dropout.definition (Map.ofList [ Dropout.p => 0.0 ])

    let definition =
        Definition.create
            "PositionalEmbedding"
            [ features; maxLength; initializer; std; learnable; batchFirst ]
            (fun arguments ->
                let batch = if arguments.Get batchFirst then 0 else 1

                init {
                    let! embs = embeddings arguments batch
                    let! dropout = child "dropout" noDropout

                    return
                        forward (fun x ->
                            let length = Op.size (1 - batch) x
                            call dropout (x + Op.narrow (1 - batch) 0 length embs))
                })
        |> Definition.withDocumentation "Adds to each vector of a sequence what stands for its position."
        |> Definition.withShapes "(L, N, features) → the same, or (N, L, features) with batch_first; L up to max_length"
        |> Definition.withSource "Vaswani et al., 2017, Attention Is All You Need, section 3.5"
        |> Definition.withSource "Deeplay, PositionalEmbedding"
        |> Definition.withExample [ features => 8; maxLength => 20 ] [ Example.tensor [ 5; 2; 8 ] ]

/// Sequences of several lengths come as one, with the number of the sequence that each vector belongs to.
module internal IndexedPositionalEmbedding =
    let features = PositionalEmbedding.features
    let maxLength = PositionalEmbedding.maxLength
    let initializer = PositionalEmbedding.initializer
    let std = PositionalEmbedding.std
    let learnable = PositionalEmbedding.learnable

    // How many before it belong to the same sequence.
    let private positions (sequences: Sym) =
        Op.eq (Op.unsqueeze 1 sequences) (Op.unsqueeze 0 sequences)
        |> Op.toDType DType.Int64
        |> Op.tril -1
        |> Op.sum [ 1 ]

    let definition =
        Definition.create
            "IndexedPositionalEmbedding"
            [ features; maxLength; initializer; std; learnable ]
            (fun arguments ->
                init {
                    let! embs = PositionalEmbedding.embeddings arguments 1
                    let! dropout = child "dropout" PositionalEmbedding.noDropout

                    return
                        forwardOf [ "input"; "batch_index" ] (fun inputs ->
                            let table = Op.squeeze 1 embs
                            call dropout (inputs[0] + Op.embedding (positions inputs[1]) table))
                })
        |> Definition.withDocumentation
            "Adds to each vector what stands for its position in its sequence, where several sequences come one after another."
        |> Definition.withBase PositionalEmbedding.definition
        |> Definition.withShapes "(L, features), and the number of the sequence of each vector (L) → (L, features)"
        |> Definition.withSource "Deeplay, IndexedPositionalEmbedding"
        |> Definition.withExample [ features => 8; maxLength => 20 ] [ Example.tensor [ 5; 8 ]; Example.whole 1 [ 5 ] ]
