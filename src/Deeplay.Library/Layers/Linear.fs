namespace Deeplay.FSharp

open Deeplay.Core

/// `torch.nn.Linear`: x Wᵀ + b on the last dimension, (…, in_features) → (…, out_features).
[<RequireQualifiedAccess>]
module Linear =
    /// The size of the last dimension of the input; inferred where it is not set.
    let inFeatures =
        Common.positive "in_features"
        |> Param.inferred
        |> Param.withDocumentation "The input's last size; inferred where not set."

    /// The size of the last dimension of the output.
    let outFeatures =
        Common.positive "out_features"
        |> Param.withDocumentation "The output's last size."

    /// Whether a learned bias is added.
    let bias = Common.bias

    // Source: PyTorch docs, torch.nn.Linear, "Shape".
    let private rule =
        Rule.one (fun arguments input ->
            let out = Known(int64 (arguments.Get outFeatures))

            match input with
            | Unranked -> Rule.gives Unranked
            | Ranked [] -> Rule.fail "an input of at least 1 dimension" input
            | Ranked dims ->
                Rule.width arguments inFeatures "last dimension" (List.last dims) input
                |> Result.map (fun (_, inferred) ->
                    {
                        Outputs = [ Ranked(List.updateAt (dims.Length - 1) out dims) ]
                        Inferred = inferred
                    }))

    /// Parameters: in_features, out_features, bias.
    let definition =
        LayerDefinition.create
            "Linear"
            [ inFeatures; outFeatures; bias ]
            rule
            "A linear map of the last dimension: x Wᵀ + b."
            (Extra.named [ "in_features"; "out_features"; "bias" ])
        |> Definition.withWeights (Weights.weightAndBias [ "out_features"; "in_features" ] "out_features")
        |> Definition.withShapes "(…, in_features) → (…, out_features)"
