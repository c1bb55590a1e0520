namespace Deeplay.Library

open Deeplay.Core
open Deeplay.FSharp

/// Loss functions: modules of two inputs, the prediction and the target. Parameters as in PyTorch.
module internal Losses =
    /// How the losses of a batch become one number.
    let reduction =
        Param.oneOf [ "mean"; "sum"; "none" ] "reduction"
        |> Param.withDefault "mean"
        |> Param.withDocumentation "How the losses of a batch become one number."

    /// The same parameter for a divergence, which is defined as the mean over examples: "batchmean".
    let reductionOfDivergence =
        Param.oneOf [ "mean"; "sum"; "none"; "batchmean" ] "reduction"
        |> Param.withDefault "mean"
        |> Param.withDocumentation
            "How the losses of a batch become one number: 'batchmean' for their sum over the size of the batch."

    /// How much of a label is spread over all classes.
    let labelSmoothing =
        Param.float "label_smoothing"
        |> Param.withDefault 0.0
        // Source: PyTorch, cross_entropy_loss: "label_smoothing must be between 0.0 and 1.0".
        |> Param.withCheck "a float from 0 to 1" (fun share -> share >= 0.0 && share <= 1.0)
        |> Param.withDocumentation "How much of a label is spread over all classes."

    /// A target value that does not count.
    let ignoreIndex =
        Param.int "ignore_index"
        |> Param.withDefault -100
        |> Param.withDocumentation "A target value that does not count."

    /// Where the Huber loss turns from squared to absolute.
    let delta =
        Param.float "delta"
        |> Param.withDefault 1.0
        // Source: PyTorch: "huber_loss does not support non-positive values for delta."
        |> Param.withCheck "a float above 0" (fun delta -> delta > 0.0)
        |> Param.withDocumentation "Where the Huber loss turns from squared to absolute."

    /// Where the smooth L1 loss turns from squared to absolute.
    let beta =
        Param.float "beta"
        |> Param.withDefault 1.0
        // Source: PyTorch: "smooth_l1_loss does not support negative values for beta."
        |> Param.withCheck "a float of at least 0" (fun beta -> beta >= 0.0)
        |> Param.withDocumentation "Where the smooth L1 loss turns from squared to absolute."

    /// Whether targets are logarithms.
    let logTarget =
        Param.bool "log_target"
        |> Param.withDefault false
        |> Param.withDocumentation "Whether targets are logarithms."

    /// What all losses are special cases of.
    let definition =
        Definition.primitive "Loss" [] (fun _ _ ->
            Error { Expected = "a loss of a kind"; Found = "the base of all losses" })
        |> Definition.withDocumentation "What all losses are special cases of."

    let private fail expected (prediction: Shape) (target: Shape) : Result<Shape, OpShape.Problem> =
        Error { Expected = expected; Found = $"{prediction} and {target}" }

    /// Any two shapes that broadcast, as PyTorch takes for differences.
    let private broadcasting (prediction: Shape) target =
        match Shape.broadcast prediction target with
        | Some shape -> Ok shape
        | None -> fail "a prediction and a target that broadcast" prediction target

    // Source: PyTorch, binary_cross_entropy: "Please ensure they have the same size."
    let private ofSameSize (prediction: Shape) (target: Shape) =
        match prediction, target with
        | Ranked p, Ranked t when p.Length <> t.Length || not (List.forall2 Dim.agrees p t) ->
            fail "a target of the prediction's shape" prediction target
        | _ -> Ok prediction

    // Source: PyTorch docs, torch.nn.CrossEntropyLoss, "Shape": (C) and (), or (N, C, …) and (N, …); or probabilities of
    // the prediction's shape.
    let private ofClasses takesProbabilities (prediction: Shape) (target: Shape) =
        match prediction, target with
        | Ranked [], _ -> fail "a prediction of at least 1 dimension" prediction target
        | Ranked p, _ ->
            let each = if p.Length = 1 then [] else List.removeAt 1 p

            match target with
            | Ranked t when t.Length = each.Length && List.forall2 Dim.agrees t each -> Ok(Ranked each)
            | Ranked t when takesProbabilities && t.Length = p.Length && List.forall2 Dim.agrees t p ->
                Ok(Ranked each)
            | Unranked -> Ok(Ranked each)
            | _ -> fail $"a target of shape {Ranked each}" prediction target
        | _ -> Ok Unranked

    let private broadcast =
        broadcasting,
        "prediction and target of one shape → one number, or that shape where reduction is 'none'; other shapes broadcast"

    let private same =
        ofSameSize, "prediction and target of one shape → one number, or that shape where reduction is 'none'"

    let private classes =
        ofClasses false,
        "prediction (N, C, …) and class indices (N, …) → one number, or (N, …) where reduction is 'none'"

    let private classesOrProbabilities =
        ofClasses true,
        "prediction (N, C, …) and class indices (N, …) or probabilities (N, C, …) → one number, or (N, …) where "
        + "reduction is 'none'"

    let private make
        id
        parameters
        (each: Shape -> Shape -> Result<Shape, OpShape.Problem>, shapes)
        documentation
        =
        let rule (arguments: Arguments) (inputs: Shape list) : Result<Inference, OpShape.Problem> =
            match inputs with
            | [ prediction; target ] ->
                each prediction target
                |> Result.map (fun each ->
                    {
                        Outputs = [ (if arguments["reduction"] = Text "none" then each else Ranked []) ]
                        Inferred = []
                    })
            | _ -> Error { Expected = "a prediction and a target"; Found = $"{inputs.Length} inputs" }

        Definition.primitive id parameters rule
        |> Definition.withBase definition
        |> Definition.withDocumentation documentation
        |> Definition.withShapes shapes
        |> Definition.withSource $"torch.nn.{id}"

    /// Cross entropy of unnormalized logits (N, C, …) and class indices (N, …) or class probabilities (N, C, …).
    let crossEntropyDefinition =
        make
            "CrossEntropyLoss"
            [ ignoreIndex; reduction; labelSmoothing ]
            classesOrProbabilities
            "Cross entropy between logits and class indices or probabilities."

    /// Mean squared error.
    let mseDefinition = make "MSELoss" [ reduction ] broadcast "The mean squared error."

    /// Mean absolute error.
    let l1Definition = make "L1Loss" [ reduction ] broadcast "The mean absolute error."

    /// Squared below `beta`, absolute above.
    let smoothL1Definition =
        make "SmoothL1Loss" [ beta; reduction ] broadcast "Squared for small errors, absolute for large ones."

    /// Squared below `delta`, absolute above, scaled by `delta`.
    let huberDefinition =
        make "HuberLoss" [ delta; reduction ] broadcast "Squared for small errors, linear for large ones."

    /// Negative log likelihood of log-probabilities and class indices.
    let nllDefinition =
        make "NLLLoss" [ reduction ] classes "The negative log likelihood of log-probabilities."

    /// Binary cross entropy of probabilities.
    let bceDefinition = make "BCELoss" [ reduction ] same "Binary cross entropy of probabilities."

    /// Binary cross entropy of logits.
    let bceWithLogitsDefinition =
        make "BCEWithLogitsLoss" [ reduction ] same "Binary cross entropy of logits."

    /// The Kullback-Leibler divergence of log-probabilities from the target.
    let klDivDefinition =
        make "KLDivLoss" [ logTarget; reductionOfDivergence ] broadcast "The Kullback-Leibler divergence."

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
