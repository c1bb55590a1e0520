namespace Deeplay.Library

open Deeplay.Core
open Deeplay.FSharp

/// Loss functions: modules of two inputs, the prediction and the target. Parameters as in PyTorch.
module internal Losses =
    let private reductions choices more =
        Key.choice choices "reduction" "mean" ("How the losses of a batch become one number" + more)

    let reduction = reductions [ "mean"; "sum"; "none" ] "."

    /// The same parameter for a divergence, which is defined as the mean over examples.
    let reductionOfDivergence =
        reductions [ "mean"; "sum"; "none"; "batchmean" ] ": 'batchmean' for their sum over the size of the batch."

    let labelSmoothing =
        Key.number "label_smoothing" 0.0 "How much of a label is spread over all classes."
        // Source: PyTorch, cross_entropy_loss: "label_smoothing must be between 0.0 and 1.0".
        |> Param.withCheck "a float from 0 to 1" (fun share -> share >= 0.0 && share <= 1.0)

    let ignoreIndex = Key.whole "ignore_index" -100 "A target value that does not count."

    let delta =
        Key.number "delta" 1.0 "Where the Huber loss turns from squared to absolute."
        // Source: PyTorch: "huber_loss does not support non-positive values for delta."
        |> Param.withCheck "a float above 0" (fun delta -> delta > 0.0)

    // Source: PyTorch: "smooth_l1_loss does not support negative values for beta."
    let beta = Key.notNegative "beta" 1.0 "Where the smooth L1 loss turns from squared to absolute."

    let logTarget = Key.flag "log_target" false "Whether targets are logarithms."

    let definition =
        Definition.primitive "Loss" [] (fun _ _ -> Rule.fail "a loss of a kind" "the base of all losses")
        |> Definition.withDocumentation "What all losses are special cases of."

    let private fail expected (prediction: Shape) (target: Shape) : Result<Shape, OpShape.Problem> =
        Rule.fail expected $"{prediction} and {target}"

    let private agree (a: Dim list) (b: Dim list) = a.Length = b.Length && List.forall2 Dim.agrees a b

    // What losses take and give, as a rule and in words: any two shapes that broadcast, as PyTorch takes for differences.
    let private broadcast =
        (fun prediction target ->
            match Shape.broadcast prediction target with
            | Some shape -> Ok shape
            | None -> fail "a prediction and a target that broadcast" prediction target),
        "prediction and target of one shape → one number, or that shape where reduction is 'none'; other shapes broadcast"

    // Source: PyTorch, binary_cross_entropy: "Please ensure they have the same size."
    let private same =
        (fun prediction target ->
            match prediction, target with
            | Ranked p, Ranked t when not (agree p t) -> fail "a target of the prediction's shape" prediction target
            | _ -> Ok prediction),
        "prediction and target of one shape → one number, or that shape where reduction is 'none'"

    // Source: PyTorch docs, torch.nn.CrossEntropyLoss, "Shape": (C) and (), or (N, C, …) and (N, …); or probabilities of
    // the prediction's shape.
    let private classes takesProbabilities =
        let rule prediction target =
            match prediction, target with
            | Unranked, _ -> Ok Unranked
            | Ranked [], _ -> fail "a prediction of at least 1 dimension" prediction target
            | Ranked p, _ ->
                let each = if p.Length = 1 then [] else List.removeAt 1 p

                match target with
                | Ranked t when not (agree t each || (takesProbabilities && agree t p)) ->
                    fail $"a target of shape {Ranked each}" prediction target
                | _ -> Ok(Ranked each)

        let probabilities = if takesProbabilities then " or probabilities (N, C, …)" else ""

        rule,
        $"prediction (N, C, …) and class indices (N, …){probabilities} → one number, or (N, …) where reduction is 'none'"

    let private create id parameters (each: Shape -> Shape -> Result<Shape, OpShape.Problem>, shapes) documentation =
        let rule (arguments: Arguments) (inputs: Shape list) : Result<Inference, OpShape.Problem> =
            match inputs with
            | [ prediction; target ] ->
                each prediction target
                |> Result.bind (fun each ->
                    Rule.gives (if arguments["reduction"] = Text "none" then each else Ranked []))
            | _ -> Rule.fail "a prediction and a target" $"{string inputs.Length} inputs"

        Definition.primitive id parameters rule
        |> Definition.withBase definition
        |> Definition.withDocumentation documentation
        |> Definition.withShapes shapes
        |> Definition.withSource $"torch.nn.{id}"

    let crossEntropyDefinition =
        create
            "CrossEntropyLoss"
            [ ignoreIndex; reduction; labelSmoothing ]
            (classes true)
            "Cross entropy between logits and class indices or probabilities."

    let mseDefinition = create "MSELoss" [ reduction ] broadcast "The mean squared error."
    let l1Definition = create "L1Loss" [ reduction ] broadcast "The mean absolute error."

    let smoothL1Definition =
        create "SmoothL1Loss" [ beta; reduction ] broadcast "Squared for small errors, absolute for large ones."

    let huberDefinition =
        create "HuberLoss" [ delta; reduction ] broadcast "Squared for small errors, linear for large ones."

    let nllDefinition =
        create "NLLLoss" [ reduction ] (classes false) "The negative log likelihood of log-probabilities."

    let bceDefinition = create "BCELoss" [ reduction ] same "Binary cross entropy of probabilities."

    let bceWithLogitsDefinition = create "BCEWithLogitsLoss" [ reduction ] same "Binary cross entropy of logits."

    let klDivDefinition =
        create "KLDivLoss" [ logTarget; reductionOfDivergence ] broadcast "The Kullback-Leibler divergence."
