namespace Deeplay.Images

open System
open System.IO
open System.Runtime.InteropServices
open Deeplay.Core
open Deeplay.Torch
open SkiaSharp
open TorchSharp

/// Single image files as tensors and back.
[<RequireQualifiedAccess>]
module ImageFile =
    /// Pixels from 0 to 1.
    let internal tensorOf (bytes: byte[]) (shape: int64[]) : torch.Tensor =
        use scope = torch.NewDisposeScope()
        use brightest = Numbers.real 255.0
        let pixels = torch.tensor(bytes).reshape(shape).``to`` torch.ScalarType.Float32
        scope.MoveToOuter(pixels.div brightest)

    /// An image file (PNG, JPEG, BMP, GIF or WebP) as a tensor (C, H, W) of float32 from 0 to 1, on the CPU. Transparency and the
    /// orientation in EXIF are not regarded, as in torchvision's ImageFolder. What is no image, or not whole, is an
    /// error that names the file.
    [<CompiledName "Read">]
    let read (options: ImageOptions) (path: string) : torch.Tensor =
        ArgumentNullException.ThrowIfNull(options, nameof options)
        ArgumentNullException.ThrowIfNull(path, nameof path)
        Native.load ()
        let pixels = Pixels.read options path
        tensorOf pixels.Bytes [| int64 options.Channels; int64 pixels.Height; int64 pixels.Width |]

    // As (3, H, W) or (1, H, W) of bytes on the CPU.
    let private bytesOf (path: string) (tensor: torch.Tensor) : torch.Tensor =
        let image = if tensor.dim () = 2L then tensor.unsqueeze 0L else tensor
        let channels = if image.dim () = 3L then image.shape[0] else 0L

        if (channels <> 1L && channels <> 3L) || image.NumberOfElements = 0L then
            let expected = "an image (H, W), (1, H, W) or (3, H, W)"
            DataFile.fail path expected (string (Shape.known tensor.shape))

        if image.dtype = torch.ScalarType.Byte then
            image.cpu().contiguous()
        elif image.is_floating_point () then
            if not (image.isfinite().all().item<bool>()) then
                DataFile.fail path "numbers from 0 to 1" "some that are not finite"

            // Source: torchvision, utils.save_image: rounded to the nearest, and cut.
            use scale = Numbers.real 255.0
            use half = Numbers.real 0.5
            use low = Numbers.real 0.0
            let scaled = image.``to``(torch.ScalarType.Float32).mul scale |> Numbers.plus half
            scaled.clamp(low, scale).``to``(torch.ScalarType.Byte).cpu().contiguous()
        else
            DataFile.fail path "an image of floats from 0 to 1, or of bytes" (string image.dtype)

    /// Writes an image (H, W), (1, H, W) or (3, H, W) as a PNG file: floats from 0 to 1, what is beyond cut, or bytes. The file appears
    /// whole or not at all.
    [<CompiledName "Write">]
    let write (path: string) (image: torch.Tensor) : unit =
        ArgumentNullException.ThrowIfNull(path, nameof path)
        ArgumentNullException.ThrowIfNull(image, nameof image)
        use _scope = torch.NewDisposeScope()
        use _noGrad = torch.no_grad ()
        let bytes = bytesOf path image
        let channels, height, width = int bytes.shape[0], int bytes.shape[1], int bytes.shape[2]
        let planes = bytes.data<byte>().ToArray()
        let area = height * width
        let pixels: byte[] = Array.create (4 * area) 255uy

        for place in 0 .. area - 1 do
            for channel in 0..2 do
                pixels[4 * place + channel] <- planes[(if channels = 1 then 0 else channel) * area + place]

        Pixels.withSkia (fun () ->
            let info = SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque)
            use copied = SKImage.FromPixelCopy(info, ReadOnlySpan pixels)
            use png = copied.Encode(SKEncodedImageFormat.Png, 100)
            let content = png.ToArray()
            WholeFile.write path (fun (file: Stream) -> file.Write(content, 0, content.Length)))
