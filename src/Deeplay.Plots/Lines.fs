namespace Deeplay.Plots

open System
open Deeplay.Core
open ScottPlot

/// Lines through points, such as predictions beside a theory.
[<RequireQualifiedAccess>]
module internal Lines =
    // The first is solid: others are seen where they lie on it.
    let private pattern i =
        if i = 0 then LinePattern.Solid
        elif i % (2 * Look.colours.Length) < Look.colours.Length then LinePattern.Dashed
        else LinePattern.Dotted

    let private colour i = Look.colours[i % Look.colours.Length]

    /// The picture of lines by their names.
    let picture
        (title: string)
        (xLabel: string)
        (yLabel: string)
        (lines: (string * (float * float) list) list)
        : Picture =
        let points = lines |> List.collect snd

        if points.IsEmpty then
            Fail.with' (Malformed("lines", "a line with a point", (if lines.IsEmpty then "no line" else "no point")))

        match points |> List.tryFind (fst >> Double.IsFinite >> not) with
        | Some(x, _) -> Fail.with' (Malformed("lines", "finite numbers as x", string x))
        | None -> ()

        let panel width =
            let plot = Panels.plot title xLabel yLabel width
            // Before all lines: Skia's SVG complains of marks with the dashes that a line before them had.
            lines |> List.iteri (fun i (_, points) -> Panels.marks plot (colour i) points)
            lines |> List.iteri (fun i (_, points) -> Panels.stroke plot (colour i) (pattern i) points)
            let values = points |> List.map snd
            if not (List.exists Double.IsFinite values) then Panels.note plot "no finite value"
            let struct (left, right) = Panels.limits 0.03 (points |> List.map fst)
            let struct (low, high) = Panels.limits 0.06 values
            plot.Axes.SetLimits(left, right, low, high)
            plot

        let names = lines |> List.mapi (fun i (name, _) -> name, colour i)
        Panels.picture 560 380 names [ panel ]
