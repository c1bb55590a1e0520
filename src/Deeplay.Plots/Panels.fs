namespace Deeplay.Plots

open System
open ScottPlot
open SkiaSharp

/// Plots of ScottPlot, of one look, alone or several in a picture.
[<RequireQualifiedAccess>]
module internal Panels =
    let private colour (c: SKColor) = Color(c.Red, c.Green, c.Blue, c.Alpha)

    /// ScottPlot's colour of one of ours.
    let ofColour = colour

    let private titleSize = 14f

    /// An empty plot. A title that is wider than `width` is cut in its middle.
    let plot (title: string) (xLabel: string) (yLabel: string) (width: float32) : Plot =
        let plot = new Plot()
        plot.Font.Set(Look.family ()) |> ignore
        plot.FigureBackground.Color <- colour SKColors.White
        plot.DataBackground.Color <- colour SKColors.White
        plot.Grid.MajorLineColor <- colour Look.grid
        plot.Grid.MajorLineWidth <- 1f
        plot.Axes.Color(colour Look.ink)
        plot.Axes.FrameColor(colour Look.line)
        plot.Axes.Top.FrameLineStyle.Width <- 0f
        plot.Axes.Right.FrameLineStyle.Width <- 0f
        plot.Title(Look.fit true titleSize (width - 70f) title, Nullable titleSize)
        plot.XLabel(xLabel, Nullable 12f)
        plot.YLabel(yLabel, Nullable 12f)

        for axis in plot.Axes.GetAxes() do
            axis.Label.Bold <- false
            axis.Label.ForeColor <- colour Look.faint
            axis.TickLabelStyle.FontSize <- 11f
            axis.TickLabelStyle.ForeColor <- colour Look.ink
            axis.MajorTickStyle.Color <- colour Look.line
            axis.MinorTickStyle.Length <- 0f

        plot.Axes.Left.TickGenerator <- TickGenerators.NumericAutomatic(TickDensity = 0.6)
        plot

    /// Room around numbers: some of their range, or of themselves where they are one.
    let limits (share: float) (values: float seq) : struct (float * float) =
        let finite = values |> Seq.filter Double.IsFinite |> Array.ofSeq

        if finite.Length = 0 then
            struct (0.0, 1.0)
        else
            let low, high = Array.min finite, Array.max finite
            let room = if high > low then share * (high - low) else max 1e-9 (0.1 * abs low)
            let room = if high = low && low = 0.0 then 1.0 else room
            struct (low - room, high + room)

    /// The ticks of a logarithmic scale between two powers of ten: those of ten, or 1, 2 and 5 where these are few.
    let logTicks (low: float) (high: float) : (float * string) list =
        let powers = [ int (floor low) .. int (ceil high) ]
        let steps = if high - low < 2.5 then [ 1.0; 2.0; 5.0 ] else [ 1.0 ]
        // Not more than about eight.
        let every = max 1 (powers.Length / 8)

        [
            for power in powers do
                if power % every = 0 then
                    for step in steps do
                        let at = float power + log10 step
                        if at >= low && at <= high then at, Look.number (step * 10.0 ** float power)
        ]

    // Points that follow each other, up to where a number is not finite.
    let private runs (points: (float * float) list) =
        let isFinite (x: float, y: float) = Double.IsFinite x && Double.IsFinite y

        (points, [ [] ])
        ||> List.foldBack (fun point runs ->
            match runs with
            | run :: rest when isFinite point -> (point :: run) :: rest
            | _ -> [] :: runs)
        |> List.filter (List.isEmpty >> not)

    let private coordinates (points: (float * float) list) =
        points |> List.map (fun (x, y) -> Coordinates(x, y)) |> Array.ofList

    /// The marks of points: of all where they are few, else of those that stand alone.
    let marks (plot: Plot) (c: SKColor) (points: (float * float) list) : unit =
        let isFew = points.Length <= 30
        let marked = runs points |> List.filter (fun run -> isFew || run.Length = 1) |> List.concat

        if not marked.IsEmpty then
            let scatter = plot.Add.ScatterPoints(coordinates marked)
            scatter.Color <- colour c
            scatter.MarkerSize <- if isFew then 5f else 4f

    /// A line through points without marks, which ends where a number is not finite.
    let stroke (plot: Plot) (c: SKColor) (pattern: LinePattern) (points: (float * float) list) : unit =
        for run in runs points do
            let scatter = plot.Add.Scatter(coordinates run)
            scatter.Color <- colour c
            scatter.LineWidth <- 2f
            scatter.LinePattern <- pattern
            scatter.MarkerSize <- 0f

    /// A line through points, which ends where a number is not finite. Points are marked where they are few or stand alone.
    let line (plot: Plot) (c: SKColor) (points: (float * float) list) : unit =
        stroke plot c LinePattern.Solid points
        marks plot c points

    /// A text in the middle of a plot that has nothing else.
    let note (plot: Plot) (text: string) =
        let note = plot.Add.Annotation(text, Alignment.MiddleCenter)
        note.LabelBackgroundColor <- Colors.Transparent
        note.LabelBorderWidth <- 0f
        note.LabelShadowColor <- Colors.Transparent
        note.LabelFontColor <- colour Look.faint
        note.LabelFontSize <- 12f
        note.LabelFontName <- Look.family ()

    // Four are two and two, more are three in a row.
    let private columns count = if count = 4 then 2 else min 3 count

    let private rows count = (count + columns count - 1) / columns count

    let private legendHeight = 30f

    // The names of lines with their colours, in a row above the panels, where no line is.
    let private legend (canvas: SKCanvas) (width: float32) (entries: (string * SKColor) list) =
        let widths = entries |> List.map (fun (name, _) -> 26f + Look.widthOf false 12f name + 18f)
        let mutable x = (width - List.sum widths) / 2f

        for (name, c), wide in List.zip entries widths do
            use paint = new SKPaint(Color = c, StrokeWidth = 3f, IsAntialias = true)
            canvas.DrawLine(x, 18f, x + 20f, 18f, paint)
            Look.write canvas SKTextAlign.Left false 12f Look.ink (x + 26f) 22f name
            x <- x + wide

    /// A picture of plots beside and below each other, each made when it is drawn, for the width it has.
    let picture
        (panelWidth: int)
        (panelHeight: int)
        (entries: (string * SKColor) list)
        (makers: (float32 -> Plot) list)
        =
        let count = makers.Length
        let columns, rows = columns count, rows count
        let head = if entries.IsEmpty then 0f else legendHeight

        let draw (canvas: SKCanvas) (width: float32) (height: float32) =
            if not entries.IsEmpty then legend canvas width entries
            let wide, high = width / float32 columns, (height - head) / float32 rows

            makers
            |> List.iteri (fun i make ->
                let left, top = float32 (i % columns) * wide, head + float32 (i / columns) * high
                use plot = make wide
                // The first time it draws all twice, one above the other, to see what room its texts need.
                plot.RenderInMemory(int wide, int high)
                canvas.Save() |> ignore
                // It clears what it is given.
                canvas.ClipRect(SKRect(left, top, left + wide, top + high))
                plot.Render(canvas, PixelRect(left, left + wide, top + high, top))
                canvas.Restore())

        Picture(columns * panelWidth, rows * panelHeight + int head, draw)
