namespace Deeplay.Torch

open System
open Deeplay.Core
open Deeplay.Library
open TorchSharp

/// Areas under curves over all thresholds, exactly: from all examples. Sources: scikit-learn's user guide, "Receiver operating
/// characteristic" and "Precision, recall and F-measures"; Fawcett, 2006, An introduction to ROC analysis. A class without
/// positive examples (for the ROC also without negative ones) has no area: it is NaN, and left out of a mean.
module internal Curves =
    // How many positive and negative examples there are with each output, the largest first.
    let private steps (outputs: float[]) (holds: bool[]) : (float * float)[] =
        let order = Array.init outputs.Length id
        let keys = outputs |> Array.map (~-)
        Array.Sort(keys, order)

        [|
            let mutable positive, negative = 0.0, 0.0

            for i in 0 .. order.Length - 1 do
                if holds[order[i]] then positive <- positive + 1.0 else negative <- negative + 1.0

                if i + 1 = order.Length || keys[i + 1] <> keys[i] then
                    positive, negative
                    positive <- 0.0
                    negative <- 0.0
        |]

    let private auroc (steps: (float * float)[]) =
        let positives, negatives = Array.sumBy fst steps, Array.sumBy snd steps
        let mutable area, above = 0.0, 0.0

        for positive, negative in steps do
            // Among those of one output, half count as in the right order.
            area <- area + negative * (above + positive / 2.0)
            above <- above + positive

        area / (positives * negatives)

    let private averagePrecision (steps: (float * float)[]) =
        let positives = Array.sumBy fst steps
        let mutable area, above, all = 0.0, 0.0, 0.0

        for positive, negative in steps do
            above <- above + positive
            all <- all + positive + negative
            area <- area + positive / positives * (above / all)

        if positives = 0.0 then nan else area

    // The outputs of each class or label that count, and which of them are of it.
    let private columns (outputs: Tensor) (holds: Tensor) (counted: Tensor option) =
        [|
            for i in 0L .. outputs.shape[1] - 1L do
                let counting (column: Tensor) =
                    match counted with
                    | Some counted when counted.dim () = 1L -> column.masked_select counted
                    | Some counted -> column.masked_select (counted.select (1L, i))
                    | None -> column

                let marks = MetricNumbers.ofTensor (counting (holds.select (1L, i)))
                MetricNumbers.ofTensor (counting (outputs.select (1L, i))), marks |> Array.map ((=) 1.0)
        |]

    let private ofClasses (a: Arguments) outputs targets =
        let struct (outputs, classes, counted) = ClassTargets.ofClasses a outputs targets
        let wide = outputs.``to`` torch.float64
        let outputs = if a.Get ClassMetricKey.fromLogits then wide.softmax 1L else wide
        columns outputs (torch.nn.functional.one_hot (ClassTargets.places classes counted, outputs.shape[1])) counted

    let private ofLabels several a outputs targets =
        let struct (outputs, holds, counted) = ClassTargets.ofLabels several a outputs targets
        columns outputs holds counted

    let private averaged average (areas: (float * float)[]) =
        let mean (areas: (float * float)[]) =
            Array.sumBy (fun (area, weight) -> area * weight) areas / Array.sumBy snd areas

        let known = areas |> Array.filter (fst >> Double.IsNaN >> not)

        match average with
        | "none" -> MetricNumbers.several (Array.map fst areas)
        | "weighted" -> MetricNumbers.one (mean known)
        | _ -> MetricNumbers.one (mean [| for area, _ in known -> area, 1.0 |])

    let private curves (metrics: ClassMetrics) ofAll =
        let area definition (area: (float * float)[] -> float) =
            row definition (fun a ->
                let average =
                    if a.Signature.Has ClassMetricKey.average.Name then a.Get ClassMetricKey.average else "macro"

                let result outputs targets =
                    [|
                        for outputs, holds in ofAll a outputs targets do
                            let steps = steps outputs holds
                            area steps, Array.sumBy fst steps
                    |]
                    |> averaged average

                Metric.ofAll result)

        [ area metrics.aurocDefinition auroc; area metrics.averagePrecisionDefinition averagePrecision ]

    let table =
        curves MulticlassMetrics ofClasses
        @ curves BinaryMetrics (ofLabels false)
        @ curves MultilabelMetrics (ofLabels true)
