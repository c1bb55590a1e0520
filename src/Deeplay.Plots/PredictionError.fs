namespace Deeplay.Plots

open System
open Deeplay.Core
open ScottPlot

/// Predicted against true numbers.
[<RequireQualifiedAccess>]
module internal PredictionError =
    /// The coefficient of determination, as scikit-learn's `r2_score`; NaN where all true numbers are one.
    let r2 (actual: float[]) (predicted: float[]) : float =
        let mean = Array.average actual
        let total = actual |> Array.sumBy (fun value -> (value - mean) ** 2.0)
        let left = Array.fold2 (fun sum a b -> sum + (a - b) ** 2.0) 0.0 actual predicted
        if total = 0.0 then nan else 1.0 - left / total

    /// The picture of pairs.
    let picture (actual: float[]) (predicted: float[]) : Picture =
        let wrong expected found = Fail.with' (Malformed("prediction error", expected, found))

        if actual.Length = 0 || actual.Length <> predicted.Length then
            wrong
                "as many predictions as true numbers, at least one"
                $"{string predicted.Length} and {string actual.Length}"

        match Array.append actual predicted |> Array.tryFind (Double.IsFinite >> not) with
        | Some value -> wrong "finite numbers" (string value)
        | None -> ()

        let r2 = r2 actual predicted

        let panel width =
            let title =
                if Double.IsNaN r2 then
                    "predicted against true"
                else
                    $"predicted against true, R² = {Look.score r2}"

            let plot = Panels.plot title "true" "predicted" width
            let struct (low, high) = Panels.limits 0.05 (Array.append actual predicted)
            let points = plot.Add.ScatterPoints(actual, predicted)
            // Many lie above each other: where it is darker there are more.
            let alpha =
                if actual.Length <= 100 then 0.8
                elif actual.Length <= 1000 then 0.5
                else 0.25

            points.Color <- (Panels.ofColour Look.colours[0]).WithAlpha alpha
            points.MarkerSize <- (if actual.Length <= 1000 then 6f else 4f)
            // After the points: Skia's SVG complains of markers with the dashes that the line before them had.
            let even = plot.Add.Line(low, low, high, high)
            even.LineColor <- Panels.ofColour Look.faint
            even.LinePattern <- LinePattern.Dashed
            even.LineWidth <- 1.5f
            plot.Axes.SetLimits(low, high, low, high)
            plot

        Panels.picture 480 460 [] [ panel ]
