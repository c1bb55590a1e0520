namespace Deeplay.Library

open System.Text.RegularExpressions
open Deeplay.Core
open Deeplay.FSharp

/// What is measured beside the loss: configured like any module, and computed over all examples, however these come in
/// batches. Names and defaults are torchmetrics'.
module internal Metrics =
    let name =
        Param.text "name"
        |> Key.optional "Its name in logs; null for that of its kind, such as 'accuracy' for MulticlassAccuracy."

    let private noForward: ShapeRule =
        fun _ inputs -> Rule.fail "no call: a metric has no forward pass" $"{string inputs.Length} inputs"

    let definition =
        Definition.primitive "Metric" [ name ] noForward
        |> Definition.withDocumentation "What all metrics are special cases of."

    /// A kind of metric: it has no forward pass.
    let kind id (parameters: Param list) : Definition =
        Definition.primitive id parameters noForward |> Definition.withBase definition

    let create id (parameters: Param list) documentation shapes =
        kind id (parameters @ [ name ])
        |> Definition.withDocumentation documentation
        |> Definition.withShapes shapes
        |> Definition.withSource ("torchmetrics, " + Regex.Replace(id, "Metric$", ""))

    /// Its example: outputs, targets, and what it gives for them.
    // What scikit-learn gives for those of the library is recorded by tests/Unit/reference/examples.py.
    let measuring outputs targets gives (definition: Definition) : Definition =
        definition |> Definition.withExample [] [ outputs; targets ] |> Definition.withOutputs gives

    let squared = Key.flag "squared" true "Whether the mean of squares is given rather than its root."

    let multioutput =
        Key.choice
            [ "uniform_average"; "raw_values"; "variance_weighted" ]
            "multioutput"
            "uniform_average"
            "How the scores of several outputs become one: their mean, each by itself, or weighted by the targets' variance."

    let adjusted =
        Param.int "adjusted"
        |> Param.atLeast 0
        |> Param.withDefault 0
        |> Param.withDocumentation "The number of independent regressors that the score is adjusted for."

    let reduction =
        Key.choice [ "sum"; "mean"; "none" ] "reduction" "sum" "How the similarities of examples become one number."

    let private regressing gives =
        measuring
            (Example.numbers [ 4 ] [ 2.5; 0.0; 2.0; 8.0 ])
            (Example.numbers [ 4 ] [ 3.0; -0.5; 2.0; 7.0 ])
            [ gives ]

    let private ofNumbers id parameters documentation gives =
        create id parameters documentation "outputs and targets of one shape → one number"
        |> regressing gives

    let meanAbsoluteErrorDefinition = ofNumbers "MeanAbsoluteError" [] "The mean of absolute differences." 0.5

    let meanSquaredErrorDefinition =
        ofNumbers "MeanSquaredError" [ squared ] "The mean of squared differences, or its root." 0.375

    let meanAbsolutePercentageErrorDefinition =
        ofNumbers
            "MeanAbsolutePercentageError"
            []
            "The mean of absolute differences as parts of the targets (not times 100)."
            0.3274

    let r2ScoreDefinition =
        create
            "R2Score"
            [ adjusted; multioutput ]
            "The part of the targets' variance that the outputs explain: 1 where they agree, 0 for the mean of the targets."
            "outputs and targets (N,) or (N, M) → one number, or (M,) where multioutput is 'raw_values'"
        |> regressing 0.9486

    // PyTorch has a layer of torchmetrics' name.
    let cosineSimilarityDefinition =
        create
            "CosineSimilarityMetric"
            [ reduction ]
            "The cosine of the angle between outputs and targets."
            "outputs and targets (N, D) → one number, or (N,) where reduction is 'none'"
        |> measuring
            (Example.numbers [ 2; 2 ] [ 1.0; 0.0; 1.0; 1.0 ])
            (Example.numbers [ 2; 2 ] [ 1.0; 1.0; 2.0; 2.0 ])
            [ 1.7071 ]
