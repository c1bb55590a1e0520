namespace Deeplay.Images

open System
open System.Collections.Generic
open System.IO
open System.Threading.Tasks
open Deeplay.Core
open Deeplay.Torch
open TorchSharp

/// The image files of a folder by class, before any is read.
[<Sealed; AllowNullLiteral>]
type ImageList internal (folder: string, classes: string[], files: (string * int64)[]) =
    let paths, labels = Array.unzip files

    /// The folder.
    member _.Folder = folder

    /// The names of the classes, whose places are the labels.
    member _.Classes: IReadOnlyList<string> = classes

    /// The paths of the files, class by class.
    member _.Paths: IReadOnlyList<string> = paths

    /// The label of each file.
    member _.Labels: IReadOnlyList<int64> = labels

    /// How many there are.
    member _.Count = files.LongLength

/// Images in memory with their labels: `new Dataset(images.Inputs, images.Targets)`.
[<Sealed>]
type LabelledImages internal (inputs: torch.Tensor, targets: torch.Tensor, classes: IReadOnlyList<string>) =
    /// The images, (N, C, H, W) of float32 from 0 to 1.
    member _.Inputs = inputs

    /// The labels, (N,) of int64.
    member _.Targets = targets

    /// The names of the classes, whose places are the labels.
    member _.Classes = classes

    interface IDisposable with
        member _.Dispose() =
            inputs.Dispose()
            targets.Dispose()

/// Images with their labels that are read whenever they are needed: `Dataset.Indexed(images.Count, images.Read)`.
[<Sealed>]
type UnreadImages internal (images: ImageList, read: int64 -> torch.Tensor) =
    /// How many there are.
    member _.Count = images.Count

    /// The names of the classes, whose places are the labels.
    member _.Classes = images.Classes

    /// The image at a place, (C, H, W) of float32 from 0 to 1, and its label, of int64. Several threads may read at once. What is no
    /// image, not whole, or of another size than the first is an error that names the file.
    member _.Read(place: int64) : struct (torch.Tensor * torch.Tensor) =
        if place < 0L || place >= images.Count then
            let expected = $"a place from 0 to {string (images.Count - 1L)}"
            Fail.with' (Malformed(images.Folder, expected, string place))

        struct (read place, torch.tensor (images.Labels[int place]))

/// Folders with a folder of images for each class, as torchvision's ImageFolder takes them: the classes are the folders' names,
/// sorted by their characters' codes.
[<RequireQualifiedAccess>]
module ImageFolder =
    let private extensions = [ ".png"; ".jpg"; ".jpeg"; ".bmp"; ".gif"; ".webp" ]

    let private sorted (paths: string seq) =
        paths |> Seq.sortWith (fun a b -> String.CompareOrdinal(a, b)) |> Array.ofSeq

    // Files that systems put beside the user's.
    let private isHidden (root: string) (path: string) =
        (Path.GetRelativePath(root, path)).Split(Path.DirectorySeparatorChar)
        |> Array.exists (fun part -> part.StartsWith '.' || part = "Thumbs.db" || part = "desktop.ini")

    let private imagesOf (folder: string) : string[] =
        let files =
            Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            |> Seq.filter (isHidden folder >> not)
            |> sorted

        for file in files do
            if not (List.contains (Path.GetExtension(file).ToLowerInvariant()) extensions) then
                DataFile.fail file $"images alone ({Error.list extensions})" "another kind of file"

        if files.Length = 0 then DataFile.fail folder "images of this class" "none"
        files

    /// The images of a folder, by class. No folders in it, one without images, or a file that is no image by its name is an
    /// error; hidden files and folders don't count.
    [<CompiledName "List">]
    let list (folder: string) : ImageList =
        ArgumentNullException.ThrowIfNull(folder, nameof folder)

        if not (Directory.Exists folder) then
            DataFile.fail folder "a folder" (if File.Exists folder then "a file" else "nothing there")

        DataFile.guard folder (fun () ->
            let folders = Directory.EnumerateDirectories folder |> Seq.filter (isHidden folder >> not) |> sorted
            if folders.Length = 0 then DataFile.fail folder "a folder for each class" "no folder"

            let files =
                folders
                |> Array.mapi (fun label folder -> imagesOf folder |> Array.map (fun file -> file, int64 label))
                |> Array.concat

            ImageList(folder, folders |> Array.map (fun folder -> Path.GetFileName(folder: string)), files))

    // All at once, and the first error in the order of the files.
    let private pixelsOf options (paths: IReadOnlyList<string>) : Pixels[] =
        let results: Result<Pixels, exn>[] = Array.zeroCreate paths.Count

        let one i =
            results[i] <-
                try
                    Ok(Pixels.read options paths[i])
                with error ->
                    Error error

        Parallel.For(0, paths.Count, one) |> ignore

        results
        |> Array.map (function
            | Ok pixels -> pixels
            | Error error -> raise error)

    // Images of a batch are of one size.
    let private checkSize (images: ImageList) (first: Pixels) (place: int) (pixels: Pixels) =
        if pixels.Height <> first.Height || pixels.Width <> first.Width then
            let size = $"{string first.Height} × {string first.Width} pixels"
            let expected = $"{size}, as {images.Paths[0]} has (or a size that images are resized to)"
            DataFile.fail images.Paths[place] expected $"{string pixels.Height} × {string pixels.Width}"

    let private shapeOf (options: ImageOptions) (pixels: Pixels) =
        [| int64 options.Channels; int64 pixels.Height; int64 pixels.Width |]

    /// Reads listed images, on several threads. Where the options give no size, all must be of one: the error names the first
    /// that is not. What is no image, or not whole, is an error that names the file.
    [<CompiledName "Read">]
    let read (options: ImageOptions) (images: ImageList) : LabelledImages =
        ArgumentNullException.ThrowIfNull(options, nameof options)
        ArgumentNullException.ThrowIfNull(images, nameof images)
        Native.load ()
        let all = pixelsOf options images.Paths
        let first = all[0]
        all |> Array.iteri (fun i pixels -> checkSize images first i pixels)
        let shape = shapeOf options first
        use scope = torch.NewDisposeScope()
        let inputs = torch.empty (Array.append [| all.LongLength |] shape)

        all
        |> Array.iteri (fun i pixels ->
            use _scope = torch.NewDisposeScope()
            inputs.select(0L, int64 i).copy_(ImageFile.tensorOf pixels.Bytes shape) |> ignore)

        let targets = torch.tensor (Array.ofSeq images.Labels)
        new LabelledImages(scope.MoveToOuter inputs, scope.MoveToOuter targets, images.Classes)

    /// The listed images, to be read whenever they are needed, so that they need not fit into memory. The first is read at once, for
    /// its size: where the options give none, all must be of it.
    [<CompiledName "Unread">]
    let unread (options: ImageOptions) (images: ImageList) : UnreadImages =
        ArgumentNullException.ThrowIfNull(options, nameof options)
        ArgumentNullException.ThrowIfNull(images, nameof images)
        Native.load ()
        let first = { Pixels.read options images.Paths[0] with Bytes = [||] }

        let read (place: int64) =
            let pixels = Pixels.read options images.Paths[int place]
            checkSize images first (int place) pixels
            ImageFile.tensorOf pixels.Bytes (shapeOf options pixels)

        UnreadImages(images, read)
