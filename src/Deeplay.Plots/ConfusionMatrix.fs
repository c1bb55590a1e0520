namespace Deeplay.Plots

open System
open System.Globalization
open Deeplay.Core
open SkiaSharp

/// What stands in the cells of a confusion matrix.
[<RequireQualifiedAccess>]
type ConfusionCells =
    /// How many examples.
    | Counts
    /// Which share of the examples of the true class, as scikit-learn's `normalize="true"`.
    | Shares
    /// Both, where there is room.
    | CountsAndShares

/// A confusion matrix as a table of coloured cells: a row for each true class, a column for each predicted one.
[<RequireQualifiedAccess>]
module internal ConfusionMatrix =
    let private check (classes: string list) (matrix: float[,]) =
        let wrong expected found = Fail.with' (Malformed("confusion matrix", expected, found))
        let rows, columns = Array2D.length1 matrix, Array2D.length2 matrix

        if rows = 0 || rows <> columns then
            wrong "as many rows as columns, at least one" $"{string rows} × {string columns}"

        if classes.Length <> rows then wrong $"names of {string rows} classes" (string classes.Length)

        for value in Seq.cast<float> matrix do
            if not (value >= 0.0 && Double.IsFinite value) then wrong "counts of at least 0" (string value)

    /// Each row as shares of its sum; a class without examples has none.
    let shares (matrix: float[,]) : float[,] =
        let sums = [| for i in 0 .. Array2D.length1 matrix - 1 -> Array.sum matrix[i, *] |]
        matrix |> Array2D.mapi (fun i _ value -> if sums[i] > 0.0 then value / sums[i] else 0.0)

    let private count (value: float) =
        let text = value.ToString("0.###", CultureInfo.InvariantCulture)
        if text.Length <= 7 then text else Look.number value

    let private percent (share: float) =
        let digits = if share > 0.0 && share < 0.0995 then "0.0" else "0"
        (100.0 * share).ToString(digits, CultureInfo.InvariantCulture) + "%"

    let private texts cells (value: float) (share: float) =
        match cells with
        | ConfusionCells.Counts -> [ count value ]
        | ConfusionCells.Shares -> [ percent share ]
        | ConfusionCells.CountsAndShares -> [ count value; percent share ]

    // Names wider than this are cut.
    let private widest = 160f
    let private nameSize = 12f

    let private cellSize classes =
        if classes <= 100 then max 14f (min 62f (560f / float32 classes)) else 1400f / float32 classes

    let private head, foot, bar = 40f, 30f, 80f

    // The colours and what they stand for.
    let private scale (canvas: SKCanvas) (x: float32) (top: float32) (size: float32) =
        let steps = 64

        for i in 0 .. steps - 1 do
            let y = top + size * float32 (steps - 1 - i) / float32 steps

            Look.fill
                canvas
                (Look.scale (float i / float (steps - 1)))
                (SKRect(x, y, x + 12f, y + size / float32 steps + 0.5f))

        Look.frame canvas Look.line 1f (SKRect(x, top, x + 12f, top + size))

        for share in (if size < 90f then [ 0.0; 1.0 ] else [ 0.0; 0.25; 0.5; 0.75; 1.0 ]) do
            let y = top + size * float32 (1.0 - share)
            Look.write canvas SKTextAlign.Left false 11f Look.faint (x + 17f) (y + 4f) $"{string (100.0 * share)}%%"

    /// The picture of a matrix of counts.
    let picture cells (classes: string list) (matrix: float[,]) : Picture =
        check classes matrix
        let number = classes.Length
        let shares = shares matrix
        let names = classes |> List.map (Look.fit false nameSize widest) |> Array.ofList
        let widths = names |> Array.map (Look.widthOf false nameSize)
        let nameWidth = Array.max widths
        let left = 34f + nameWidth + 8f

        let draw (canvas: SKCanvas) (width: float32) (height: float32) =
            let isTurned cell = Array.max widths > cell - 6f
            // The room for names below depends on whether they are turned, which depends on the room.
            let cellFor below = min (width - left - bar) (height - head - below - foot) / float32 number
            let level = cellFor 22f
            let below = if isTurned level then nameWidth + 10f else 22f
            let cell = max 1f (cellFor below)
            let size = cell * float32 number
            let every = max 1 (int (ceil (13f / cell)))
            Look.write canvas SKTextAlign.Center false 14f Look.ink (left + size / 2f) 24f "confusion matrix"

            for i in 0 .. number - 1 do
                for j in 0 .. number - 1 do
                    let x, y = left + float32 j * cell, head + float32 i * cell
                    let share = shares[i, j]
                    Look.fill canvas (Look.scale share) (SKRect(x, y, x + cell, y + cell))
                    let lines = texts cells matrix[i, j] share
                    let lines = if cell < 40f then List.truncate 1 lines else lines
                    let wanted = min 13f (cell / 2.6f)
                    let widest = lines |> List.map (Look.widthOf false wanted) |> List.max
                    let textSize = if widest > cell - 4f then wanted * (cell - 4f) / widest else wanted

                    // What can't be read is not written.
                    if textSize >= 7f then
                        let ink =
                            if share > 0.5 then SKColors.White
                            elif matrix[i, j] = 0.0 then Look.line
                            else Look.ink

                        let middle = y + cell / 2f + textSize * 0.36f

                        lines
                        |> List.iteri (fun k text ->
                            let shift = (float32 k - float32 (lines.Length - 1) / 2f) * textSize * 1.25f

                            Look.write
                                canvas
                                SKTextAlign.Center
                                false
                                textSize
                                ink
                                (x + cell / 2f)
                                (middle + shift)
                                text)

            Look.frame canvas Look.line 1f (SKRect(left, head, left + size, head + size))

            for i in 0..every .. number - 1 do
                let middle = (float32 i + 0.5f) * cell
                Look.write canvas SKTextAlign.Right false nameSize Look.ink (left - 8f) (head + middle + 4f) names[i]

                if isTurned level then
                    Look.writeTurned
                        canvas
                        SKTextAlign.Right
                        false
                        nameSize
                        Look.ink
                        (left + middle + 4f)
                        (head + size + 8f)
                        -90f
                        names[i]
                else
                    Look.write
                        canvas
                        SKTextAlign.Center
                        false
                        nameSize
                        Look.ink
                        (left + middle)
                        (head + size + 17f)
                        names[i]

            Look.write
                canvas
                SKTextAlign.Center
                false
                nameSize
                Look.faint
                (left + size / 2f)
                (head + size + below + 18f)
                "predicted"

            Look.writeTurned canvas SKTextAlign.Center false nameSize Look.faint 20f (head + size / 2f) -90f "true"
            scale canvas (left + size + 18f) head size

        let size = cellSize number * float32 number
        let isTurned = nameWidth > cellSize number - 6f
        let below = if isTurned then nameWidth + 10f else 22f
        Picture(int (ceil (left + size + bar)), int (ceil (head + size + below + foot)), draw)
