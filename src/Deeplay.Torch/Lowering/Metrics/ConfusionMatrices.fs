namespace Deeplay.Torch

open Deeplay.Core
open Deeplay.Library
open TorchSharp

/// Confusion matrices: how many of each true class, by row, are predicted to be of each class, by column. Source: torchmetrics'
/// documentation of ConfusionMatrix.
module internal ConfusionMatrices =
    // How many there are of each pair of a true and a predicted one of `count` classes, as a vector row by row.
    let private pairs (count: int64) (actual: Tensor) (predicted: Tensor) (weights: Tensor) =
        use size = Numbers.whole count
        let indices = Numbers.add (actual.mul size) predicted

        let none = torch.zeros (count * count, dtype = torch.float64, device = actual.device)
        none.scatter_add(0L, indices, weights).reshape(count, count)

    let private ofClasses (a: Arguments) outputs targets =
        let struct (outputs, classes, counted) = ClassTargets.ofClasses a outputs targets
        let classes' = ClassTargets.places classes counted
        [ pairs outputs.shape[1] classes' (outputs.argmax 1L) (ClassTargets.weights classes counted) ]

    let private ofLabels several (a: Arguments) outputs targets =
        let struct (outputs, holds, counted) = ClassTargets.ofLabels several a outputs targets
        let predicted = ClassTargets.predicted a outputs
        let weights = ClassTargets.weights holds counted
        let wide (marked: Tensor) = marked.``to`` torch.ScalarType.Int64

        let each =
            [|
                for i in 0L .. outputs.shape[1] - 1L do
                    let column (tensor: Tensor) = tensor.select (1L, i)
                    pairs 2L (wide (column holds)) (wide (column predicted)) (column weights)
            |]

        [ (if several then torch.stack (each, 0L) else each[0]) ]

    let private normalized (a: Arguments) (counts: Tensor) =
        let dims: int64[] =
            match a.Get ClassMetricKey.normalize with
            | "true" -> [| -1L |]
            | "pred" -> [| -2L |]
            | "all" -> [| -1L; -2L |]
            | _ -> [||]

        if dims.Length = 0 then
            counts
        else
            let parts = counts.div (counts.sum (dims, true))
            // What is divided by nothing is none.
            parts.nan_to_num ()

    let table =
        let matrix definition ofBatch =
            row definition (fun a -> Metric.ofSums (ofBatch a) (fun sums -> normalized a sums.Head))

        [
            matrix MulticlassMetrics.confusionMatrixDefinition ofClasses
            matrix BinaryMetrics.confusionMatrixDefinition (ofLabels false)
            matrix MultilabelMetrics.confusionMatrixDefinition (ofLabels true)
        ]
