namespace Deeplay.Plots

open System
open Deeplay.Core
open ScottPlot
open SkiaSharp

/// Points in groups, such as codes of images by their class.
[<RequireQualifiedAccess>]
module internal Scatter =
    // Ten classes are usual. Three colours more are from Paul Tol's muted scheme.
    let private colours = Array.append Look.colours ([| "#882255"; "#999933"; "#44AA99" |] |> Array.map SKColor.Parse)
    let private colour i = colours[i % colours.Length]

    /// The picture of points by the names of their groups.
    let picture
        (title: string)
        (xLabel: string)
        (yLabel: string)
        (groups: (string * (float * float) list) list)
        : Picture =
        let points = groups |> List.collect snd

        if points.IsEmpty then
            let found = if groups.IsEmpty then "no group" else "no point"
            Fail.with' (Malformed("scatter", "a group with a point", found))

        match points |> List.tryFind (fun (x, y) -> not (Double.IsFinite x && Double.IsFinite y)) with
        | Some(x, y) -> Fail.with' (Malformed("scatter", "finite numbers", $"({x}, {y})"))
        | None -> ()

        let panel width =
            let plot = Panels.plot title xLabel yLabel width

            for i, (_, points) in List.indexed groups do
                let coordinates = [| for x, y in points -> Coordinates(x, y) |]
                let scatter = plot.Add.ScatterPoints coordinates
                scatter.Color <- (Panels.ofColour (colour i)).WithAlpha 0.7
                scatter.MarkerSize <- if points.Length <= 300 then 6f else 4f

            let struct (left, right) = Panels.limits 0.04 (points |> List.map fst)
            let struct (low, high) = Panels.limits 0.04 (points |> List.map snd)
            plot.Axes.SetLimits(left, right, low, high)
            plot

        // As wide as the names above it need.
        let names = groups |> List.sumBy (fun (name, _) -> 44f + Look.widthOf false 12f name)
        let wide = max 620 (int names + 20)
        Panels.picture wide 520 [ for i, (name, _) in List.indexed groups -> name, colour i ] [ panel ]
