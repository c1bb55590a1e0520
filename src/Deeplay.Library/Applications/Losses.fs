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

    let private weights name documentation = Param.list (Param.float name) |> Key.optional documentation
    let weight = weights "weight" "The weight of each class; null where all weigh the same."

    /// The same parameter where every number is a loss of its own.
    let weightOfElements =
        weights "weight" "What the losses are multiplied by, along the last dimension; null for none."

    let posWeight =
        weights "pos_weight" "The weight of positive examples, for each class along the last dimension; null for none."

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
        (fun (_: Arguments) prediction target ->
            match Shape.broadcast prediction target with
            | Some shape -> Ok shape
            | None -> fail "a prediction and a target that broadcast" prediction target),
        "prediction and target of one shape → one number, or that shape where reduction is 'none'; other shapes broadcast"

    // Source: PyTorch, binary_cross_entropy: "Please ensure they have the same size."
    let private same =
        (fun (_: Arguments) prediction target ->
            match prediction, target with
            | Ranked p, Ranked t when not (agree p t) -> fail "a target of the prediction's shape" prediction target
            | _ -> Ok prediction),
        "prediction and target of one shape → one number, or that shape where reduction is 'none'"

    // Source: PyTorch docs, torch.nn.CrossEntropyLoss, "Shape": (C) and (), or (N, C, …) and (N, …); or probabilities of
    // the prediction's shape.
    let private classes takesProbabilities =
        let rule (_: Arguments) prediction target =
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

    // There is a weight for each place along one dimension of the prediction, or perhaps one for all.
    let private weighted (keys: Param<float list option> list) dimOf oneForAll (rule, shapes) =
        let rule (a: Arguments) (prediction: Shape) (target: Shape) =
            let misfit (key: Param<float list option>) =
                match a.Get key, prediction with
                | Some weights, Ranked(_ :: _ as dims) ->
                    match Dim.tryValue (dimOf dims) with
                    | Some size when size <> int64 weights.Length && not (oneForAll && weights.Length = 1) ->
                        Some $"{string weights.Length} classes, one for each number of {key.Name}"
                    | _ -> None
                | _ -> None

            match List.tryPick misfit keys with
            | Some expected -> fail expected prediction target
            | None -> rule a prediction target

        rule, shapes

    let private weightedClasses takesProbabilities =
        let classOf (dims: Dim list) = if dims.Length = 1 then dims[0] else dims[1]
        weighted [ weight ] classOf false (classes takesProbabilities)

    let private create
        id
        parameters
        (each: Arguments -> Shape -> Shape -> Result<Shape, OpShape.Problem>, shapes)
        documentation
        =
        let rule (arguments: Arguments) (inputs: Shape list) : Result<Inference, OpShape.Problem> =
            match inputs with
            | [ prediction; target ] ->
                each arguments prediction target
                |> Result.bind (fun each ->
                    Rule.gives (if arguments["reduction"] = Text "none" then each else Ranked []))
            | _ -> Rule.fail "a prediction and a target" $"{string inputs.Length} inputs"

        Definition.primitive id parameters rule
        |> Definition.withBase definition
        |> Definition.withDocumentation documentation
        |> Definition.withShapes shapes
        |> Definition.withSource $"torch.nn.{id}"

    // What PyTorch gives for these is recorded by tests/Unit/reference/examples.py.
    let private example arguments (sizes, prediction) (target: ExampleInput) gives (definition: Definition) =
        definition
        |> Definition.withExample arguments [ Example.numbers sizes prediction; target ]
        |> Definition.withOutputs [ gives ]

    let private differing arguments =
        example arguments ([ 3 ], [ 0.5; 2.0; -1.0 ]) (Example.numbers [ 3 ] [ 0.0; 2.0; 1.0 ])

    let crossEntropyDefinition =
        create
            "CrossEntropyLoss"
            [ weight; ignoreIndex; reduction; labelSmoothing ]
            (weightedClasses true)
            "Cross entropy between logits and class indices or probabilities."
        |> example [] ([ 2; 3 ], [ 2.0; 0.5; -1.0; 0.0; 1.0; 3.0 ]) (Example.wholes [ 2 ] [ 0; 1 ]) 1.2056

    let mseDefinition = create "MSELoss" [ reduction ] broadcast "The mean squared error." |> differing [] 1.4167
    let l1Definition = create "L1Loss" [ reduction ] broadcast "The mean absolute error." |> differing [] 0.8333

    let smoothL1Definition =
        create "SmoothL1Loss" [ beta; reduction ] broadcast "Squared for small errors, absolute for large ones."
        |> differing [] 0.5417

    let huberDefinition =
        create "HuberLoss" [ delta; reduction ] broadcast "Squared for small errors, linear for large ones."
        |> differing [ delta => 0.5 ] 0.3333

    let nllDefinition =
        let logs = [ -0.3567; -1.6094; -2.3026; -2.3026; -0.6931; -0.9163 ]

        create
            "NLLLoss"
            [ weight; ignoreIndex; reduction ]
            (weightedClasses false)
            "The negative log likelihood of log-probabilities."
        |> example [] ([ 2; 3 ], logs) (Example.wholes [ 2 ] [ 0; 1 ]) 0.5249

    let private binary id keys documentation predictions gives =
        create
            id
            ([ for key in keys -> key :> Param ] @ [ reduction ])
            (weighted keys List.last true same)
            documentation
        |> example [] ([ 3 ], predictions) (Example.numbers [ 3 ] [ 1.0; 0.0; 1.0 ]) gives

    let bceDefinition =
        binary "BCELoss" [ weightOfElements ] "Binary cross entropy of probabilities." [ 0.9; 0.2; 0.6 ] 0.2798

    let bceWithLogitsDefinition =
        let documentation = "Binary cross entropy of logits."
        binary "BCEWithLogitsLoss" [ weightOfElements; posWeight ] documentation [ 2.0; -1.0; 0.5 ] 0.3048

    let klDivDefinition =
        let logs, target = [ -0.9163; -0.9163; -1.6094 ], Example.numbers [ 1; 3 ] [ 0.5; 0.3; 0.2 ]

        create "KLDivLoss" [ logTarget; reductionOfDivergence ] broadcast "The Kullback-Leibler divergence."
        |> example [ reductionOfDivergence => "batchmean" ] ([ 1; 3 ], logs) target 0.0253
