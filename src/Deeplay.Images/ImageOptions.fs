namespace Deeplay.Images

open System
open Deeplay.Core

/// The channels of an image as a tensor.
type ImageColor =
    /// Red, green and blue.
    | Rgb = 0
    /// Brightness alone, ITU-R 601-2's: 0.299 red, 0.587 green, 0.114 blue, as Pillow's mode L.
    | Gray = 1

/// How image files are read.
[<Sealed; AllowNullLiteral>]
type ImageOptions private (color: ImageColor, size: Nullable<struct (int * int)>) =
    /// Red, green and blue, in the size that the file has.
    static member val Default = ImageOptions(ImageColor.Rgb, Nullable())

    /// The channels.
    member _.Color = color

    /// The height and width that images are resized to, in pixels, whatever their shape; as they are where it is null.
    member _.Size = size

    /// How many channels there are.
    member _.Channels = if color = ImageColor.Gray then 1 else 3

    /// The same with these channels.
    member _.WithColor(color: ImageColor) : ImageOptions =
        if not (Enum.IsDefined color) then
            Fail.with' (Malformed("color", "Rgb or Gray", string (int color)))

        ImageOptions(color, size)

    /// The same, with images resized to so many pixels: by linear interpolation, from halved images where they shrink.
    member _.WithSize(height: int, width: int) : ImageOptions =
        if height < 1 || width < 1 then
            Fail.with' (Malformed("size", "a positive height and width", $"{string height} × {string width}"))

        ImageOptions(color, Nullable<struct (int * int)>(struct (height, width)))
