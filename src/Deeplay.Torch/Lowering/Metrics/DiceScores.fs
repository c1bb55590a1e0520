namespace Deeplay.Torch

open Deeplay.Core
open Deeplay.Library
open TorchSharp

/// Dice's coefficient, by examples or of all together. Source: torchmetrics 1.9, DiceScore: what is divided by nothing does not
/// count, among classes and among examples.
module internal DiceScores =
    // What is right, what is predicted and what there is, of each example (rows) and class.
    [<NoEquality; NoComparison>]
    type private Areas = { Right: Tensor; Predicted: Tensor; Actual: Tensor }

    let private areas (examples: int64) (predicted: Tensor) (holds: Tensor) (counted: Tensor option) =
        let area (marked: Tensor) =
            let marked =
                match counted with
                | Some counted -> marked.logical_and counted
                | None -> marked

            marked.reshape(examples, -1L, marked.shape[1]).sum(1L).``to`` torch.float64

        { Right = area (predicted.logical_and holds); Predicted = area predicted; Actual = area holds }

    let private withoutFirst areas =
        let rest (each: Tensor) = if each.shape[1] > 1L then each.narrow (1L, 1L, each.shape[1] - 1L) else each
        { Right = rest areas.Right; Predicted = rest areas.Predicted; Actual = rest areas.Actual }

    // Of single numbers each would be an area of its own.
    let private checkPlaces (a: Arguments) least (outputs: Tensor) =
        if outputs.dim () < least then
            let expected = "areas: numbers of several places for each example"
            Fail.with' (WrongShape(a.Tag, a.Kind, expected, string (Shape.known outputs.shape)))

    let private ofClasses (a: Arguments) (outputs: Tensor) (targets: Tensor) =
        checkPlaces a 3L outputs
        let struct (flat, classes, counted) = ClassTargets.ofClasses a outputs targets
        let mark (indices: Tensor) = torch.nn.functional.one_hot(indices, flat.shape[1]).``to`` torch.ScalarType.Bool
        let holds = mark (ClassTargets.places classes counted)
        let counted = counted |> Option.map (fun counted -> counted.unsqueeze 1L)
        let areas = areas outputs.shape[0] (mark (flat.argmax 1L)) holds counted
        if a.Get ClassMetricKey.includeBackground then areas else withoutFirst areas

    let private ofLabels several (a: Arguments) (outputs: Tensor) (targets: Tensor) =
        checkPlaces a (if several then 3L else 2L) outputs
        let struct (flat, holds, counted) = ClassTargets.ofLabels several a outputs targets
        areas outputs.shape[0] (ClassTargets.predicted a flat) holds counted

    let private isKnown (scores: Tensor) = scores.isnan().logical_not()
    let private orZero (scores: Tensor) = torch.where (isKnown scores, scores, torch.zeros_like scores)
    let private sum (numbers: Tensor) = numbers.sum -1L

    // The score of each row, or of each row and class.
    let private scores average areas : Tensor =
        use two = Numbers.whole 2L
        use none = Numbers.real nan
        let each (right: Tensor) (predicted: Tensor) (actual: Tensor) = right.mul(two).div(Numbers.add predicted actual)
        let dice = each areas.Right areas.Predicted areas.Actual

        match average with
        | "none" -> dice
        | "micro" -> each (sum areas.Right) (sum areas.Predicted) (sum areas.Actual)
        | "macro" -> (sum (orZero dice)).div(sum (isKnown dice))
        | _ ->
            let weights = areas.Actual.div (areas.Actual.sum (-1L, keepdim = true))
            let weighted = sum (orZero (dice.mul weights))
            torch.where ((isKnown dice).any -1L, weighted, torch.full_like (weighted, none))

    let private metric (ofBatch: Arguments -> Tensor -> Tensor -> Areas) (a: Arguments) =
        // Of one class there is nothing to average.
        let average = if a.Signature.Has ClassMetricKey.average.Name then a.Get ClassMetricKey.average else "micro"
        let ofBatch = ofBatch a

        if a.Get ClassMetricKey.aggregationLevel = "global" then
            Metric.ofSums
                (fun outputs targets ->
                    let areas = ofBatch outputs targets
                    [ for each in [ areas.Right; areas.Predicted; areas.Actual ] -> each.sum 0L ])
                (fun sums ->
                    let row (i: int) = sums[i].unsqueeze 0L
                    (scores average { Right = row 0; Predicted = row 1; Actual = row 2 }).squeeze 0L)
        else
            Metric.ofSums
                (fun outputs targets ->
                    let scores = scores average (ofBatch outputs targets)
                    [ (orZero scores).sum 0L; (isKnown scores).sum 0L ])
                (fun sums -> sums[0].div sums[1])

    let table =
        [
            row BinaryMetrics.diceScoreDefinition (metric (ofLabels false))
            row MulticlassMetrics.diceScoreDefinition (metric ofClasses)
            row MultilabelMetrics.diceScoreDefinition (metric (ofLabels true))
        ]
