namespace Deeplay.Library

open Deeplay.Core
open Deeplay.FSharp

/// `torch.nn.Linear`: x Wᵀ + b on the last dimension, (…, in_features) → (…, out_features).
module internal Linear =
    /// The size of the last dimension of the input; inferred where it is not set.
    let inFeatures =
        Common.positive "in_features"
        |> Param.inferred
        |> Param.withDocumentation "The input's last size; inferred where not set."

    /// The size of the last dimension of the output.
    let outFeatures = Common.positive "out_features" |> Param.withDocumentation "The output's last size."

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
                    { Outputs = [ Ranked(List.updateAt (dims.Length - 1) out dims) ]; Inferred = inferred }))

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

/// `torch.nn.Bilinear`: x₁ᵀ A x₂ + b on the last dimensions, (…, in1_features) and (…, in2_features) → (…, out_features).
module internal Bilinear =
    /// The size of the last dimension of the first input; inferred where it is not set.
    let in1Features =
        Common.positive "in1_features"
        |> Param.withDocumentation "The first input's last size; inferred where not set."
        |> Param.inferred

    /// The size of the last dimension of the second input; inferred where it is not set.
    let in2Features =
        Common.positive "in2_features"
        |> Param.withDocumentation "The second input's last size; inferred where not set."
        |> Param.inferred

    /// The size of the last dimension of the output.
    let outFeatures = Linear.outFeatures

    /// Whether a learned bias is added.
    let bias = Common.bias

    // Source: PyTorch docs, torch.nn.Bilinear, "Shape": all but the last dimensions of the inputs are the same.
    let private rule (arguments: Arguments) (inputs: Shape list) : Result<Inference, OpShape.Problem> =
        let out = Known(int64 (arguments.Get outFeatures))

        match inputs with
        | [ Ranked [] as scalar; _ ]
        | [ _; Ranked [] as scalar ] -> Rule.fail "inputs of at least 1 dimension" scalar
        | [ Ranked first as input1; Ranked second as input2 ] ->
            let outer =
                if first.Length = second.Length then
                    List.map2 Dim.unify first[.. first.Length - 2] second[.. second.Length - 2]
                else
                    [ None ]

            if List.contains None outer then
                Rule.fail "inputs that differ in the last dimension alone" $"{input1} and {input2}"
            else
                let width key dims = Rule.width arguments key "last dimension" (List.last dims)

                width in1Features first input1
                |> Result.bind (fun (_, inferred1) ->
                    width in2Features second input2
                    |> Result.map (fun (_, inferred2) ->
                        {
                            Outputs = [ Ranked(List.choose id outer @ [ out ]) ]
                            Inferred = inferred1 @ inferred2
                        }))
        | [ _; _ ] -> Rule.gives Unranked
        | _ -> Rule.fail "2 inputs" inputs.Length

    let private weights (arguments: Arguments) =
        Weights.weightAndBias [ "out_features"; "in1_features"; "in2_features" ] "out_features" arguments

    /// Parameters: in1_features, in2_features, out_features, bias.
    let definition =
        LayerDefinition.create
            "Bilinear"
            [ in1Features; in2Features; outFeatures; bias ]
            rule
            "A bilinear map of the last dimensions of two inputs: x₁ᵀ A x₂ + b."
            (Extra.named [ "in1_features"; "in2_features"; "out_features"; "bias" ])
        |> Definition.withWeights weights
        |> Definition.withShapes "(…, in1_features) and (…, in2_features) → (…, out_features)"

/// The layers of this file.
module internal LinearLayers =
    let all = [ Linear.definition; Bilinear.definition ]
