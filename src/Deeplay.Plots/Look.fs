namespace Deeplay.Plots

open System
open System.Globalization
open SkiaSharp

/// What all pictures have in common: colours, letters, numbers.
[<RequireQualifiedAccess>]
module internal Look =
    let private colour (hex: string) = SKColor.Parse hex

    /// Colours that people with any colour vision tell apart. Source: Okabe and Ito, 2008, Color Universal Design; without its yellow,
    /// which is too light on white.
    let colours =
        [| "#0072B2"; "#D55E00"; "#009E73"; "#CC79A7"; "#E69F00"; "#56B4E9"; "#000000" |]
        |> Array.map colour

    let ink = colour "#222222"
    let faint = colour "#6B6B6B"
    let line = colour "#B0B0B0"
    let grid = colour "#E8E8E8"
    let right = colours[0]
    let wrong = colours[1]

    /// A colour of a scale from 0 to 1, from near white to dark blue: darker is more, for any colour vision.
    let scale (share: float) : SKColor =
        let stops = [| "#F7FBFF"; "#D3E4F3"; "#9DC6E0"; "#5AA2CF"; "#2474B5"; "#08306B" |] |> Array.map colour
        let at = Math.Clamp(share, 0.0, 1.0) * float (stops.Length - 1)
        let low = min (stops.Length - 2) (int at)
        let mix (a: byte) (b: byte) = byte (Math.Round(float a + (at - float low) * (float b - float a)))
        let a, b = stops[low], stops[low + 1]
        SKColor(mix a.Red b.Red, mix a.Green b.Green, mix a.Blue b.Blue)

    let private typeface bold =
        lazy
            (let weight = if bold then SKFontStyle.Bold else SKFontStyle.Normal
             // The first that the machine has.
             [ "DejaVu Sans"; "Arial"; "Helvetica"; "Liberation Sans"; "Noto Sans" ]
             |> List.tryPick (fun name ->
                 let found = SKFontManager.Default.MatchFamily(name, weight)
                 Option.ofObj found)
             |> Option.defaultValue SKTypeface.Default)

    let private plain = typeface false
    let private bold = typeface true

    /// The name of the letters.
    let family () = plain.Value.FamilyName

    let font isBold (size: float32) =
        new SKFont((if isBold then bold else plain).Value, size, Subpixel = true, Edging = SKFontEdging.Antialias)

    /// How wide a text is.
    let widthOf isBold size (text: string) =
        use font = font isBold size
        font.MeasureText text

    /// The text, with `…` for its middle where it is wider: names differ at both ends.
    let fit isBold size (width: float32) (text: string) =
        let rec shorter kept =
            let cut = text.Substring(0, (kept + 1) / 2) + "…" + text.Substring(text.Length - kept / 2)
            if kept <= 2 || widthOf isBold size cut <= width then cut else shorter (kept - 1)

        if widthOf isBold size text <= width then text else shorter (text.Length - 1)

    /// Draws a text: `at` is its left end, its middle or its right end, on the line it stands on.
    let write
        (canvas: SKCanvas)
        (align: SKTextAlign)
        isBold
        size
        (colour: SKColor)
        (x: float32)
        (y: float32)
        (text: string)
        =
        use font = font isBold size
        use paint = new SKPaint(Color = colour, IsAntialias = true)
        canvas.DrawText(text, x, y, align, font, paint)

    /// Draws it turned around that point, by degrees clockwise.
    let writeTurned (canvas: SKCanvas) align isBold size colour (x: float32) (y: float32) (degrees: float32) text =
        canvas.Save() |> ignore
        canvas.Translate(x, y)
        canvas.RotateDegrees degrees
        write canvas align isBold size colour 0f 0f text
        canvas.Restore()

    let fill (canvas: SKCanvas) (colour: SKColor) (rect: SKRect) =
        use paint = new SKPaint(Color = colour, Style = SKPaintStyle.Fill, IsAntialias = false)
        canvas.DrawRect(rect, paint)

    let frame (canvas: SKCanvas) (colour: SKColor) width (rect: SKRect) =
        use paint = new SKPaint(Color = colour, Style = SKPaintStyle.Stroke, StrokeWidth = width, IsAntialias = true)
        canvas.DrawRect(rect, paint)

    /// A number with three significant digits.
    let number (value: float) =
        let size = abs value

        if size = 0.0 || not (Double.IsFinite value) then
            value.ToString("R", CultureInfo.InvariantCulture)
        elif size < 1e-3 || size >= 1e5 then
            value.ToString("0.##e+0", CultureInfo.InvariantCulture)
        else
            let decimals = max 0 (2 - int (floor (log10 size)))
            value.ToString("0." + String('#', decimals), CultureInfo.InvariantCulture)

    /// A score of at most 1 with three significant digits, or as many as tell it from 1.
    let score (value: float) =
        let rec longer digits =
            let text = value.ToString("0." + String('#', digits), CultureInfo.InvariantCulture)
            if text = "1" && digits < 15 then longer (digits + 1) else text

        if value < 1.0 && number value = "1" then longer 4 else number value
