namespace Deeplay.Plots

open System
open System.Runtime.InteropServices
open Deeplay.Core
open SkiaSharp

/// A grid of images with what was predicted for them.
[<RequireQualifiedAccess>]
module internal Predictions =
    let private columns count =
        if count <= 4 then count
        elif count <= 12 then min 6 ((count + 1) / 2)
        else 8

    let private gap, top, foot = 12f, 8f, 36f

    /// An image: its width, its height, and its pixels row by row, in RGB.
    [<NoEquality; NoComparison>]
    type Pixels = { Wide: int; High: int; Colours: SKColor[] }

    // Each pixel as a square of so many: whoever shows an SVG would smooth them otherwise.
    let bitmap factor (image: Pixels) =
        let bitmap = new SKBitmap(factor * image.Wide, factor * image.High, SKColorType.Rgba8888, SKAlphaType.Opaque)

        bitmap.Pixels <-
            [|
                for y in 0 .. factor * image.High - 1 do
                    for x in 0 .. factor * image.Wide - 1 -> image.Colours[y / factor * image.Wide + x / factor]
            |]

        bitmap

    /// Draws an image where a rectangle is, so many times as large.
    let show (canvas: SKCanvas) (factor: float32) (rect: SKRect) (image: Pixels) =
        use bitmap = bitmap (max 1 (int (ceil factor))) image
        use picture = SKImage.FromBitmap bitmap
        // Small images are shown pixel by pixel, larger ones smoothly.
        let sampling =
            if factor > 1f then
                SKSamplingOptions(SKFilterMode.Nearest)
            else
                SKSamplingOptions(SKFilterMode.Linear, SKMipmapMode.Linear)

        canvas.DrawImage(picture, rect, sampling)

    /// The picture of images: what each is, and what was predicted.
    let picture (images: Pixels list) (actual: string list) (predicted: string list) : Picture =
        let count = images.Length

        if count = 0 || actual.Length <> count || predicted.Length <> count then
            let found = $"{string count}, {string actual.Length} and {string predicted.Length}"
            Fail.with' (Malformed("predictions", "as many images as true and predicted labels, at least one", found))

        let columns = columns count
        let rows = (count + columns - 1) / columns
        let wide, high = float32 images.Head.Wide, float32 images.Head.High
        // Of small images each pixel is as large as a whole number of ours.
        let side = max wide high
        let factor = if side >= 112f then 112f / side else float32 (max 1 (int (112f / side)))
        let cellWide = max 96f (wide * factor)

        let draw (canvas: SKCanvas) (width: float32) (height: float32) =
            let cell, row = (width - gap) / float32 columns, (height - top) / float32 rows
            let factor = min ((cell - gap) / wide) ((row - foot - gap) / high) |> max 0.01f

            List.zip3 images actual predicted
            |> List.iteri (fun i (image, actual, predicted) ->
                let x = gap / 2f + float32 (i % columns) * cell + cell / 2f
                let y = top + float32 (i / columns) * row
                let rect = SKRect(x - wide * factor / 2f, y, x + wide * factor / 2f, y + high * factor)
                show canvas factor rect image
                let isRight = actual = predicted
                Look.frame canvas (if isRight then Look.line else Look.wrong) (if isRight then 1f else 2f) rect
                let text = Look.fit (not isRight) 12f (cell - 6f) predicted

                Look.write
                    canvas
                    SKTextAlign.Center
                    (not isRight)
                    12f
                    (if isRight then Look.right else Look.wrong)
                    x
                    (rect.Bottom + 15f)
                    text

                if not isRight then
                    let text = Look.fit false 11f (cell - 6f) $"true: {actual}"
                    Look.write canvas SKTextAlign.Center false 11f Look.faint x (rect.Bottom + 29f) text)

        Picture(
            int (float32 columns * (cellWide + gap) + gap),
            int (float32 rows * (high * factor + foot + gap) + top),
            draw
        )
