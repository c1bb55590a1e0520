namespace Deeplay.Plots

open System
open System.Collections.Generic
open System.IO
open System.Text
open System.Text.RegularExpressions
open Deeplay.Core
open Deeplay.Torch
open SkiaSharp

/// Texts of SVG as Skia writes them.
[<RequireQualifiedAccess>]
module internal Svg =
    /// The text with ids of its own, in order: Skia counts on in each picture of a process.
    let renumber (prefix: string) (svg: string) : string =
        let ids = Dictionary<string, string>()

        for found in Regex.Matches(svg, "\\bid=\"([^\"]*)\"") do
            ids.TryAdd(found.Groups[1].Value, $"{prefix}{string ids.Count}") |> ignore

        let replaced (found: Match) =
            match ids.TryGetValue found.Groups[2].Value with
            | true, id -> found.Groups[1].Value + id + found.Groups[3].Value
            | _ -> found.Value

        Regex.Replace(svg, "(\\bid=\"|url\\(#|href=\"#)([^\")]*)([\")])", replaced)

/// A picture: what to draw, as a value. It holds the numbers it shows, so that tensors may be disposed. The same picture gives the same
/// file on one machine; letters are those of its fonts.
[<Sealed>]
type Picture internal (width: int, height: int, draw: SKCanvas -> float32 -> float32 -> unit) =
    let wrong expected found = Fail.with' (Malformed("picture", expected, found))

    // So much memory it takes to draw one.
    let limit = 100_000_000L

    do
        if width < 1 || height < 1 || int64 width * int64 height > limit then
            wrong $"a size of 1 to {string limit} pixels" $"{string width} × {string height}"

    /// In pixels.
    member _.Width = width

    /// In pixels.
    member _.Height = height

    /// The same in another size, in pixels: letters and lines stay as they are.
    member _.Sized(width: int, height: int) : Picture = Picture(width, height, draw)

    /// The same so many times as large, letters and lines too.
    member _.Scaled(factor: float) : Picture =
        if not (factor > 0.0 && factor <= 100.0) then
            wrong "a positive factor of at most 100" (string factor)

        let scaled (size: int) = max 1 (int (Math.Round(factor * float size)))

        Picture(
            scaled width,
            scaled height,
            fun canvas width height ->
                canvas.Scale(float32 factor)
                draw canvas (width / float32 factor) (height / float32 factor)
        )

    member private _.On(canvas: SKCanvas) =
        canvas.Clear SKColors.White
        draw canvas (float32 width) (float32 height)

    /// The bytes of a PNG file.
    member this.ToPng() : byte[] =
        use surface = SKSurface.Create(SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Premul))
        this.On surface.Canvas
        use image = surface.Snapshot()
        use data = image.Encode(SKEncodedImageFormat.Png, 100)
        data.ToArray()

    /// The text of an SVG file, whose ids begin with this.
    member internal this.SvgWith(prefix: string) : string =
        use stream = new MemoryStream()

        // What it draws is there only when it is closed.
        (use canvas = SKSvgCanvas.Create(SKRect(0f, 0f, float32 width, float32 height), stream)
         this.On canvas)

        let svg = Encoding.UTF8.GetString(stream.ToArray())
        // With it a page can show it in any size.
        Regex("<svg ").Replace(svg, $"<svg viewBox=\"0 0 {string width} {string height}\" ", 1)
        |> Svg.renumber prefix

    /// The text of an SVG file.
    member this.ToSvg() : string = this.SvgWith "c"

    /// Writes a PNG or SVG file, as its extension says, which appears whole or not at all.
    member this.Save(path: string) : unit =
        let bytes =
            match Path.GetExtension(path).ToLowerInvariant() with
            | ".png" -> this.ToPng()
            | ".svg" -> Encoding.UTF8.GetBytes(this.ToSvg())
            | other ->
                Fail.with' (Malformed(path, "a file .png or .svg", (if other = "" then "no extension" else other)))

        WholeFile.write path (fun file -> file.Write(ReadOnlySpan bytes))
