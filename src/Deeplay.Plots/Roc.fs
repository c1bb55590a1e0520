namespace Deeplay.Plots

open System
open Deeplay.Core
open ScottPlot

/// Receiver operating characteristics: the true positive rate by the false positive rate.
[<RequireQualifiedAccess>]
module internal Roc =
    /// The points of a curve from (0, 0) to (1, 1), one for each different score, the highest first; None where there are no examples
    /// of one kind. Source: Fawcett, 2006, An introduction to ROC analysis, algorithm 1.
    let points (scores: float[]) (isPositive: bool[]) : (float * float) list option =
        let positives = isPositive |> Array.filter id |> Array.length
        let negatives = isPositive.Length - positives

        if positives = 0 || negatives = 0 then
            None
        else
            let sorted = Array.zip scores isPositive |> Array.sortBy (fun (score, _) -> -score)
            let mutable right, wrong = 0, 0

            let passed =
                [
                    for i in 0 .. sorted.Length - 1 do
                        if snd sorted[i] then right <- right + 1 else wrong <- wrong + 1

                        if i = sorted.Length - 1 || fst sorted[i + 1] <> fst sorted[i] then
                            float wrong / float negatives, float right / float positives
                ]

            Some((0.0, 0.0) :: passed)

    /// The area below a curve, by trapezoids.
    let area (points: (float * float) list) : float =
        points |> List.pairwise |> List.sumBy (fun ((x, y), (x', y')) -> (x' - x) * (y + y') / 2.0)

    /// The picture of curves by their names: scores, and whether each example is of the class.
    let picture (curves: (string * float[] * bool[]) list) : Picture =
        let wrong expected found = Fail.with' (Malformed("ROC curve", expected, found))

        for name, scores, _ in curves do
            match scores |> Array.tryFind (Double.IsFinite >> not) with
            | Some score -> wrong "finite scores" $"{string score} for {name}"
            | None -> ()

        let found = curves |> List.map (fun (name, scores, isPositive) -> name, points scores isPositive)

        if found |> List.forall (snd >> Option.isNone) then
            wrong "examples of the class and others" "examples of one kind alone"

        let patterns = [ LinePattern.Solid; LinePattern.Dashed; LinePattern.Dotted ]

        let label (name: string) points =
            let name = Look.fit false 12f 140f name

            match points with
            | Some points -> $"{name} ({Look.score (area points)})"
            | None -> $"{name} (–)"

        let hasLegend = found.Length > 1 || fst found.Head <> ""

        let title =
            match found with
            | [ "", Some points ] -> $"ROC curve, AUC {Look.score (area points)}"
            | _ -> "ROC curves, with AUC"

        let panel width =
            let plot = Panels.plot title "false positive rate" "true positive rate" width
            let chance = plot.Add.Line(0.0, 0.0, 1.0, 1.0)
            chance.LineColor <- Panels.ofColour Look.line
            chance.LinePattern <- LinePattern.Dashed
            chance.LineWidth <- 1.5f

            found
            |> List.iteri (fun i (name, points) ->
                let part = defaultArg points []
                let line = plot.Add.Scatter(part |> List.map fst |> Array.ofList, part |> List.map snd |> Array.ofList)
                line.Color <- Panels.ofColour Look.colours[i % Look.colours.Length]
                line.LinePattern <- patterns[i / Look.colours.Length % patterns.Length]
                line.LineWidth <- 2f
                line.MarkerSize <- 0f
                // What has a text is in a legend, asked for or not.
                if hasLegend then line.LegendText <- label name points)

            plot.Axes.SetLimits(-0.02, 1.02, -0.02, 1.02)

            // Beside the curves: of those of a poor model none has room for it.
            if hasLegend then
                plot.Legend.FontName <- Look.family ()
                plot.Legend.FontSize <- Nullable 12f
                plot.Legend.OutlineColor <- Panels.ofColour Look.grid
                plot.Legend.ShadowColor <- Colors.Transparent
                plot.ShowLegend(Edge.Right) |> ignore

            plot

        let height = max 440 (80 + 22 * found.Length)
        Panels.picture (if hasLegend then 680 else 480) height [] [ panel ]
