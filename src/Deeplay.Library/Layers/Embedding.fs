namespace Deeplay.Library

open Deeplay.Core
open Deeplay.FSharp

module internal Embedding =
    let numEmbeddings = Key.positive "num_embeddings" "How many numbers there are, from 0 on."
    let embeddingDim = Key.positive "embedding_dim" "The size of a vector."

    let paddingIdx =
        Key.nullable (Param.int "padding_idx")
        |> Param.withDocumentation "The number whose vector is not learned; negative from the end."

    let maxNorm =
        Key.nullable (Param.float "max_norm")
        |> Param.withDocumentation "The largest norm a vector may have."

    let normType = Key.number "norm_type" 2.0 "Which norm that is."

    let scaleGradByFreq =
        Key.flag "scale_grad_by_freq" false "Whether a gradient is divided by how often its number is in the batch."

    let sparse = Key.flag "sparse" false "Whether the gradient is a sparse tensor."

    // Source: PyTorch docs, torch.nn.Embedding, "Shape".
    let private rule =
        Rule.ranked (fun arguments ->
            let width = Known(int64 (arguments.Get embeddingDim))
            fun dims -> Rule.gives (Ranked(dims @ [ width ])))

    // Source: PyTorch, Embedding.__init__: "Padding_idx must be within num_embeddings".
    let private paddingIsThere (arguments: Arguments) : (Param * string) list =
        match arguments.TryGet paddingIdx, arguments.TryGet numEmbeddings with
        | Some index, Some count when index >= count || index < -count ->
            [ paddingIdx, $"within the {string count} embeddings" ]
        | _ -> []

    let private extra (arguments: Arguments) =
        // PyTorch counts from the front what was given from the end.
        let arguments =
            match arguments.TryGet paddingIdx, arguments.TryGet numEmbeddings with
            | Some index, Some count when index < 0 -> arguments.With(paddingIdx.Name, Int(int64 (index + count)))
            | _ -> arguments

        [
            Extra.value arguments numEmbeddings.Name
            Extra.value arguments embeddingDim.Name
            for key in [ paddingIdx :> Param; maxNorm; normType; scaleGradByFreq; sparse ] do
                if arguments[key.Name] <> key.Parameter.Default then Extra.named [ key.Name ] arguments
        ]
        |> String.concat ", "

    /// Numbers of these kinds become floating-point vectors.
    let kinds (taken: ElementKind list) : ElementRule =
        ElementRule(fun given ->
            match List.tryHead given with
            | Some kind when not (List.contains kind taken) ->
                KindRule.fail (ElementKind.describe ElementKind.Whole) [ kind ]
            | _ -> Ok [ ElementKind.Floating ])

    let definition =
        Layer.create
            "Embedding"
            [ numEmbeddings; embeddingDim; paddingIdx; maxNorm; normType; scaleGradByFreq; sparse ]
            rule
            "A learned vector for each number."
            "(…) whole numbers → (…, embedding_dim)"
        |> Definition.withElements (kinds [ ElementKind.Whole; ElementKind.Unknown ])
        |> Definition.withExample [ numEmbeddings => 10; embeddingDim => 4 ] [ Example.whole 10 [ 2; 5 ] ]
        |> Definition.withExtra extra
        |> Definition.withWeights (Weights.weightAndBias (fun _ -> false) [ "num_embeddings"; "embedding_dim" ])
        |> Definition.withCheck paddingIsThere
