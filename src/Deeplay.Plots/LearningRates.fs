namespace Deeplay.Plots

open System
open Deeplay.Core
open ScottPlot

/// The curve of a learning-rate finder: the loss by the rate, whose scale is logarithmic.
[<RequireQualifiedAccess>]
module internal LearningRates =
    /// The picture of rates and losses.
    let picture (rates: float list) (losses: float list) (suggested: float option) : Picture =
        let wrong expected found = Fail.with' (Malformed("learning rates", expected, found))

        if rates.IsEmpty || rates.Length <> losses.Length then
            wrong "as many losses as rates, at least one" $"{string losses.Length} and {string rates.Length}"

        for rate in Option.toList suggested @ rates do
            if not (rate > 0.0 && Double.IsFinite rate) then wrong "positive rates" (string rate)

        let points = List.zip (rates |> List.map log10) losses
        let finite = losses |> List.filter Double.IsFinite

        let panel width =
            let plot = Panels.plot "learning-rate finder" "learning rate" "loss" width
            Panels.line plot Look.colours[0] points
            if finite.IsEmpty then Panels.note plot "no finite value"

            let struct (left, right) =
                Panels.limits 0.03 (Option.toList (Option.map log10 suggested) @ List.map fst points)

            // A loss that grows without limit would press all else flat.
            let low = if finite.IsEmpty then 0.0 else List.min finite
            let start = if finite.IsEmpty then 1.0 else List.head finite
            let most = if start > low then low + 2.5 * (start - low) else infinity
            let struct (bottom, top) = Panels.limits 0.08 (finite |> List.map (min most))
            plot.Axes.SetLimits(left, right, bottom, top)
            let ticks = Panels.logTicks left right
            plot.Axes.Bottom.SetTicks(ticks |> List.map fst |> Array.ofList, ticks |> List.map snd |> Array.ofList)

            match suggested with
            | Some rate ->
                let at = log10 rate

                let mark =
                    plot.Add.VerticalLine(at, 1.5f, Nullable(Panels.ofColour Look.colours[1]), LinePattern.Dashed)

                mark.LabelText <- ""
                let isRight = at > (left + right) / 2.0
                let text = plot.Add.Text($"suggested {Look.number rate}", at, top)
                text.LabelFontName <- Look.family ()
                text.LabelFontSize <- 12f
                text.LabelFontColor <- Panels.ofColour Look.colours[1]
                text.LabelBackgroundColor <- Panels.ofColour SkiaSharp.SKColors.White
                text.Alignment <- (if isRight then Alignment.UpperRight else Alignment.UpperLeft)
                text.OffsetX <- (if isRight then -6f else 6f)
                text.OffsetY <- 4f
            | None -> ()

            plot

        Panels.picture 640 400 [] [ panel ]
