namespace Deeplay.Torch

open Deeplay.Core
open Deeplay.Library
open TorchSharp

/// How many examples of a class, or a label, are predicted as what they are.
[<Struct; NoEquality; NoComparison>]
type internal Counts =
    {
        TruePositive: float
        FalsePositive: float
        FalseNegative: float
        TrueNegative: float
    }

    /// The same of all of these together.
    static member Sum(several: Counts[]) =
        {
            TruePositive = several |> Array.sumBy (fun c -> c.TruePositive)
            FalsePositive = several |> Array.sumBy (fun c -> c.FalsePositive)
            FalseNegative = several |> Array.sumBy (fun c -> c.FalseNegative)
            TrueNegative = several |> Array.sumBy (fun c -> c.TrueNegative)
        }

/// Metrics that follow from counts. Sources: torchmetrics' documentation of each, "average"; scikit-learn's user guide,
/// "Classification metrics". What is divided by nothing is 0; where nothing counts at all, the score is NaN.
module internal ClassScores =
    let private wide (tensor: Tensor) = tensor.``to`` torch.float64

    // The sum of weights for each index below `count`.
    let private count (count: int64) (indices: Tensor) (weights: Tensor) =
        torch.zeros(count, dtype = torch.float64, device = indices.device).scatter_add(0L, indices, weights)

    // The class that counts as predicted: the right one, where it is among the `k` with the largest outputs.
    let private predicted k (outputs: Tensor) (classes: Tensor) =
        let first = outputs.argmax 1L

        if k = 1 then
            first
        else
            let struct (_, largest) = outputs.topk (min k (int outputs.shape[1]), 1)
            torch.where (largest.eq(classes.unsqueeze 1L).any 1L, classes, first)

    // What a batch adds to true positives, to what is predicted, to what there is, and to all, of each class. Where all classes
    // are counted together, as many are predicted as there are: then it is what is right and what there is, with all pairs of
    // these and a class where negatives are asked for.
    let private ofClasses (a: Arguments) needsNegatives =
        let together = a.Get ClassMetricKey.average = "micro"
        let k = if a.Signature.Has ClassMetricKey.topK.Name then a.Get ClassMetricKey.topK else 1

        fun outputs targets ->
            let struct (outputs, classes, counted) = ClassTargets.ofClasses a outputs targets
            let predicted = predicted k outputs classes
            let hit = predicted.eq classes

            let right =
                match counted with
                | Some counted -> hit.logical_and counted
                | None -> hit

            if together then
                let all = counted |> Option.defaultWith (fun () -> torch.ones_like hit)
                let all = all.sum ()

                if needsNegatives then
                    use classCount = Numbers.whole outputs.shape[1]
                    [ right.sum (); all; all.mul classCount ]
                else
                    [ right.sum (); all ]
            else
                let places, classCount = ClassTargets.places classes counted, outputs.shape[1]
                let weights = ClassTargets.weights classes counted

                [
                    count classCount places (wide right)
                    count classCount predicted weights
                    count classCount places weights
                    weights.sum().expand classCount
                ]

    let private ofLabels several (a: Arguments) =
        let predict = ClassTargets.predicted a

        fun outputs targets ->
            let struct (outputs, holds, counted) = ClassTargets.ofLabels several a outputs targets
            let predicted = predict outputs

            let counting (marked: Tensor) =
                match counted with
                | Some counted -> marked.logical_and counted
                | None -> marked

            let all = counting (torch.ones_like holds)

            [
                for marked in [ predicted.logical_and holds; predicted; holds; all ] do
                    (counting marked).sum 0L
            ]

    let private together right all negatives =
        {
            TruePositive = right
            FalsePositive = all - right
            FalseNegative = all - right
            TrueNegative = negatives
        }

    let private counts (sums: Tensor list) =
        match List.map MetricNumbers.ofTensor sums with
        | [ right; predicted; actual; all ] ->
            Array.init right.Length (fun i ->
                {
                    TruePositive = right[i]
                    FalsePositive = predicted[i] - right[i]
                    FalseNegative = actual[i] - right[i]
                    TrueNegative = all[i] - predicted[i] - actual[i] + right[i]
                })
        | [ right; all ] -> [| together right[0] all[0] 0.0 |]
        | [ right; all; pairs ] -> [| together right[0] all[0] (pairs[0] - 2.0 * all[0] + right[0]) |]
        | _ -> invalidOp "There are two to four sums."

    let private divide part whole = if whole = 0.0 then 0.0 else part / whole
    let private all c = c.TruePositive + c.FalsePositive + c.FalseNegative + c.TrueNegative

    // Of one class among several, the rate at which it is found; else how many are right, negatives too.
    let private accuracy isOfClasses c =
        if isOfClasses then
            divide c.TruePositive (c.TruePositive + c.FalseNegative)
        else
            divide (c.TruePositive + c.TrueNegative) (all c)

    let private precision c = divide c.TruePositive (c.TruePositive + c.FalsePositive)
    let private recall c = divide c.TruePositive (c.TruePositive + c.FalseNegative)
    let private specificity c = divide c.TrueNegative (c.TrueNegative + c.FalsePositive)

    let private f1 c = divide (2.0 * c.TruePositive) (2.0 * c.TruePositive + c.FalsePositive + c.FalseNegative)

    let private jaccard c = divide c.TruePositive (c.TruePositive + c.FalsePositive + c.FalseNegative)

    // Of classes, one that neither is there nor was predicted says nothing.
    let private averaged isOfClasses average (score: Counts -> float) (counts: Counts[]) : Tensor =
        let mean (weight: Counts -> float) =
            let weights = Array.map weight counts
            Array.sum (Array.map2 (fun c weight -> weight * score c) counts weights) / Array.sum weights

        let isThere c = if isOfClasses && c.TruePositive + c.FalsePositive + c.FalseNegative = 0.0 then 0.0 else 1.0

        if all (Counts.Sum counts) = 0.0 then
            MetricNumbers.one nan
        else
            match average with
            | "none" -> MetricNumbers.several (Array.map score counts)
            | "macro" -> MetricNumbers.one (mean isThere)
            | "weighted" -> MetricNumbers.one (mean (fun c -> c.TruePositive + c.FalseNegative))
            | _ -> MetricNumbers.one (score (Counts.Sum counts))

    let private scores (metrics: ClassMetrics) isOfClasses ofBatch =
        let score definition (score: Counts -> float) needsNegatives =
            row definition (fun a ->
                let average =
                    if a.Signature.Has ClassMetricKey.average.Name then a.Get ClassMetricKey.average else "micro"

                Metric.ofSums (ofBatch a needsNegatives) (fun sums -> averaged isOfClasses average score (counts sums)))

        [
            score metrics.accuracyDefinition (accuracy isOfClasses) false
            score metrics.precisionDefinition precision false
            score metrics.recallDefinition recall false
            score metrics.specificityDefinition specificity true
            score metrics.f1Definition f1 false
            score metrics.jaccardIndexDefinition jaccard false
        ]

    let table =
        scores MulticlassMetrics true ofClasses
        @ scores BinaryMetrics false (fun a _ -> ofLabels false a)
        @ scores MultilabelMetrics false (fun a _ -> ofLabels true a)
