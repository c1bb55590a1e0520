namespace Deeplay.FSharp

open Deeplay.Core

/// Loss functions: modules of two inputs, the prediction and the target. Parameters as in PyTorch.
[<RequireQualifiedAccess>]
module Losses =
    /// How the losses of a batch become one number.
    let reduction =
        Param.oneOf [ "mean"; "sum"; "none" ] "reduction"
        |> Param.withDefault "mean"
        |> Param.withDocumentation "How the losses of a batch become one number."

    /// A target value that does not count.
    let ignoreIndex =
        Param.int "ignore_index"
        |> Param.withDefault -100
        |> Param.withDocumentation "A target value that does not count."

    /// Where the Huber loss turns from squared to absolute.
    let delta =
        Param.float "delta"
        |> Param.withDefault 1.0
        |> Param.withDocumentation "Where the Huber loss turns from squared to absolute."

    /// Where the smooth L1 loss turns from squared to absolute.
    let beta =
        Param.float "beta"
        |> Param.withDefault 1.0
        |> Param.withDocumentation "Where the smooth L1 loss turns from squared to absolute."

    /// Whether targets are logarithms.
    let logTarget =
        Param.bool "log_target"
        |> Param.withDefault false
        |> Param.withDocumentation "Whether targets are logarithms."

    /// What all losses are special cases of.
    let definition =
        Definition.primitive "Loss" [] (fun _ _ ->
            Error
                {
                    Expected = "a loss of a kind"
                    Found = "the base of all losses"
                })
        |> Definition.withDocumentation "What all losses are special cases of."

    let private same =
        "prediction and target of one shape → one number, or that shape where reduction is 'none'"

    let private classes =
        "prediction (N, C, …) and class indices (N, …) → one number, or (N, …) where reduction is 'none'"

    let private make id parameters shapes documentation =
        let rule (arguments: Arguments) (inputs: Shape list) : Result<Inference, OpShape.Problem> =
            match inputs with
            | [ prediction; _ ] ->
                let reduced = arguments["reduction"] <> Text "none"

                Ok
                    {
                        Outputs = [ (if reduced then Ranked [] else prediction) ]
                        Inferred = []
                    }
            | _ ->
                Error
                    {
                        Expected = "a prediction and a target"
                        Found = $"{inputs.Length} inputs"
                    }

        Definition.primitive id (parameters @ [ reduction ]) rule
        |> Definition.withBase definition
        |> Definition.withDocumentation documentation
        |> Definition.withShapes shapes
        |> Definition.withSource $"torch.nn.{id}"

    /// Cross entropy of unnormalized logits (N, C, …) and class indices (N, …).
    let crossEntropyDefinition =
        make "CrossEntropyLoss" [ ignoreIndex ] classes "Cross entropy between logits and class indices."

    /// Mean squared error.
    let mseDefinition = make "MSELoss" [] same "The mean squared error."

    /// Mean absolute error.
    let l1Definition = make "L1Loss" [] same "The mean absolute error."

    /// Squared below `beta`, absolute above.
    let smoothL1Definition =
        make "SmoothL1Loss" [ beta ] same "Squared for small errors, absolute for large ones."

    /// Squared below `delta`, absolute above, scaled by `delta`.
    let huberDefinition =
        make "HuberLoss" [ delta ] same "Squared for small errors, linear for large ones."

    /// Negative log likelihood of log-probabilities and class indices.
    let nllDefinition =
        make "NLLLoss" [] classes "The negative log likelihood of log-probabilities."

    /// Binary cross entropy of probabilities.
    let bceDefinition = make "BCELoss" [] same "Binary cross entropy of probabilities."

    /// Binary cross entropy of logits.
    let bceWithLogitsDefinition =
        make "BCEWithLogitsLoss" [] same "Binary cross entropy of logits."

    /// The Kullback-Leibler divergence of log-probabilities from the target.
    let klDivDefinition =
        make "KLDivLoss" [ logTarget ] same "The Kullback-Leibler divergence."

    /// Every loss there is.
    let all =
        [
            crossEntropyDefinition
            mseDefinition
            l1Definition
            smoothL1Definition
            huberDefinition
            nllDefinition
            bceDefinition
            bceWithLogitsDefinition
            klDivDefinition
        ]
