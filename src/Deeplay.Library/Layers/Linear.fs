namespace Deeplay.Library

open Deeplay.Core
open Deeplay.FSharp

module internal Linear =
    let inFeatures = Key.positive "in_features" "The input's last size; inferred where not set." |> Param.inferred

    let outFeatures = Key.positive "out_features" "The output's last size."
    let bias = Key.bias

    // Source: PyTorch docs, torch.nn.Linear, "Shape".
    let private rule =
        Rule.ranked (fun arguments ->
            let out = Known(int64 (arguments.Get outFeatures))

            function
            | [] -> Rule.fail "an input of at least 1 dimension" (Ranked [])
            | dims ->
                Rule.width arguments inFeatures "last dimension" (List.last dims) (Ranked dims)
                |> Result.map (fun (_, inferred) ->
                    { Outputs = [ Ranked(List.updateAt (dims.Length - 1) out dims) ]; Inferred = inferred }))

    let definition =
        Layer.create
            "Linear"
            [ inFeatures; outFeatures; bias ]
            rule
            "A linear map of the last dimension: x Wᵀ + b."
            "(…, in_features) → (…, out_features)"
        |> Definition.withExample [ inFeatures => 3; outFeatures => 4 ] [ Example.tensor [ 2; 3 ] ]
        |> Definition.withWeights (Weights.weightAndBias (fun a -> a.Get bias) [ "out_features"; "in_features" ])
        |> Definition.withMethods Reparametrization.all

module internal Bilinear =
    let private input name which =
        Key.positive name $"The {which} input's last size; inferred where not set." |> Param.inferred

    let in1Features = input "in1_features" "first"
    let in2Features = input "in2_features" "second"
    let outFeatures = Linear.outFeatures
    let bias = Key.bias

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
                        { Outputs = [ Ranked(List.choose id outer @ [ out ]) ]; Inferred = inferred1 @ inferred2 }))
        | [ _; _ ] -> Rule.gives Unranked
        | _ -> Rule.fail "2 inputs" inputs.Length

    let definition =
        Layer.create
            "Bilinear"
            [ in1Features; in2Features; outFeatures; bias ]
            rule
            "A bilinear map of the last dimensions of two inputs: x₁ᵀ A x₂ + b."
            "(…, in1_features) and (…, in2_features) → (…, out_features)"
        |> Definition.withExample
            [ in1Features => 3; in2Features => 5; outFeatures => 4 ]
            [ Example.tensor [ 2; 3 ]; Example.tensor [ 2; 5 ] ]
        |> Definition.withWeights (
            Weights.weightAndBias (fun a -> a.Get bias) [ "out_features"; "in1_features"; "in2_features" ]
        )
