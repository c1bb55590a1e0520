namespace Deeplay.Library

open Deeplay.Core
open Deeplay.FSharp

/// The keys of metrics of classes. Names and defaults are torchmetrics'.
module internal ClassMetricKey =
    let threshold =
        Key.number "threshold" 0.5 "From which probability on an example counts as positive."
        |> Param.withCheck "a probability from 0 to 1" (fun p -> p >= 0.0 && p <= 1.0)

    /// An application says it for its own metrics, where its loss is one of the library's.
    let fromLogits =
        Key.flag "from_logits" false "Whether the model gives logits rather than probabilities; follows the loss."

    /// The same: what the loss ignores is ignored.
    let ignoreIndex =
        Param.int "ignore_index"
        |> Key.optional "A target that does not count; follows the loss. Null where all count."

    let private count name documentation = Key.positive name documentation |> Key.nullable
    let numClasses = count "num_classes" "The number of classes; null for as many as the model gives."
    let numLabels = count "num_labels" "The number of labels; null for as many as the model gives."

    let topK =
        Param.int "top_k"
        |> Param.atLeast 1
        |> Param.withDefault 1
        |> Param.withDocumentation "How many of the classes with the largest outputs may be the right one."

    let includeBackground = Key.flag "include_background" true "Whether the first class counts."

    let aggregationLevel =
        Key.choice
            [ "samplewise"; "global" ]
            "aggregation_level"
            "samplewise"
            "Whether the score is the mean of those of each example, or that of all examples together."

    let private how = ": 'macro' for the mean of all, 'weighted' by how often each occurs, 'none' for each by itself."

    /// How scores of several classes become one.
    let average =
        Key.choice
            [ "micro"; "macro"; "weighted"; "none" ]
            "average"
            "macro"
            $"How the scores of classes become one{how} 'micro' counts all together."

    let averageOfCurves =
        Key.choice [ "macro"; "weighted"; "none" ] "average" "macro" $"How the scores of classes become one{how}"

    let normalize =
        Key.choice
            [ "true"; "pred"; "all"; "none" ]
            "normalize"
            "none"
            "What the counts are divided by: 'true' for those of each true class, 'pred' for those of each predicted one, 'all'."

/// The metrics of one kind of classification: of two classes, of several, or of labels each of which may be there or not.
[<Sealed>]
type internal ClassMetrics
    (
        task: string,
        inputs,
        score,
        matrix,
        scores: Param list,
        areas: Param list,
        curves: Param list,
        example: ClassExample
    ) =
    let createAs gives kind parameters documentation =
        Metrics.create (task + kind) parameters documentation $"{inputs} → {gives}"
        |> fun definition -> example.Add(kind, definition)

    let create kind = createAs score kind

    member val numClasses = ClassMetricKey.numClasses
    member val numLabels = ClassMetricKey.numLabels
    member val topK = ClassMetricKey.topK
    member val threshold = ClassMetricKey.threshold
    member val average = ClassMetricKey.average
    member val normalize = ClassMetricKey.normalize
    member val includeBackground = ClassMetricKey.includeBackground
    member val aggregationLevel = ClassMetricKey.aggregationLevel
    member val ignoreIndex = ClassMetricKey.ignoreIndex
    member val fromLogits = ClassMetricKey.fromLogits

    member val accuracyDefinition = create "Accuracy" scores "How many are right."

    member val precisionDefinition =
        create "Precision" scores "How many of those that are predicted to be of a class are of it."

    member val recallDefinition =
        create "Recall" scores "How many of those that are of a class are predicted to be of it."

    member val specificityDefinition =
        create "Specificity" scores "How many of those that are not of a class are predicted not to be of it."

    member val f1Definition =
        create "F1Score" scores "The harmonic mean of precision and recall, which is Dice's coefficient."

    member val jaccardIndexDefinition =
        create
            "JaccardIndex"
            areas
            "Intersection over union: how many of those that are of a class or predicted to be are both."

    member val diceScoreDefinition =
        let background: Param list = if task = "Multiclass" then [ ClassMetricKey.includeBackground ] else []

        create
            "DiceScore"
            (areas @ background @ [ ClassMetricKey.aggregationLevel ])
            "Dice's coefficient of areas, as in images: twice what is of a class and predicted to be, as a part of both together. By examples, a class that is in none of both does not count."
        |> Definition.withSource "torchmetrics, DiceScore"

    member val confusionMatrixDefinition =
        let mixed = areas |> List.filter (fun key -> key.Name <> ClassMetricKey.average.Name)

        createAs
            matrix
            "ConfusionMatrix"
            (mixed @ [ ClassMetricKey.normalize ])
            "How many of each true class (rows) are predicted to be of each class (columns)."

    member val aurocDefinition =
        create
            "AUROC"
            curves
            "The area under the receiver operating characteristic: how often a positive example has a larger output than a negative one."

    member val averagePrecisionDefinition =
        create "AveragePrecision" curves "The area under the curve of precision over recall, as a sum of steps."

[<AutoOpen>]
module internal ClassificationMetrics =
    let BinaryMetrics =
        let common: Param list = [ ClassMetricKey.threshold; ClassMetricKey.ignoreIndex; ClassMetricKey.fromLogits ]

        ClassMetrics(
            "Binary",
            "outputs and targets 0 or 1 of one shape",
            "one number",
            "(2, 2)",
            common,
            common,
            [ ClassMetricKey.ignoreIndex ],
            ClassExample.binary
        )

    let MulticlassMetrics =
        ClassMetrics(
            "Multiclass",
            "outputs (N, C, …) and class indices (N, …), or one number for each class",
            "one number, or (C,) where average is 'none'",
            "(C, C)",
            [
                ClassMetricKey.numClasses
                ClassMetricKey.topK
                ClassMetricKey.average
                ClassMetricKey.ignoreIndex
            ],
            [ ClassMetricKey.numClasses; ClassMetricKey.average; ClassMetricKey.ignoreIndex ],
            [
                ClassMetricKey.numClasses
                ClassMetricKey.averageOfCurves
                ClassMetricKey.ignoreIndex
                ClassMetricKey.fromLogits
            ],
            ClassExample.multiclass
        )

    let MultilabelMetrics =
        let common: Param list =
            [
                ClassMetricKey.numLabels
                ClassMetricKey.threshold
                ClassMetricKey.average
                ClassMetricKey.ignoreIndex
                ClassMetricKey.fromLogits
            ]

        ClassMetrics(
            "Multilabel",
            "outputs and targets 0 or 1 (N, L, …)",
            "one number, or (L,) where average is 'none'",
            "(L, 2, 2)",
            common,
            common,
            [ ClassMetricKey.numLabels; ClassMetricKey.averageOfCurves; ClassMetricKey.ignoreIndex ],
            ClassExample.multilabel
        )
