/// The numbers in pictures, and the files that they become. How they look was looked at.
module Deeplay.Tests.PlotTests

open System
open System.IO
open System.Text.Json
open System.Text.RegularExpressions
open System.Xml.Linq
open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Torch
open Deeplay.Plots
open SkiaSharp
open TorchSharp
open Expecto
open Deeplay.Tests
open Deeplay.Tests.LoweringHelp
open Deeplay.Tests.TrainingHelp

let private recorded (what: string) = Recorded.items ((Recorded.read "reference" "plots").GetProperty what)

let private floats (name: string) (json: JsonElement) = Recorded.items (json.GetProperty name) |> List.map _.GetDouble()

let private close (expected: float list) (found: float list) =
    Assert.equal expected.Length found.Length
    List.iter2 (fun a b -> Expect.floatClose Accuracy.high b a "another number") expected found

let private history (rows: (string * float) list list) =
    {
        Epochs = rows |> List.mapi (fun i metrics -> { Epoch = i; Step = int64 i; Metrics = Map.ofList metrics })
    }

// The texts of a picture, in the order they are drawn.
let private texts (picture: Picture) =
    XDocument.Parse(picture.ToSvg()).Descendants()
    |> Seq.filter (fun element -> element.Name.LocalName = "text")
    |> Seq.map _.Value.Trim()
    |> List.ofSeq

// Pixels of the picture that have this colour.
let private pixels (hex: string) (picture: Picture) =
    use bitmap = SKBitmap.Decode(picture.ToPng())
    let wanted = SKColor.Parse hex
    bitmap.Pixels |> Seq.filter ((=) wanted) |> Seq.length

// Of training and of validation.
let private blue, private orange = "#0072B2", "#D55E00"

let private examples () =
    let curve =
        history
            [
                [ "train_loss", 1.0; "val_loss", 1.2; "lr", 0.1 ]
                [ "train_loss", 0.5; "val_loss", nan; "lr", 0.1 ]
            ]

    [
        "curves", Plot.curves curve
        "confusion",
        Plot.confusionMatrix [ "a"; "b" ] (torch.tensor [| 3.0; 1.0; 0.0; 2.0 |] |> fun t -> t.reshape (2L, 2L))
        "lines", Plot.lines "title" "x" "y" [ "a", [ 0.0, 1.0; 1.0, 0.5 ]; "b", [ 0.0, 0.5; 1.0, nan ] ]
        "finder", Plot.learningRateFinder (Some 0.01) [ 0.001; 0.01; 0.1 ] [ 1.0; 0.5; 3.0 ]
        "roc", Plot.roc (torch.tensor [| 0.1; 0.4; 0.8 |]) (torch.tensor [| 0L; 1L; 1L |])
        "error", Plot.predictionError (torch.tensor [| 1.0; 2.0 |]) (torch.tensor [| 1.5; 2.0 |])
        "predictions", Plot.predictions (torch.zeros (2L, 3L, 3L)) [ "a"; "b" ] [ "a"; "a" ]
        "detections", Plot.detections (torch.zeros (1L, 3L, 3L)) [ torch.zeros (1L, 2L) ]
        "images", Plot.images 2 (torch.linspace(0.0, 1.0, 27L).reshape(3L, 1L, 3L, 3L))
        "scatter", Plot.scatter "title" "x" "y" [ "a"; "b" ] (torch.eye (2L, 2L)) (torch.tensor [| 0L; 1L |])
    ]

[<Tests>]
let tests =
    torchTests
        "PlotTests"
        [
            testCase "ROC curves are scikit-learn's" (fun () ->
                for row in recorded "roc" do
                    let targets = floats "targets" row |> List.map ((=) 1.0) |> Array.ofList
                    let points = (Roc.points (Array.ofList (floats "scores" row)) targets).Value
                    close (floats "wrong" row) (List.map fst points)
                    close (floats "right" row) (List.map snd points)
                    close [ row.GetProperty("area").GetDouble() ] [ Roc.area points ]

                Assert.equal None (Roc.points [| 1.0; 2.0 |] [| true; true |]))

            testCase "R², bins and shares are scikit-learn's and numpy's" (fun () ->
                for row in recorded "r2" do
                    let found =
                        PredictionError.r2 (Array.ofList (floats "actual" row)) (Array.ofList (floats "predicted" row))

                    close [ row.GetProperty("score").GetDouble() ] [ found ]

                for row in recorded "histogram" do
                    let edges, counts =
                        Histograms.bins (row.GetProperty("bins").GetInt32()) (Array.ofList (floats "numbers" row))

                    close (floats "edges" row) (List.ofArray edges)
                    Assert.equal (floats "counts" row) (counts |> Array.map float |> List.ofArray)

                for row in recorded "confusion" do
                    let counts = floats "counts" row
                    let size = int (sqrt (float counts.Length))
                    let shares = ConfusionMatrix.shares (Array2D.init size size (fun i j -> counts[i * size + j]))
                    close (floats "shares" row) (List.ofSeq (Seq.cast<float> shares))

                // A class without examples.
                Assert.equal
                    [ 0.0; 0.0; 0.25; 0.75 ]
                    (List.ofSeq (Seq.cast<float>(ConfusionMatrix.shares (array2D [ [ 0.0; 0.0 ]; [ 1.0; 3.0 ] ])))))

            testCase "curves have a panel for each metric, the loss first, the rate last" (fun () ->
                let found =
                    Curves.panels (
                        history
                            [
                                [ "lr", 0.1; "train_accuracy", 0.5; "val_loss", 1.2; "train_loss", 1.0 ]
                                [ "lr", 0.2; "train_loss", 0.5 ]
                            ]
                    )

                Assert.equal
                    [
                        "loss", [ "train", [ 0.0, 1.0; 1.0, 0.5 ]; "val", [ 0.0, 1.2 ] ]
                        "accuracy", [ "train", [ 0.0, 0.5 ] ]
                        "lr", [ "", [ 0.0, 0.1; 1.0, 0.2 ] ]
                    ]
                    found)

            testCase "rows of a log have their places by the step" (fun () ->
                let row epoch step metrics = { Epoch = epoch; Step = step; Metrics = Map.ofList metrics }

                let log =
                    {
                        Epochs =
                            [
                                row 0 19L [ "train_loss_step", 0.9 ]
                                row 0 29L [ "train_loss", 1.0 ]
                                row 1 39L [ "train_loss_step", 0.4 ]
                            ]
                    }

                Assert.equal
                    [ "loss", [ "train", [ 29.0, 1.0 ] ]; "loss_step", [ "train", [ 19.0, 0.9; 39.0, 0.4 ] ] ]
                    (Curves.panels log)

                let words = texts (Plot.curves log)
                Assert.contains "step" words
                Assert.doesNotContain "epoch" words)

            testCase "what falls by more than a hundred times has a logarithmic scale" (fun () ->
                let shown name values = texts (Plot.curves (history [ for value in values -> [ name, value ] ]))
                let far = shown "val_loss" [ 1.0; 0.1; nan; 0.009 ]

                for tick in [ "1"; "0.1"; "0.01" ] do
                    Assert.contains tick far

                Assert.doesNotContain "0.01" (shown "val_loss" [ 1.0; 0.1; 0.011 ])
                Assert.doesNotContain "0.01" (shown "val_loss" [ 1.0; 0.001; 0.0 ])
                Assert.doesNotContain "0.01" (shown "lr" [ 1.0; 0.1; 0.009 ]))

            testCase "images stand in rows, each where it belongs" (fun () ->
                let red = torch.zeros (3L, 3L, 4L, 4L)
                red.select(0L, 1L).select(0L, 0L).fill_((1.0f).ToScalar()) |> ignore
                let picture = Plot.images 2 red
                // 4 pixels of 14, and a gap of 2 around each.
                Assert.equal (2 * 58 + 2) picture.Width
                Assert.equal (2 * 58 + 2) picture.Height
                Assert.equal (56 * 56) (pixels "#FF0000" picture))

            testCase "points have the colours and names of their classes that have some" (fun () ->
                let points = torch.rand (20L, 2L)
                let labels = torch.arange(20L).remainder((2L).ToScalar()).mul((2L).ToScalar())
                let picture = Plot.scatter "codes" "z0" "z1" [ "a"; "b"; "c" ] points labels
                Assert.isTrue (pixels "#0072B2" picture > 0 && pixels "#009E73" picture = 0)
                let found = texts picture
                Assert.equal [ true; false; true ] [ for name in [ "a"; "b"; "c" ] -> List.contains name found ]
                Assert.isTrue (List.contains "z0" found))

            testCase "lines have names, the first is solid, and what is not finite leaves a gap" (fun () ->
                let of' lines = Plot.lines "forces" "x (µm)" "F (pN)" lines
                let line ys = ys |> List.mapi (fun i y -> float i, y)
                let whole = of' [ "theory", line [ 0.0; 1.0; 0.5; 0.7 ] ]

                Assert.equal
                    [ "F (pN)"; "forces"; "theory"; "x (µm)" ]
                    (texts whole |> List.filter (fun text -> Char.IsLetter text[0]) |> List.sort)

                let gap = of' [ "theory", line [ 0.0; nan; 0.5; 0.7 ] ]
                Assert.isTrue (pixels blue whole > pixels blue gap)
                let both = of' [ "theory", line [ 0.0; 1.0 ]; "predicted", line [ 0.0; 1.0 ] ]
                // What is dashed lets through what lies below it.
                Assert.isTrue (pixels blue both > 50 && pixels orange both > 50))

            testCase "a curve is drawn in its stage's colour, and what is not finite leaves a gap" (fun () ->
                let of' values =
                    Plot.curves (history [ for value in values -> [ "train_loss", value; "val_loss", 0.2 ] ])

                let whole, gap = of' [ 1.0; 0.5; 0.6; 0.3 ], of' [ 1.0; nan; infinity; 0.3 ]
                Assert.isTrue (pixels blue whole > 2 * pixels blue gap)
                Assert.isTrue (pixels blue gap > 10)
                Assert.isTrue (pixels orange whole > 100)

                Assert.equal
                    [ "train"; "val"; "epoch"; "loss" ]
                    (texts whole |> List.filter (fun text -> Char.IsLetter text[0]))

                Assert.contains "no finite value" (texts (Plot.curves (history [ [ "x", nan ] ]))))

            testCase "a confusion matrix has its counts, shares and names" (fun () ->
                let matrix = torch.tensor([| 30L; 10L; 0L; 2L |]).reshape(2L, 2L)
                let names = [ "cat"; "dog" ]
                let all = [ "confusion matrix"; "cat"; "cat"; "dog"; "dog"; "predicted"; "true" ]
                let shown cells = texts (Plot.confusionMatrixOf cells names matrix)
                let counts = shown ConfusionCells.Counts

                Assert.equal
                    [ "30"; "10"; "0"; "2" ]
                    (counts |> List.filter (fun text -> Regex.IsMatch(text, @"^\d+$")))

                Assert.equal (List.sort all) (counts |> List.filter (fun text -> Char.IsLetter text[0]) |> List.sort)

                Assert.equal
                    [ "75%"; "25%"; "0%"; "100%" ]
                    (shown ConfusionCells.Shares |> List.skip 1 |> List.truncate 4)

                let both = shown ConfusionCells.CountsAndShares |> List.skip 1 |> List.truncate 8
                Assert.equal [ "30"; "75%"; "10"; "25%"; "0"; "0%"; "2"; "100%" ] both
                // Darker is more.
                Assert.equal (SKColor.Parse "#F7FBFF") (Look.scale 0.0)
                Assert.equal (SKColor.Parse "#08306B") (Look.scale 1.0)

                let light =
                    [
                        for i in 0..20 ->
                            let c = Look.scale (float i / 20.0) in
                            0.2126 * float c.Red + 0.7152 * float c.Green + 0.0722 * float c.Blue
                    ]

                Assert.equal (List.sortDescending light) light)

            testCase "many classes and long names keep to the picture" (fun () ->
                let names = [ for i in 1..60 -> $"a class with a name that is rather long, number {i}" ]
                let picture = Plot.confusionMatrix names (torch.eye 60L)
                Assert.inRange 800 1400 picture.Width
                // Names are cut in the middle, and cells too small for numbers have none.
                let shown = texts picture |> List.filter _.Contains("…")
                Assert.equal 120 shown.Length
                Assert.isTrue (shown |> List.forall (fun text -> Look.widthOf false 12f text <= 160f))
                Assert.endsWith "60" shown[118]
                Assert.doesNotContain "1" (texts picture))

            testCase "a logarithmic scale has ticks that can be read" (fun () ->
                Assert.equal [ "0.001"; "0.01"; "0.1" ] (Panels.logTicks -3.2 -0.5 |> List.map snd)
                Assert.equal [ "0.02"; "0.05"; "0.1"; "0.2" ] (Panels.logTicks -1.9 -0.6 |> List.map snd)
                Assert.isTrue ((Panels.logTicks -30.0 3.0).Length <= 10)
                let picture = Plot.learningRateFinder (Some 0.02) [ 0.001; 0.01; 0.1 ] [ 1.0; 0.5; nan ]
                Assert.contains "suggested 0.02" (texts picture)
                Assert.containsText $"<path fill=\"{orange}\"" (picture.ToSvg()))

            testCase "a score is 1 only where it is" (fun () ->
                let scores =
                    [
                        1.0, "1"
                        0.99973, "0.9997"
                        0.9999996, "0.9999996"
                        Math.BitDecrement 1.0, "1"
                        0.9949, "0.995"
                        0.5, "0.5"
                        -2.0, "-2"
                    ]

                for value, text in scores do
                    Assert.equal text (Look.score value)

                let nearly = Plot.predictionError (torch.tensor [| 0.0; 1.0 |]) (torch.tensor [| 0.0; 1.01 |])
                // By hand: 1 − 0.01² / 0.5.
                Assert.contains "predicted against true, R² = 0.9998" (texts nearly))

            testCase "ROC curves of classes and labels" (fun () ->
                let scores = torch.tensor([| 0.9; 0.1; 0.2; 0.8; 0.4; 0.6; 0.7; 0.3 |]).reshape(4L, 2L)
                let classes = texts (Plot.rocOf [ "a"; "b" ] scores (torch.tensor [| 0L; 1L; 1L; 0L |]))
                Assert.contains "a (1)" classes
                let labels = torch.tensor([| 1L; 1L; 1L; 0L; 0L; 0L; 0L; 0L |]).reshape(4L, 2L)
                // By hand: scores 0.9, 0.2, 0.4, 0.7 of which the first two are right: 2 pairs of 4 in order.
                Assert.contains "a (0.5)" (texts (Plot.rocOf [ "a"; "b" ] scores labels))

                let one =
                    Plot.roc
                        (torch.tensor([| 0.9f; 0.2f; 0.4f; 0.7f |]).reshape(4L, 1L))
                        (torch.tensor [| 1L; 1L; 0L; 0L |])

                Assert.contains "ROC curve, AUC 0.5" (texts one))

            testCase "images are shown pixel by pixel, with what was predicted" (fun () ->
                let image = torch.tensor([| 0.0; 1.0; 1.0; 0.0; 0.0; 0.0 |]).reshape(1L, 1L, 3L, 2L)
                let picture = Plot.predictions image [ "dog" ] [ "cat" ]
                Assert.equal [ "cat"; "true: dog" ] (texts picture)
                use bitmap = SKBitmap.Decode(picture.ToPng())
                // Two of six are white.
                let inside =
                    [
                        for y in 12..110 do
                            for x in 30..90 -> bitmap.GetPixel(x, y)
                    ]
                    |> List.filter (fun c -> c = SKColors.Black || c = SKColors.White)

                let white = inside |> List.filter ((=) SKColors.White) |> List.length
                Assert.inRange 0.28 0.38 (float white / float inside.Length)
                // Colours are the channels.
                let red = torch.zeros (1L, 3L, 2L, 2L, dtype = torch.uint8)
                red.select(1L, 0L).fill_(255L.ToScalar()) |> ignore
                Assert.isTrue (pixels "#FF0000" (Plot.predictions red [ "a" ] [ "a" ]) > 5000)
                Assert.equal [ "a" ] (texts (Plot.predictions red [ "a" ] [ "a" ])))

            testCase "marks are where something was found" (fun () ->
                let found = torch.tensor([| 2.0; 7.0; 0.5 |]).reshape(1L, 3L)
                let picture = Plot.detections (torch.zeros (1L, 10L, 10L)) [ found ]
                use bitmap = SKBitmap.Decode(picture.ToPng())
                let mark = SKColor.Parse "#D55E00"
                // Ten pixels of 24, behind a margin of 12; a circle around the middle of row 2 and column 7.
                let x, y = 12.0 + 7.5 * 24.0, 12.0 + 2.5 * 24.0

                let places =
                    [
                        for i in 0 .. bitmap.Width - 1 do
                            for k in 0 .. bitmap.Height - 1 do
                                if bitmap.GetPixel(i, k) = mark then float i + 0.5, float k + 0.5
                    ]

                Assert.isTrue (places.Length > 20)

                // Where nothing was found there is no mark.
                let none = Plot.detections (torch.zeros (1L, 10L, 10L)) [ torch.zeros (0L, 2L) ]
                Assert.notEqual (none.ToPng()) (picture.ToPng())

                for i, k in places do
                    Assert.inRange 33.0 39.0 (sqrt ((i - x) ** 2.0 + (k - y) ** 2.0)))

            testCase "weights have a panel for each parameter" (fun () ->
                use network = Module.build "cpu" (Layers.sequential [ Layers.linear 3 2; Layers.linear 2 1 ])

                let names =
                    texts (Plot.weights network) |> List.filter (fun text -> text.Contains '.' && text.Contains 'i')

                Assert.equal [ "0.weight"; "0.bias"; "1.weight"; "1.bias" ] names)

            testCase "a file is what its extension says, and the same again" (fun () ->
                inFolder (fun folder ->
                    for name, picture in examples () do
                        let png, svg = Path.Combine(folder, name + ".png"), Path.Combine(folder, name + ".SVG")
                        Plot.save png picture
                        Plot.save svg picture
                        use bitmap = SKBitmap.Decode png
                        Assert.equal (picture.Width, picture.Height) (bitmap.Width, bitmap.Height)
                        let root = XDocument.Load(svg).Root
                        Assert.equal (string picture.Width) (root.Attribute("width").Value)
                        Assert.equal $"0 0 {picture.Width} {picture.Height}" (root.Attribute("viewBox").Value)
                        Assert.equal (File.ReadAllBytes png) (picture.ToPng())
                        Assert.equal (File.ReadAllText svg) (picture.ToSvg())
                        // Something is drawn.
                        Assert.isTrue (bitmap.Pixels |> Seq.distinct |> Seq.length > 10)))

            testCase "a picture in other sizes" (fun () ->
                let picture = snd (examples ()).Head
                Assert.equal (300, 200) (let p = Plot.sized 300 200 picture in p.Width, p.Height)
                let large = Plot.scaled 2.0 picture
                Assert.equal (2 * picture.Width, 2 * picture.Height) (large.Width, large.Height)
                Assert.inRange 3.0 10.0 (float (pixels blue large) / float (pixels blue picture)))

            testCase "what is no picture is an error" (fun () ->
                let matrix (rows: int64) (columns: int64) = torch.zeros (rows, columns)
                let curve = snd (examples ()).Head

                for wrong, expected in
                    [
                        (fun () -> Plot.curves History.empty), "a history with a metric"
                        (fun () -> Plot.lines "" "" "" []), "a line with a point"
                        (fun () -> Plot.lines "" "" "" [ "a", [ nan, 1.0 ] ]), "finite numbers as x"
                        (fun () -> Plot.confusionMatrix [ "a" ] (matrix 2L 2L)), "names of 2 classes"
                        (fun () -> Plot.confusionMatrix [ "a"; "b" ] (matrix 2L 3L)),
                        "as many rows as columns, at least one"
                        (fun () -> Plot.confusionMatrix [ "a" ] (torch.zeros 1L)), "a matrix (C, C)"
                        (fun () -> Plot.confusionMatrix [ "a" ] (torch.tensor([| nan |]).reshape(1L, 1L))),
                        "counts of at least 0"
                        (fun () -> Plot.learningRateFinder None [] []), "as many losses as rates, at least one"
                        (fun () -> Plot.learningRateFinder (Some 0.0) [ 0.1 ] [ 1.0 ]), "positive rates"
                        (fun () -> Plot.roc (torch.zeros 2L) (torch.zeros 2L)), "examples of the class and others"
                        (fun () -> Plot.roc (torch.zeros 2L) (torch.tensor [| 0L; 2L |])), "targets of 0 and 1"
                        (fun () -> Plot.roc (torch.tensor [| nan; 0.0 |]) (torch.tensor [| 0L; 1L |])), "finite scores"
                        (fun () -> Plot.rocOf [ "a"; "b" ] (matrix 2L 2L) (torch.tensor [| 0L; 2L |])),
                        "classes from 0 to 1"
                        (fun () -> Plot.rocOf [ "a" ] (matrix 2L 2L) (torch.tensor [| 0L; 1L |])),
                        "a score for each example and class, and a target for each example"
                        (fun () -> Plot.predictionError (torch.zeros 2L) (torch.zeros 3L)),
                        "as many predictions as true numbers, at least one"
                        (fun () -> Plot.predictionError (torch.tensor [| nan |]) (torch.zeros 1L)), "finite numbers"
                        (fun () -> Plot.predictions (torch.zeros (1L, 2L, 4L, 4L)) [ "a" ] [ "a" ]),
                        "images (N, H, W), (N, 1, H, W) or (N, 3, H, W)"
                        (fun () -> Plot.predictions (torch.zeros (1L, 4L, 4L)) [ "a" ] []),
                        "as many images as true and predicted labels, at least one"
                        (fun () -> Plot.detections (torch.zeros (1L, 4L, 4L)) []),
                        "as many images as tensors of places, at least one"
                        (fun () -> Plot.detections (torch.zeros (1L, 4L, 4L)) [ torch.zeros 2L ]),
                        "places (D, 2) or more"
                        (fun () -> Plot.images 0 (torch.zeros (1L, 4L, 4L))), "at least one column"
                        (fun () -> Plot.images 2 (torch.zeros (0L, 4L, 4L))), "at least one image with pixels"
                        (fun () -> Plot.scatter "" "" "" [ "a" ] (matrix 2L 3L) (torch.zeros 2L)),
                        "points (N, 2) and a class (N) for each"
                        (fun () -> Plot.scatter "" "" "" [ "a" ] (matrix 2L 2L) (torch.ones 2L)), "classes from 0 to 0"
                        (fun () -> Plot.scatter "" "" "" [ "a" ] (matrix 0L 2L) (torch.zeros 0L)),
                        "a group with a point"
                        (fun () ->
                            Plot.scatter "" "" "" [ "a" ] (torch.full (1L, 2L, nan.ToScalar())) (torch.zeros 1L)),
                        "finite numbers"
                        (fun () -> Plot.weights (torch.nn.ReLU())), "a module with a parameter"
                        (fun () -> Plot.sized 0 10 curve), "a size of 1 to 100000000 pixels"
                        (fun () -> Plot.scaled -1.0 curve), "a positive factor of at most 100"
                    ] do
                    match errorsOf (fun () -> wrong () |> ignore) with
                    | [ Malformed(_, found, _) ] -> Assert.equal expected found
                    | other -> failtest $"%A{other}"

                for path, found in [ "x.jpg", ".jpg"; "x", "no extension"; "", "no extension" ] do
                    match errorsOf (fun () -> Plot.save path curve) with
                    | [ Malformed(_, "a file .png or .svg", other) ] -> Assert.equal found other
                    | other -> failtest $"%A{other}")
        ]
