namespace Deeplay.Library

open Deeplay.Core
open Deeplay.FSharp

/// The vectors of several numbers made one.
module internal EmbeddingBag =
    let numEmbeddings = Embedding.numEmbeddings
    let embeddingDim = Embedding.embeddingDim
    let maxNorm = Embedding.maxNorm
    let normType = Embedding.normType
    let scaleGradByFreq = Embedding.scaleGradByFreq

    let mode =
        Key.choice
            [ "sum"; "mean"; "max" ]
            "mode"
            "mean"
            "What becomes of the vectors of a bag: their sum, mean or largest."

    let sparse = Embedding.sparse

    let includeLastOffset =
        Key.flag "include_last_offset" false "Whether the last of the offsets is where the last bag ends."

    let paddingIdx =
        Key.nullable (Param.int "padding_idx")
        |> Param.withDocumentation
            "The number whose vector counts in no bag, and is not learned; negative from the end."

    // Source: PyTorch docs, torch.nn.EmbeddingBag, "Shape".
    let private rule (arguments: Arguments) (inputs: Shape list) : Result<Inference, OpShape.Problem> =
        let gives bags = Rule.gives (Ranked [ bags; Known(int64 (arguments.Get embeddingDim)) ])

        match inputs with
        | Unranked :: _ -> gives Unknown
        | [ Ranked [ bags; _ ] ] -> gives bags
        | [ Ranked [ _ ]; Ranked [ bags ] ] when arguments.Get includeLastOffset ->
            gives (Dim.map (fun n -> n - 1L) bags)
        | [ Ranked [ _ ]; Ranked [ bags ] ] -> gives bags
        | [ Ranked [ _ ]; Unranked ] -> gives Unknown
        | [ Ranked [ _ ]; offsets ] -> Rule.fail "offsets of 1 dimension" offsets
        | [ Ranked [ _ ] as all ] -> Rule.fail "an input of 2 dimensions, or the offsets of bags as a second input" all
        | [ input; _ ] -> Rule.fail "an input of 1 dimension beside offsets" input
        | [ input ] -> Rule.fail "an input of 2 dimensions" input
        | _ -> Rule.fail "1 input, or 2 with the offsets of bags" inputs.Length

    let private extra (arguments: Arguments) =
        [
            Extra.value arguments numEmbeddings.Name
            Extra.value arguments embeddingDim.Name
            for key in [ maxNorm :> Param; normType; scaleGradByFreq ] do
                if arguments[key.Name] <> key.Parameter.Default then Extra.named [ key.Name ] arguments
            $"mode={arguments.Get mode}"
            if arguments[paddingIdx.Name] <> Null then Extra.named [ paddingIdx.Name ] arguments
        ]
        |> String.concat ", "

    let definition =
        Layer.create
            "EmbeddingBag"
            [
                numEmbeddings
                embeddingDim
                maxNorm
                normType
                scaleGradByFreq
                mode
                sparse
                includeLastOffset
                paddingIdx
            ]
            rule
            "The sum, mean or largest of the learned vectors of several numbers."
            "(N, L) whole numbers, or (L) and the offsets (N) at which bags begin → (N, embedding_dim)"
        // libtorch takes bools for numbers 0 and 1 here.
        |> Definition.withElements (Embedding.kinds [ ElementKind.Whole; ElementKind.Boolean; ElementKind.Unknown ])
        |> Definition.withExtra extra
        // Source: PyTorch docs, torch.nn.EmbeddingBag: neither is supported with mode="max".
        |> Definition.withCheck (fun arguments ->
            [
                if arguments.TryGet mode = Some "max" then
                    for flag in [ scaleGradByFreq; sparse ] do
                        if arguments.TryGet flag = Some true then flag, "False where mode is 'max'"
            ])
        // Built by itself it takes an array, with the offsets or without.
        |> Definition.withExample [ numEmbeddings => 10; embeddingDim => 4 ] []
        |> Definition.withWeights (Weights.weightAndBias (fun _ -> false) [ "num_embeddings"; "embedding_dim" ])
