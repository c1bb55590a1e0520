namespace Deeplay.Plots

open Deeplay.Core
open SkiaSharp

/// Images with marks where something was found.
[<RequireQualifiedAccess>]
module internal Detections =
    let private gap = 12f

    /// The picture of images beside one another, each with its marks: rows and columns in pixels.
    let picture (images: Predictions.Pixels list) (found: (float * float) list list) : Picture =
        if images.IsEmpty || found.Length <> images.Length then
            let given = $"{string images.Length} and {string found.Length}"
            Fail.with' (Malformed("detections", "as many images as tensors of places, at least one", given))

        let wide, high = float32 images.Head.Wide, float32 images.Head.High
        // Large enough for the marks to be seen.
        let factor = max 1f (ceil (240f / max wide high))
        let count = float32 images.Length

        let draw (canvas: SKCanvas) (width: float32) (height: float32) =
            let factor = min ((width - gap) / count - gap) (wide * (height - 2f * gap) / high) / wide |> max 0.01f

            List.zip images found
            |> List.iteri (fun i (image, places) ->
                let x = gap + float32 i * (width - gap) / count
                let rect = SKRect(x, gap, x + wide * factor, gap + high * factor)
                Predictions.show canvas factor rect image
                Look.frame canvas Look.line 1f rect
                canvas.Save() |> ignore
                canvas.ClipRect rect

                use paint =
                    new SKPaint(
                        Color = Look.wrong,
                        Style = SKPaintStyle.Stroke,
                        StrokeWidth = 1.5f,
                        IsAntialias = true
                    )

                for row, column in places do
                    // The middle of a pixel.
                    let at value = float32 (value + 0.5) * factor
                    canvas.DrawCircle(x + at column, gap + at row, max 3f (1.5f * factor), paint)

                canvas.Restore())

        Picture(int (count * (wide * factor + gap) + gap), int (high * factor + 2f * gap), draw)
