namespace Deeplay.Library

open Deeplay.Core
open Deeplay.FSharp

/// `torch.nn.Embedding`: a learned vector for each number, (…) → (…, embedding_dim).
module internal Embedding =
    /// How many numbers there are, from 0 on.
    let numEmbeddings =
        Common.positive "num_embeddings" |> Param.withDocumentation "How many numbers there are, from 0 on."

    /// The size of a vector.
    let embeddingDim = Common.positive "embedding_dim" |> Param.withDocumentation "The size of a vector."

    /// The number whose vector is not learned; negative from the end.
    let paddingIdx =
        Common.nullable (Param.int "padding_idx")
        |> Param.withDocumentation "The number whose vector is not learned; negative from the end."

    /// The largest norm a vector may have.
    let maxNorm =
        Common.nullable (Param.float "max_norm")
        |> Param.withDocumentation "The largest norm a vector may have."

    /// Which norm that is.
    let normType =
        Param.float "norm_type" |> Param.withDefault 2.0 |> Param.withDocumentation "Which norm that is."

    /// Whether a gradient is divided by how often its number is in the batch.
    let scaleGradByFreq =
        Param.bool "scale_grad_by_freq"
        |> Param.withDefault false
        |> Param.withDocumentation "Whether a gradient is divided by how often its number is in the batch."

    /// Whether the gradient is a sparse tensor.
    let sparse =
        Param.bool "sparse"
        |> Param.withDefault false
        |> Param.withDocumentation "Whether the gradient is a sparse tensor."

    // Source: PyTorch docs, torch.nn.Embedding, "Shape".
    let private rule =
        Rule.one (fun arguments input ->
            let width = Known(int64 (arguments.Get embeddingDim))

            match input with
            | Unranked -> Rule.gives Unranked
            | Ranked dims -> Rule.gives (Ranked(dims @ [ width ])))

    // Source: PyTorch, Embedding.__init__: "Padding_idx must be within num_embeddings".
    let private paddingIsThere (arguments: Arguments) : (Param * string) list =
        match arguments.TryGet paddingIdx, arguments.TryGet numEmbeddings with
        | Some index, Some count when index >= count || index < -count ->
            [ paddingIdx, $"within the {count} embeddings" ]
        | _ -> []

    let private extra (arguments: Arguments) =
        // PyTorch counts from the front what was given from the end.
        let arguments =
            match arguments.TryGet paddingIdx, arguments.TryGet numEmbeddings with
            | Some index, Some count when index < 0 ->
                arguments.With(paddingIdx.Name, Int(int64 (index + count)))
            | _ -> arguments

        let unless standard (key: Param) =
            if arguments[key.Name] = standard then [] else [ Extra.named [ key.Name ] arguments ]

        [
            Extra.value arguments numEmbeddings.Name
            Extra.value arguments embeddingDim.Name
            yield! unless Null paddingIdx
            yield! unless Null maxNorm
            yield! unless (Float 2.0) normType
            yield! unless (Bool false) scaleGradByFreq
            yield! unless (Bool false) sparse
        ]
        |> String.concat ", "

    /// Parameters: num_embeddings, embedding_dim, padding_idx, max_norm, norm_type, scale_grad_by_freq, sparse.
    let definition =
        LayerDefinition.create
            "Embedding"
            [ numEmbeddings; embeddingDim; paddingIdx; maxNorm; normType; scaleGradByFreq; sparse ]
            rule
            "A learned vector for each number."
            extra
        |> Definition.withWeights (Weights.weight [ "num_embeddings"; "embedding_dim" ])
        |> Definition.withShapes "(…) whole numbers → (…, embedding_dim)"
        |> Definition.withCheck paddingIsThere

/// The layers of this file.
module internal EmbeddingLayers =
    let all = [ Embedding.definition ]
