/// Image files. What is in those of reference/images is what Pillow sees: reference/images.json.
module Deeplay.Tests.ImageTests

open System
open System.IO
open Expecto
open Deeplay.FSharp
open Deeplay.Images
open Deeplay.Torch
open TorchSharp
open Deeplay.Tests
open Deeplay.Tests.DataHelp
open Deeplay.Tests.LoweringHelp
open Deeplay.Tests.TrainingHelp

let private file name = Path.Combine(AppContext.BaseDirectory, "reference", "images", name)
let private gray = ImageOptions.Default.WithColor ImageColor.Gray

let private cases =
    [
        for case in ((Recorded.read "reference" "images").GetProperty "cases").EnumerateArray() ->
            (case.GetProperty "name").GetString(), case
    ]

// Pixels as bytes, no further from the expected than `most`.
let private near most (expected: int64 list) (x: Tensor) =
    Assert.equal expected.Length (numbers x).Length

    for expected, found in List.zip expected (numbers x) do
        Assert.inRange (float expected - most) (float expected + most) (255.0 * found)

/// A folder of classes, each with these files, which are copies of others; without those where there is no source.
let private inClasses (files: (string * string) list) (work: string -> 'a) : 'a =
    inFolder (fun folder ->
        for path, source in files do
            let full = Path.Combine(folder, path)
            Directory.CreateDirectory(Path.GetDirectoryName full) |> ignore
            if source <> "" then File.Copy(file source, full) else File.WriteAllText(full, "text")

        work folder)

[<Tests>]
let tests =
    torchTests
        "Images"
        [
            testTheory "a file is what Pillow sees" cases (fun (name, case) ->
                // Decoders of JPEG round in their own ways.
                let most = if name.EndsWith "jpg" then 3.0 else 1e-3
                let size = [ (case.GetProperty "height").GetInt64(); (case.GetProperty "width").GetInt64() ]
                use x = ImageFile.read ImageOptions.Default (file name)
                Assert.equal (3L :: size, torch.ScalarType.Float32) (shapeOf x, x.dtype)
                near most (Recorded.sizes (case.GetProperty "rgb")) x
                use y = ImageFile.read gray (file name)
                Assert.equal (1L :: size) (shapeOf y)
                near most (Recorded.sizes (case.GetProperty "gray")) y)

            testCase "what is written comes back" (fun () ->
                inFolder (fun folder ->
                    let path = Path.Combine(folder, "x.png")
                    use x = ImageFile.read ImageOptions.Default (file "rgb.png")
                    ImageFile.write path x
                    use again = ImageFile.read ImageOptions.Default path
                    Assert.equal (numbers x) (numbers again)
                    // Without a channel; what is beyond 0 to 1 is cut, the rest rounded.
                    use y = tensorOf [ 1L; 4L ] [ -1.0; 0.4999; 0.7; 2.0 ]
                    ImageFile.write path y
                    use again = ImageFile.read gray path
                    Assert.equal [ 0.0; 127.0; 179.0; 255.0 ] (numbers again |> List.map (fun v -> round (255.0 * v)))
                    use bytes = torch.tensor([| 0uy; 7uy; 255uy |]).reshape(1L, 3L, 1L)
                    ImageFile.write path bytes
                    use again = ImageFile.read gray path
                    Assert.equal [ 0.0; 7.0; 255.0 ] (numbers again |> List.map (fun v -> round (255.0 * v)))))

            testCase "what is no image is not written" (fun () ->
                inFolder (fun folder ->
                    let path = Path.Combine(folder, "x.png")

                    for tensor, expected in
                        [
                            torch.zeros 4L, "expected an image (H, W), (1, H, W) or (3, H, W), found (4,)."
                            torch.zeros (2L, 4L, 4L),
                            "expected an image (H, W), (1, H, W) or (3, H, W), found (2, 4, 4)."
                            torch.zeros (0L, 4L), "expected an image (H, W), (1, H, W) or (3, H, W), found (0, 4)."
                            torch.zeros (2L, 2L, dtype = torch.ScalarType.Int64),
                            "expected an image of floats from 0 to 1, or of bytes, found Int64."
                            tensorOf [ 1L; 1L ] [ nan ],
                            "expected numbers from 0 to 1, found some that are not finite."
                        ] do
                        Assert.equal $"x.png: {expected}" (message (fun () -> ImageFile.write path tensor))

                    Assert.empty (Directory.GetFileSystemEntries folder)))

            testCase "resizing: equal areas keep their color, and no pixel is beyond" (fun () ->
                inFolder (fun folder ->
                    let path = Path.Combine(folder, "halves.png")
                    // Left half black, right half white.
                    use x = tensorOf [ 8L; 8L ] [ for i in 0..63 -> if i % 8 < 4 then 0.0 else 1.0 ]
                    ImageFile.write path x
                    use small = ImageFile.read (gray.WithSize(4, 4)) path
                    Assert.equal [ 1L; 4L; 4L ] (shapeOf small)
                    let row = (numbers small)[..3]
                    Assert.equal (List.concat (List.replicate 4 row)) (numbers small)
                    Assert.equal (0.0, 1.0) (row[0], row[3])
                    Assert.isTrue (row[1] <= 0.5 && row[2] >= 0.5 && List.sort row = row)
                    use wide = ImageFile.read (gray.WithSize(3, 16)) path
                    Assert.equal [ 1L; 3L; 16L ] (shapeOf wide)
                    Assert.inRange 0.49 0.51 (List.average (numbers wide))
                    use same = ImageFile.read (gray.WithSize(8, 8)) path
                    Assert.equal (numbers x) (numbers same)))

            testCase "a broken file is an error that names it" (fun () ->
                let read path = ImageFile.read ImageOptions.Default path

                for name in [ "rgb.png"; "smooth.jpg"; "rgb.bmp" ] do
                    let whole = File.ReadAllBytes(file name)

                    for length in [ 10; whole.Length / 2; whole.Length * 3 / 4 ] do
                        Assert.startsWith
                            $"{name}: expected"
                            (message (fun () -> withBytes name whole[.. length - 1] read))

                Assert.equal
                    "x.png: expected an image (PNG, JPEG, BMP, GIF or WebP), found something else."
                    (message (fun () -> withText "x.png" "no picture" read))

                Assert.equal
                    "x.png: expected data, found an empty file."
                    (message (fun () -> withText "x.png" "" read))

                Assert.equal
                    "y.png: expected a file, found nothing there (near it: x.png)."
                    (message (fun () ->
                        withText "x.png" "a" (fun path -> read (Path.Combine(Path.GetDirectoryName path, "y.png"))))))

            testCase "a header that promises a huge image allocates nothing" (fun () ->
                // Width and height in the first chunk, with its checksum made anew.
                let bytes = File.ReadAllBytes(file "gray.png")
                Array.blit [| 0uy; 1uy; 0uy; 0uy; 0uy; 1uy; 0uy; 0uy |] 0 bytes 16 8

                let crc =
                    (0xFFFFFFFFu, bytes[12..28])
                    ||> Array.fold (fun crc b ->
                        (crc ^^^ uint32 b, [ 1..8 ])
                        ||> List.fold (fun crc _ ->
                            if crc &&& 1u = 1u then (crc >>> 1) ^^^ 0xEDB88320u else crc >>> 1))
                    |> (~~~)

                Array.blit (BitConverter.GetBytes crc |> Array.rev) 0 bytes 29 4

                Assert.equal
                    "x.png: expected at most 178956970 pixels, found 65536 × 65536."
                    (message (fun () -> withBytes "x.png" bytes (ImageFile.read gray))))

            testCase "folders are classes, in order, at any depth" (fun () ->
                inClasses
                    [
                        "b/2.png", "rgb.png"
                        "b/deep/1.PNG", "alpha.png"
                        "B/3.bmp", "rgb.bmp"
                        "a/4.png", "gray.png"
                        ".hidden/5.png", "rgb.png"
                        "a/.DS_Store", ""
                        "a/Thumbs.db", ""
                        "notes.txt", ""
                    ]
                    (fun folder ->
                        let images = ImageFolder.list folder
                        Assert.equal [ "B"; "a"; "b" ] (List.ofSeq images.Classes)

                        Assert.equal
                            [ "B/3.bmp"; "a/4.png"; "b/2.png"; "b/deep/1.PNG" ]
                            [ for path in images.Paths -> Path.GetRelativePath(folder, path) ]

                        Assert.equal [ 0L; 1L; 2L; 2L ] (List.ofSeq images.Labels)
                        use read = ImageFolder.read ImageOptions.Default images
                        use data = new Dataset(read.Inputs, read.Targets)

                        Assert.equal
                            ([ 4L; 3L; 4L; 5L ], [ 0L; 1L; 2L; 2L ])
                            (shapeOf data.Inputs, wholes data.Targets)

                        Assert.equal images.Classes read.Classes

                        for i, path in Seq.indexed images.Paths do
                            use one = ImageFile.read ImageOptions.Default path
                            use placed = data.Inputs.select (0L, int64 i)
                            Assert.equal (numbers one) (numbers placed)))

            testCase "images of several sizes need one" (fun () ->
                inClasses [ "a/1.png", "rgb.png"; "a/2.jpg", "smooth.jpg" ] (fun folder ->
                    let images = ImageFolder.list folder

                    Assert.equal
                        "a/2.jpg: expected 4 × 5 pixels, as a/1.png has (or a size that images are resized to), found 16 × 16."
                        ((message (fun () -> ImageFolder.read gray images)).Replace(folder + "/", ""))

                    use read = ImageFolder.read (gray.WithSize(6, 7)) images
                    Assert.equal [ 2L; 1L; 6L; 7L ] (shapeOf read.Inputs)))

            testCase "images that are read when they are needed are those that are read at once" (fun () ->
                let files = [ "a/1.png", "rgb.png"; "a/2.png", "gray.png"; "b/3.bmp", "rgb.bmp" ]

                inClasses files (fun folder ->
                    let list = ImageFolder.list folder
                    use all = ImageFolder.read ImageOptions.Default list
                    let images = ImageFolder.unread ImageOptions.Default list
                    Assert.equal (3L, [ "a"; "b" ]) (images.Count, List.ofSeq images.Classes)
                    use data = Dataset.Indexed(images.Count, images.Read)
                    use kept = data.Keep()
                    Assert.equal (numbers all.Inputs) (numbers kept.Inputs)
                    Assert.equal (wholes all.Targets) (wholes kept.Targets)

                    let model = Layers.sequential [ Layers.flatten; Layers.lazyLinear 2 ]

                    let fit data =
                        Application.fit { options 2 with BatchSize = 2L } data (Applications.classifier 2 model)

                    use a = fit data
                    use b = fit kept
                    Assert.equal (weights b) (weights a)

                    // What a file lost since is told when it is read.
                    File.WriteAllText(list.Paths[2], "text")
                    Assert.endsWith "found something else." (message (fun () -> fit data))
                    Assert.endsWith "expected a place from 0 to 2, found 3." (message (fun () -> images.Read 3L))))

            testCase "unread images are of one size, too" (fun () ->
                inClasses [ "a/1.png", "rgb.png"; "a/2.jpg", "smooth.jpg" ] (fun folder ->
                    let list = ImageFolder.list folder
                    let images = ImageFolder.unread gray list

                    let expected =
                        "expected 4 × 5 pixels, as a/1.png has (or a size that images are resized to), found 16 × 16."

                    Assert.endsWith expected ((message (fun () -> images.Read 1L)).Replace(folder + "/", ""))
                    let struct (image, label) = (ImageFolder.unread (gray.WithSize(6, 7)) list).Read 1L
                    Assert.equal ([ 1L; 6L; 7L ], 0L) (shapeOf image, label.item<int64>())))

            testCase "a folder that holds no classes of images is an error that names it" (fun () ->
                let list folder = ImageFolder.list folder |> ignore

                for files, expected in
                    [
                        [], "expected a folder for each class, found no folder."
                        [ "1.png", "rgb.png" ], "expected a folder for each class, found no folder."
                        [ "a/1.png", "rgb.png"; "b/.keep", "" ], "b: expected images of this class, found none."
                        [ "a/1.tiff", "rgb.png" ],
                        "1.tiff: expected images alone (.png, .jpg, .jpeg, .bmp, .gif, .webp), found another kind of file."
                    ] do
                    Assert.endsWith expected (inClasses files (fun folder -> message (fun () -> list folder)))

                Assert.endsWith "expected a folder, found nothing there." (message (fun () -> list "/no/such/folder"))
                Assert.endsWith "expected a folder, found a file." (message (fun () -> list (file "rgb.png"))))

            testCase "one broken image among many is named" (fun () ->
                inClasses [ "a/1.png", "rgb.png"; "a/2.png", ""; "b/3.png", "" ] (fun folder ->
                    Assert.equal
                        "2.png: expected an image (PNG, JPEG, BMP, GIF or WebP), found something else."
                        ((message (fun () -> ImageFolder.read gray (ImageFolder.list folder))).Replace("a/", ""))))

            testCase "options that make no sense are errors" (fun () ->
                Assert.equal
                    "size: expected a positive height and width, found 0 × 3."
                    (message (fun () -> gray.WithSize(0, 3)))

                Assert.equal "color: expected Rgb or Gray, found 7." (message (fun () -> gray.WithColor(enum 7))))
        ]
