namespace Deeplay.Plots

open System
open Deeplay.Core
open ScottPlot

/// How the numbers of tensors are spread, a panel for each.
[<RequireQualifiedAccess>]
module internal Histograms =
    /// Counts in so many bins of one width, from the smallest number to the largest: their edges, and how many are in each. The last
    /// one has its upper edge too, as numpy's `histogram`.
    let bins (number: int) (values: float[]) : float[] * int[] =
        let low, high = Array.min values, Array.max values
        let low, high = if low = high then low - 0.5, high + 0.5 else low, high
        let edges = [| for i in 0..number -> low + (high - low) * float i / float number |]
        let counts = Array.zeroCreate number

        for value in values do
            let bin = int (float number * ((value - low) / (high - low))) |> min (number - 1)
            counts[bin] <- counts[bin] + 1

        edges, counts

    /// The picture of tensors by their names.
    let picture (tensors: (string * float[]) list) : Picture =
        if tensors.IsEmpty then Fail.with' (Malformed("weights", "a module with a parameter", "none"))

        let panel (name: string, values: float[]) width =
            let finite = values |> Array.filter Double.IsFinite
            let left = values.Length - finite.Length
            let title = if left = 0 then name else $"{name} ({string left} not finite)"
            let plot = Panels.plot title "" "" width

            if finite.Length = 0 then
                Panels.note plot "no finite value"
            else
                // About as many as the root of how many there are.
                let edges, counts = bins (int (sqrt (float finite.Length)) |> max 5 |> min 50) finite

                counts
                |> Array.iteri (fun i count ->
                    if count > 0 then
                        let bar = plot.Add.Rectangle(edges[i], edges[i + 1], 0.0, float count)
                        bar.FillColor <- Panels.ofColour Look.colours[0]
                        bar.LineColor <- Panels.ofColour SkiaSharp.SKColors.White
                        bar.LineWidth <- 0.5f)

                let struct (low, high) = Panels.limits 0.03 edges
                plot.Axes.SetLimits(low, high, 0.0, 1.05 * float (Array.max counts))

                plot.Axes.Left.TickGenerator <-
                    TickGenerators.NumericAutomatic(IntegerTicksOnly = true, TickDensity = 0.6)

            plot

        tensors |> List.map panel |> Panels.picture 320 220 []
