namespace Deeplay.Torch

open System
open Deeplay.Core
open Deeplay.Library
open TorchSharp

/// Metrics of numbers, in float64. Sources: torchmetrics' documentation of each; scikit-learn's user guide, "Regression metrics".
module internal NumberMetrics =
    // Outputs and targets, of one shape: PyTorch's operations would broadcast others.
    let private pair (a: Arguments) (outputs: Tensor) (targets: Tensor) : struct (Tensor * Tensor) =
        if targets.shape <> outputs.shape then
            let expected = $"of the outputs' shape {Shape.known outputs.shape}"
            Fail.with' (WrongValue(a.Tag, a.Kind, "targets", expected, string (Shape.known targets.shape)))

        struct (outputs.``to`` torch.float64, targets.``to`` torch.float64)

    let private difference (x: Tensor) (y: Tensor) = Numbers.add x (y.neg ())

    // TorchSharp's `square` makes a number that could be collected while it is read.
    let private squared (tensor: Tensor) = tensor.mul tensor

    let private count (tensor: Tensor) =
        torch.tensor (float tensor.NumberOfElements, dtype = torch.float64, device = tensor.device)

    // The mean of a number for each output, or what follows from it.
    let private mean (each: Tensor -> Tensor -> Tensor) (follows: float -> float) (a: Arguments) =
        Metric.ofSums
            (fun outputs targets ->
                let struct (outputs, targets) = pair a outputs targets
                let each = each outputs targets
                [ each.sum (); count each ])
            (fun sums ->
                let sums = sums |> List.map Numbers.read
                MetricNumbers.one (follows (sums[0] / sums[1])))

    // Source: torchmetrics: the least that is divided by is 1.17e-6.
    let private percentage (outputs: Tensor) (targets: Tensor) =
        use least = torch.tensor (1.17e-6, dtype = torch.float64, device = targets.device)
        (difference outputs targets).abs().div(targets.abs().maximum least)

    // Of each output: the part of the targets' variance that is explained, and that variance.
    let private explained (outputs: Tensor) (targets: Tensor) =
        let average = targets.mean ([| 0L |], true)
        let columns (tensor: Tensor) = MetricNumbers.ofTensor ((squared tensor).sum 0L)

        Array.map2
            (fun residual total ->
                let part =
                    if residual = 0.0 then 1.0
                    elif total = 0.0 then 0.0
                    else 1.0 - residual / total

                part, total)
            (columns (difference targets outputs))
            (columns (difference targets average))

    let private r2 (a: Arguments) =
        let result (outputs: Tensor) (targets: Tensor) =
            let struct (outputs, targets) = pair a outputs targets

            if outputs.dim () > 2L || outputs.dim () = 0L then
                Fail.with' (WrongShape(a.Tag, a.Kind, "outputs (N,) or (N, M)", string (Shape.known outputs.shape)))

            let examples = float outputs.shape[0]
            let several = explained (outputs.reshape (outputs.shape[0], -1L)) (targets.reshape (targets.shape[0], -1L))
            let regressors = float (a.Get Metrics.adjusted)

            // Source: torchmetrics, R2Score, "adjusted".
            let adjusted score =
                if regressors = 0.0 then
                    score
                else
                    1.0 - (1.0 - score) * (examples - 1.0) / (examples - regressors - 1.0)

            match a.Get Metrics.multioutput with
            // One example has no variance.
            | _ when examples < 2.0 -> MetricNumbers.one nan
            | "raw_values" -> several |> Array.map (fst >> adjusted) |> MetricNumbers.several
            | "variance_weighted" ->
                let all = Array.sumBy snd several

                several
                |> Array.sumBy (fun (score, variance) -> score * variance / all)
                |> adjusted
                |> MetricNumbers.one
            | _ -> several |> Array.averageBy fst |> adjusted |> MetricNumbers.one

        Metric.ofAll result

    let private cosine (a: Arguments) =
        let each outputs targets =
            let struct (outputs, targets) = pair a outputs targets

            if outputs.dim () <> 2L then
                Fail.with' (WrongShape(a.Tag, a.Kind, "outputs (N, D)", string (Shape.known outputs.shape)))

            let norm (tensor: Tensor) = (squared tensor).sum(1L).sqrt()
            outputs.mul(targets).sum(1L).div(norm(outputs).mul(norm targets))

        match a.Get Metrics.reduction with
        | "none" -> Metric.ofAll each
        | reduction ->
            Metric.ofSums
                (fun outputs targets ->
                    let each = each outputs targets
                    [ each.sum (); count each ])
                (fun sums -> if reduction = "sum" then sums[0].clone() else sums[0].div sums[1])

    let table =
        [
            row Metrics.meanAbsoluteErrorDefinition (mean (fun x y -> (difference x y).abs()) id)
            row Metrics.meanSquaredErrorDefinition (fun a ->
                a |> mean (fun x y -> squared (difference x y)) (if a.Get Metrics.squared then id else Math.Sqrt))
            row Metrics.meanAbsolutePercentageErrorDefinition (mean percentage id)
            row Metrics.r2ScoreDefinition r2
            row Metrics.cosineSimilarityDefinition cosine
        ]
