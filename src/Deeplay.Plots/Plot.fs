namespace Deeplay.Plots

open System
open Deeplay.Core
open Deeplay.Torch
open SkiaSharp
open TorchSharp

/// Pictures of what was trained: `Plot.curves application.History |> Plot.save "curves.png"`. Tensors may be on any device; a picture
/// keeps what it needs of them.
[<RequireQualifiedAccess>]
module Plot =
    let private wrong where expected found = Fail.with' (Malformed(where, expected, found))

    // The numbers of a tensor, row by row.
    let private numbers (tensor: torch.Tensor) : float[] =
        use _scope = torch.NewDisposeScope()
        // TorchSharp fails on those of none.
        if tensor.NumberOfElements = 0L then
            [||]
        else
            tensor.detach().``to``(torch.float64).cpu().contiguous().data<float>().ToArray()

    /// Writes a PNG or SVG file, as its extension says, which appears whole or not at all.
    let save (path: string) (picture: Picture) : unit = picture.Save path

    /// The same picture in another size, in pixels: letters and lines stay as they are.
    let sized (width: int) (height: int) (picture: Picture) : Picture = picture.Sized(width, height)

    /// The same picture so many times as large, letters and lines too.
    let scaled (factor: float) (picture: Picture) : Picture = picture.Scaled factor

    /// Learning curves: a panel for each metric, with its course in training and in validation by the epoch, and one for the learning
    /// rate where the history has it. A curve ends where a number is not finite; epochs in which it was not measured are passed over.
    /// The scale of a metric that is positive and falls by more than a hundred times is logarithmic. Of a history with several rows for
    /// an epoch, such as the log of a `CsvLogger`, the course is that by the step.
    let curves (history: History) : Picture = Curves.picture history

    /// Lines through points (x, y) by their names, such as predictions beside a theory: the first solid, the others dashed. A line ends
    /// where a y is not finite.
    let lines
        (title: string)
        (xLabel: string)
        (yLabel: string)
        (lines: (string * (float * float) list) list)
        : Picture =
        Lines.picture title xLabel yLabel lines

    /// A confusion matrix, such as `Application.measure Metrics.multiclassConfusionMatrix` gives: counts (C, C), a row for each true
    /// class and a column for each predicted one, and the names of the classes. The colour is the share of the true class's examples.
    let confusionMatrixOf (cells: ConfusionCells) (classes: string list) (matrix: torch.Tensor) : Picture =
        if matrix.dim () <> 2L then
            wrong "confusion matrix" "a matrix (C, C)" (string (Shape.known matrix.shape))

        let rows, columns = int matrix.shape[0], int matrix.shape[1]
        let values = numbers matrix
        ConfusionMatrix.picture cells classes (Array2D.init rows columns (fun i j -> values[i * columns + j]))

    /// The same with counts in its cells.
    let confusionMatrix (classes: string list) (matrix: torch.Tensor) : Picture =
        confusionMatrixOf ConfusionCells.Counts classes matrix

    /// What a learning-rate finder found: the loss by the learning rate, on a logarithmic scale, and the rate that it suggests. A loss
    /// that grows without limit leaves the picture at its upper edge.
    let learningRateFinder (suggested: float option) (rates: float list) (losses: float list) : Picture =
        LearningRates.picture rates losses suggested

    // For each class whether an example is of it.
    let private members (classes: int) (targets: torch.Tensor) : bool[] list =
        let values = numbers targets
        let count = int targets.shape[0]

        let check isRight expected =
            match values |> Array.tryFind (isRight >> not) with
            | Some value -> wrong "ROC curve" expected (string value)
            | None -> ()

        if targets.dim () = 2L && targets.shape[1] = int64 classes && classes > 1 then
            check (fun value -> value = 0.0 || value = 1.0) "targets of 0 and 1"
            [ for c in 0 .. classes - 1 -> [| for i in 0 .. count - 1 -> values[i * classes + c] = 1.0 |] ]
        elif values.Length <> count then
            wrong "ROC curve" "a target for each example" (string (Shape.known targets.shape))
        elif classes = 1 then
            check (fun value -> value = 0.0 || value = 1.0) "targets of 0 and 1"
            [ values |> Array.map ((=) 1.0) ]
        else
            let isClass value = value >= 0.0 && value < float classes && value = floor value
            check isClass $"classes from 0 to {string (classes - 1)}"
            [ for c in 0 .. classes - 1 -> values |> Array.map ((=) (float c)) ]

    // Names and scores (N, C), and what is true.
    let private rocCurves (names: string list) (scores: torch.Tensor) (targets: torch.Tensor) =
        let count, classes = scores.shape[0], names.Length
        let isFitting = scores.NumberOfElements = count * int64 classes && count > 0L

        if not isFitting || targets.dim () = 0L || targets.shape[0] <> count then
            let found =
                $"scores {Shape.known scores.shape}, targets {Shape.known targets.shape}, names of {string classes} classes"

            wrong "ROC curve" "a score for each example and class, and a target for each example" found

        let values = numbers scores

        List.zip names (members classes targets)
        |> List.mapi (fun c (name, isMember) ->
            name, [| for i in 0 .. int count - 1 -> values[i * classes + c] |], isMember)
        |> Roc.picture

    let private checkScores (scores: torch.Tensor) =
        if scores.dim () = 0L then
            wrong "ROC curve" "scores (N) or (N, C)" (string (Shape.known scores.shape))

    /// The ROC curve of scores (N), logits or probabilities, for targets 0 and 1, with the area below it.
    let roc (scores: torch.Tensor) (targets: torch.Tensor) : Picture =
        checkScores scores
        rocCurves [ "" ] scores targets

    /// ROC curves of scores (N, C), each class against the others, or each label: for targets that are classes (N), or (N, C) of 0 and
    /// 1. A class without examples has no curve.
    let rocOf (classes: string list) (scores: torch.Tensor) (targets: torch.Tensor) : Picture =
        checkScores scores
        if classes.IsEmpty then wrong "ROC curve" "a name for each class" "none"
        rocCurves classes scores targets

    /// Predicted numbers against the true ones, with R². Tensors of as many numbers.
    let predictionError (actual: torch.Tensor) (predicted: torch.Tensor) : Picture =
        PredictionError.picture (numbers actual) (numbers predicted)

    /// A histogram of each parameter of a module, by their names.
    let weights (network: torch.nn.Module) : Picture =
        Histograms.picture
            [
                for struct (name, parameter) in network.named_parameters () do
                    name, numbers parameter
            ]

    // Pixels as bytes: of bytes as they are, of other numbers from 0 to 1, or from the least to the largest of all images.
    let private pixels (images: torch.Tensor) : Predictions.Pixels list =
        let shape = images.shape

        let count, channels, high, wide =
            match shape with
            | [| n; h; w |] -> int n, 1, int h, int w
            | [| n; (1L | 3L as c); h; w |] -> int n, int c, int h, int w
            | _ -> wrong "predictions" "images (N, H, W), (N, 1, H, W) or (N, 3, H, W)" (string (Shape.known shape))

        let values = numbers images

        if values.Length = 0 then
            wrong "predictions" "at least one image with pixels" (string (Shape.known shape))

        match values |> Array.tryFind (Double.IsFinite >> not) with
        | Some value -> wrong "predictions" "finite pixels" (string value)
        | None -> ()

        let low, high' = Array.min values, Array.max values

        let low, high' =
            if images.dtype = torch.uint8 then 0.0, 255.0
            elif low >= 0.0 && high' <= 1.0 then 0.0, 1.0
            elif low = high' then low - 0.5, high' + 0.5
            else low, high'

        let size = high * wide

        [
            for i in 0 .. count - 1 ->
                let at channel pixel =
                    let value = values[(i * channels + (if channels = 1 then 0 else channel)) * size + pixel]
                    byte (Math.Round(255.0 * (value - low) / (high' - low)))

                {
                    Wide = wide
                    High = high
                    Colours = [| for pixel in 0 .. size - 1 -> SKColor(at 0 pixel, at 1 pixel, at 2 pixel) |]
                }
        ]

    /// A grid of images (N, H, W), (N, 1, H, W) or (N, 3, H, W) with what was predicted for each, and what it is where that is something
    /// else. Pixels are bytes, or numbers from 0 to 1; others are scaled by the least and the largest of all images.
    let predictions (images: torch.Tensor) (actual: string list) (predicted: string list) : Picture =
        Predictions.picture (pixels images) actual predicted

    /// Images (N, H, W), (N, 1, H, W) or (N, 3, H, W) beside one another, with a mark where something was found in each: places (D, 2) or
    /// more, a row and a column in pixels first, as `Detection.detect` gives them.
    let detections (images: torch.Tensor) (found: torch.Tensor list) : Picture =
        let places (tensor: torch.Tensor) =
            if tensor.dim () <> 2L || tensor.shape[1] < 2L then
                wrong "detections" "places (D, 2) or more" (string (Shape.known tensor.shape))

            let values, width = numbers tensor, int tensor.shape[1]
            [ for i in 0 .. int tensor.shape[0] - 1 -> values[i * width], values[i * width + 1] ]

        Detections.picture (pixels images) (List.map places found)

    /// A grid of images (N, H, W), (N, 1, H, W) or (N, 3, H, W), so many in a row. Pixels are as those of `predictions`.
    let images (columns: int) (images: torch.Tensor) : Picture = Images.picture columns (pixels images)

    /// Points (N, 2) in the colours of their classes (N), such as codes of images. Classes are counted from 0; those without points are
    /// not named.
    let scatter
        (title: string)
        (xLabel: string)
        (yLabel: string)
        (classes: string list)
        (points: torch.Tensor)
        (labels: torch.Tensor)
        : Picture =
        let count = points.shape[0]

        if points.dim () <> 2L || points.shape[1] <> 2L || labels.NumberOfElements <> count then
            let found = $"{Shape.known points.shape} and {Shape.known labels.shape}"
            wrong "scatter" "points (N, 2) and a class (N) for each" found

        let places, labels = numbers points, numbers labels

        match
            labels
            |> Array.tryFind (fun label -> label < 0.0 || label >= float classes.Length || label <> floor label)
        with
        | Some label -> wrong "scatter" $"classes from 0 to {string (classes.Length - 1)}" (string label)
        | None -> ()

        classes
        |> List.mapi (fun c name ->
            name,
            [
                for i in 0 .. int count - 1 do
                    if labels[i] = float c then places[2 * i], places[2 * i + 1]
            ])
        |> List.filter (fun (_, points) -> not points.IsEmpty)
        |> Scatter.picture title xLabel yLabel
