namespace Deeplay.Plots

open System
open Deeplay.Core
open Deeplay.Torch
open ScottPlot
open SkiaSharp

/// Learning curves: each metric by epoch or by step, in a panel of its own.
[<RequireQualifiedAccess>]
module internal Curves =
    let private stages = [ "train", Look.colours[0]; "val", Look.colours[1] ]

    /// The stage that a metric is of, and its name without it.
    let split (name: string) =
        stages
        |> List.tryFind (fun (stage, _) -> name.StartsWith(stage + "_", StringComparison.Ordinal))
        |> Option.map (fun (stage, _) -> stage, name.Substring(stage.Length + 1))
        |> Option.defaultValue ("", name)

    /// Where a metric stands among others: the loss first, the learning rate last.
    let rank name =
        match name with
        | "loss" -> 0
        | "lr" -> 2
        | _ -> 1

    // By what the metrics are shown. A log has several rows for an epoch, which only their steps tell apart.
    let private axis (history: History) : string * (EpochRecord -> float) =
        let epochs = history.Epochs |> List.map _.Epoch

        if (List.distinct epochs).Length = epochs.Length then
            "epoch", (fun row -> float row.Epoch)
        else
            "step", (fun row -> float row.Step)

    /// The panels, and the lines in each: the stage and the points (epoch or step, value).
    let panels (history: History) : (string * (string * (float * float) list) list) list =
        let order = List.map fst stages @ [ "" ]
        let _, place = axis history

        history.Epochs
        |> List.collect (fun epoch -> List.ofSeq epoch.Metrics.Keys)
        |> List.distinct
        |> List.map (fun name ->
            let stage, metric = split name

            let points =
                history.Epochs
                |> List.choose (fun epoch ->
                    epoch.Metrics.TryFind name |> Option.map (fun value -> place epoch, value))

            metric, (stage, points))
        |> List.groupBy fst
        |> List.map (fun (metric, lines) ->
            metric, lines |> List.map snd |> List.sortBy (fun (stage, _) -> List.findIndex ((=) stage) order))
        |> List.sortBy (fun (metric, _) -> rank metric, metric)

    let private colourOf stage =
        stages |> List.tryFind (fst >> (=) stage) |> Option.map snd |> Option.defaultValue Look.colours[2]

    // Whether a panel's scale is logarithmic: what falls by more than two powers of ten would be flat otherwise. A learning rate is
    // shown as it was set.
    let private isLogarithmic (metric: string) (values: float list) =
        let finite = values |> List.filter Double.IsFinite

        not (metric.StartsWith("lr", StringComparison.Ordinal) || finite.IsEmpty)
        && List.min finite > 0.0
        && List.max finite > 100.0 * List.min finite

    let private panel
        (axis: string, places: float list)
        (metric, lines: (string * (float * float) list) list)
        (width: float32)
        =
        let plot = Panels.plot metric axis "" width

        let isLog = isLogarithmic metric (lines |> List.collect (snd >> List.map snd))
        let scale value = if isLog then log10 value else value
        let lines = lines |> List.map (fun (stage, points) -> stage, points |> List.map (fun (x, y) -> x, scale y))

        for stage, points in lines do
            Panels.line plot (colourOf stage) points

        let values = lines |> List.collect (snd >> List.map snd)
        if not (List.exists Double.IsFinite values) then Panels.note plot "no finite value"
        let struct (low, high) = Panels.limits 0.06 values
        let first, last = List.min places, List.max places
        let room = if first = last then 0.5 else 0.03 * (last - first)
        plot.Axes.SetLimits(first - room, last + room, low, high)

        if isLog then
            let ticks = Panels.logTicks low high
            plot.Axes.Left.SetTicks(ticks |> List.map fst |> Array.ofList, ticks |> List.map snd |> Array.ofList)

        plot.Axes.Bottom.TickGenerator <- TickGenerators.NumericAutomatic(IntegerTicksOnly = true)
        plot

    // What can be shown of a history.
    let private shown (history: History) =
        let panels = panels history

        if panels.IsEmpty then Fail.with' (Malformed("curves", "a history with a metric", "none"))

        let name, place = axis history
        let used = panels |> List.collect (snd >> List.map fst)

        (name, history.Epochs |> List.map place),
        stages |> List.filter (fun (stage, _) -> List.contains stage used),
        panels

    /// The picture of a history.
    let picture (history: History) : Picture =
        let places, entries, panels = shown history
        panels |> List.map (panel places) |> Panels.picture 400 280 entries

    /// The same as the stages with their colours, and a picture for each metric.
    let pictures (history: History) : (string * SKColor) list * (string * Picture) list =
        let places, entries, panels = shown history
        entries, panels |> List.map (fun one -> fst one, Panels.picture 400 280 [] [ panel places one ])
