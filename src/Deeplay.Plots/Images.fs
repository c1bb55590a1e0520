namespace Deeplay.Plots

open Deeplay.Core
open SkiaSharp

/// A grid of images and nothing else.
[<RequireQualifiedAccess>]
module internal Images =
    let private gap = 2f

    /// The picture of images, so many in a row.
    let picture (columns: int) (images: Predictions.Pixels list) : Picture =
        if columns < 1 then Fail.with' (Malformed("images", "at least one column", string columns))

        let rows = (images.Length + columns - 1) / columns
        let wide, high = float32 images.Head.Wide, float32 images.Head.High
        // A small image is shown with pixels of two or more.
        let factor = float32 (max 1 (int (56f / max wide high)))

        let draw (canvas: SKCanvas) (width: float32) (height: float32) =
            let cell, row = (width - gap) / float32 columns, (height - gap) / float32 rows
            let factor = min ((cell - gap) / wide) ((row - gap) / high) |> max 0.01f

            images
            |> List.iteri (fun i image ->
                let x, y = gap + float32 (i % columns) * cell, gap + float32 (i / columns) * row
                use bitmap = Predictions.bitmap (max 1 (int (ceil factor))) image
                use picture = SKImage.FromBitmap bitmap
                let rect = SKRect(x, y, x + wide * factor, y + high * factor)
                canvas.DrawImage(picture, rect, SKSamplingOptions(SKFilterMode.Linear, SKMipmapMode.Linear)))

        Picture(
            int (float32 columns * (wide * factor + gap) + gap),
            int (float32 rows * (high * factor + gap) + gap),
            draw
        )
