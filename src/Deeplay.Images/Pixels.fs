namespace Deeplay.Images

open System
open System.IO
open System.Runtime.InteropServices
open Deeplay.Core
open Deeplay.Torch
open SkiaSharp

/// The pixels of one image: a byte for each channel, (C, height, width).
[<NoComparison; NoEquality>]
type internal Pixels = { Height: int; Width: int; Bytes: byte[] }

/// Image files as pixels.
module internal Pixels =
    // As Pillow's: a small file can promise any size. Source: Pillow, Image.MAX_IMAGE_PIXELS, twice of which is an error.
    let private most = 178_956_970L

    /// Runs what calls Skia; without its natives an error says which package to add.
    let withSkia (work: unit -> 'a) : 'a =
        let missing (error: exn) : 'a =
            let problem = "no native SkiaSharp: add SkiaSharp.NativeAssets of this system to this project"
            Fail.with' (Unavailable $"{problem} ({error.GetBaseException().Message})")

        try
            work ()
        with
        | :? TypeInitializationException as error -> missing error
        | :? DllNotFoundException as error -> missing error

    let private infoOf width height =
        // Colors that were premultiplied could not be told from others; without a color space none is converted.
        SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Unpremul)

    // The image as the file has it. Transparency is laid aside, as by Pillow's conversion to RGB.
    let private decode (path: string) : SKBitmap =
        // Whole in memory, so that the file is closed, and its end known.
        use data = SKData.CreateCopy(ReadOnlySpan(File.ReadAllBytes path))
        use codec = SKCodec.Create data
        if isNull codec then DataFile.fail path "an image (PNG, JPEG, BMP, GIF or WebP)" "something else"
        let width, height = codec.Info.Width, codec.Info.Height

        if int64 width * int64 height > most then
            DataFile.fail path $"at most {string most} pixels" $"{string height} × {string width}"

        let bitmap = new SKBitmap(infoOf width height)

        match codec.GetPixels(bitmap.Info, bitmap.GetPixels()) with
        | SKCodecResult.Success -> bitmap
        | problem ->
            bitmap.Dispose()
            DataFile.fail path "an image that is whole" (string problem)

    let private resized (height: int) (width: int) (bitmap: SKBitmap) : SKBitmap =
        // Opaque, or transparent pixels would lose their color.
        use opaque = new SKBitmap()
        let info = SKImageInfo(bitmap.Width, bitmap.Height, SKColorType.Rgb888x, SKAlphaType.Opaque)
        opaque.InstallPixels(info, bitmap.GetPixels(), bitmap.RowBytes) |> ignore
        let sampling = SKSamplingOptions(SKFilterMode.Linear, SKMipmapMode.Linear)
        opaque.Resize(SKImageInfo(width, height, SKColorType.Rgb888x, SKAlphaType.Opaque), sampling)

    // Source: Pillow, Convert.c, L24: the weights times 2¹⁶, rounded.
    let private brightness (red: byte) (green: byte) (blue: byte) =
        byte ((int red * 19595 + int green * 38470 + int blue * 7471 + 0x8000) >>> 16)

    let private planes (color: ImageColor) (bitmap: SKBitmap) : Pixels =
        let height, width = bitmap.Height, bitmap.Width
        let area = height * width
        let source = bitmap.GetPixelSpan()
        let bytes = Array.zeroCreate (area * (if color = ImageColor.Gray then 1 else 3))

        for y in 0 .. height - 1 do
            for x in 0 .. width - 1 do
                let at = y * bitmap.RowBytes + 4 * x
                let place = y * width + x

                if color = ImageColor.Gray then
                    bytes[place] <- brightness source[at] source[at + 1] source[at + 2]
                else
                    for channel in 0..2 do
                        bytes[channel * area + place] <- source[at + channel]

        { Height = height; Width = width; Bytes = bytes }

    /// The pixels of a file, resized where the options say so.
    let read (options: ImageOptions) (path: string) : Pixels =
        DataFile.check path

        DataFile.guard path (fun () ->
            withSkia (fun () ->
                use bitmap = decode path

                if options.Size.HasValue then
                    let struct (height, width) = options.Size.Value

                    if bitmap.Height = height && bitmap.Width = width then
                        planes options.Color bitmap
                    else
                        use resized = resized height width bitmap
                        planes options.Color resized
                else
                    planes options.Color bitmap))
