namespace Deeplay.Torch

open System
open Deeplay.Core
open Deeplay.Library
open TorchSharp

/// What a cutoff of detections is a part of.
type CutoffMode =
    /// The quantile of all scores of an image.
    | Quantile
    /// The largest score of an image.
    | Ratio
    /// Nothing: it is a score.
    | Constant

/// How objects are found. Names and defaults are those of Deeplay's LodeSTAR.
type DetectionOptions =
    {
        /// The power of the weights in the score of a place.
        Alpha: float
        /// The power in it of how well a place agrees with its neighbours.
        Beta: float
        /// By how much a score must stand out.
        Cutoff: float
        /// What the cutoff is a part of.
        Mode: CutoffMode
    }

/// Finds objects by a trained LodeSTAR in images of any size.
[<RequireQualifiedAccess>]
module Detection =
    /// Weights and agreement count as much, and a score must stand out by the quantile 0.97 of all.
    let defaults: DetectionOptions = { Alpha = 0.5; Beta = 0.5; Cutoff = 0.97; Mode = Quantile }

    // How far from the edges an object is found at least, in outputs.
    let private margin = 3

    let private ofLodeSTAR (images: torch.Tensor) (application: Application) : int64 =
        let root = application.Outline.Root

        if not (root.Definition.Is LodeSTAR.definition) then
            Fail.with' (Malformed("detection", "a LodeSTAR", root.Definition.Id))

        if images.dim () <> 4L then
            Fail.with' (Malformed("detection", "images (N, C, H, W)", string (Shape.known images.shape)))

        int64 (root.Arguments.Get LodeSTAR.numOutputs)

    // What it gives for images of any size, on the CPU, with how many of its channels are predictions.
    let private outputs (images: torch.Tensor) (application: Application) : struct (Tensor * int64) =
        let count = ofLodeSTAR images application

        let call start length =
            images.narrow(0L, start, length).``to``(application.Device) |> Inputs.one |> application.Call

        struct (Evaluation.outputs application.Modes images.shape[0] 16L call, count)

    /// How well each place agrees with its neighbours: 1 / (1e-6 + the variance of predictions (K, H, W) among three by three places,
    /// where those beyond the edges are 0). Source: Deeplay, LodeSTAR.
    let internal consistency (predictions: Tensor) : Tensor =
        let each = predictions.``to``(torch.float64).unsqueeze 1L
        use nine = Numbers.whole 9L
        let kernel = torch.ones([| 1L; 1L; 3L; 3L |], dtype = torch.float64).div nine
        let mean (tensor: Tensor) = torch.nn.functional.conv2d (tensor, kernel, padding = [| 1L; 1L |])
        let local = mean each
        let variance = (Numbers.add (mean (each.mul each)) (local.mul(local).neg())).sum([| 0L; 1L |]).relu()
        use least = Numbers.real 1e-6
        (variance |> Numbers.plus least).reciprocal()

    /// weights^α · consistency^β of predictions (K, H, W) and weights (H, W).
    let internal score (options: DetectionOptions) (predictions: Tensor) (weights: Tensor) : Tensor =
        use alpha = Numbers.real options.Alpha
        use beta = Numbers.real options.Beta
        weights.``to``(torch.float64).pow(alpha).mul((consistency predictions).pow beta)

    // Source: NumPy, quantile, "linear".
    let private quantile (share: float) (numbers: float[]) =
        let sorted = Array.sort numbers
        let at = share * float (sorted.Length - 1)
        let below = int (floor at)
        let above = min (below + 1) (sorted.Length - 1)
        sorted[below] + (at - float below) * (sorted[above] - sorted[below])

    let private check (options: DetectionOptions) =
        let need isGood name expected (found: float) =
            if not isGood then Fail.with' (Malformed($"detection, {name}", expected, string found))

        need (options.Alpha >= 0.0) "alpha" "a number of at least 0" options.Alpha
        need (options.Beta >= 0.0) "beta" "a number of at least 0" options.Beta

        match options.Mode with
        | Constant -> need (options.Cutoff >= 0.0) "cutoff" "a number of at least 0" options.Cutoff
        | Quantile
        | Ratio -> need (options.Cutoff >= 0.0 && options.Cutoff <= 1.0) "cutoff" "a number from 0 to 1" options.Cutoff

    let private detectOne (options: DetectionOptions) (count: int64) (output: Tensor) : Tensor =
        let height, width = int output.shape[1] - 2 * margin, int output.shape[2] - 2 * margin

        if height < 1 || width < 1 then
            let found = $"{string output.shape[1]} by {string output.shape[2]}"
            Fail.with' (Malformed("detection", "images of which the model makes at least 7 by 7 outputs", found))

        let inside (tensor: Tensor) =
            tensor.narrow(-2L, int64 margin, int64 height).narrow(-1L, int64 margin, int64 width)

        let predictions = output.narrow (0L, 0L, count)
        let scores = (score options predictions output[count] |> inside).contiguous().data<float>().ToArray()

        if Array.exists (Double.IsFinite >> not) scores then
            Fail.with' (Malformed("detection", "finite outputs of the model", "others"))

        let cutoff =
            match options.Mode with
            | Quantile -> quantile options.Cutoff scores
            | Ratio -> options.Cutoff * Array.max scores
            | Constant -> options.Cutoff

        let places = LocalMaxima.higherBy cutoff width scores |> List.map int64 |> Array.ofList
        let all = (inside predictions).reshape(count, -1L)
        all.index_select(1L, torch.tensor places).t().contiguous()

    /// The objects in each of images (N, C, H, W): (D, num_outputs) for each image, the highest score first; a row and a column in pixels,
    /// counted from 0, and what else the model says of an object. They are the places whose scores stand out by the cutoff from
    /// what is around them, at least three outputs from the edges.
    let detect (options: DetectionOptions) (images: torch.Tensor) (application: Application) : torch.Tensor list =
        check options
        use scope = torch.NewDisposeScope()
        use _noGrad = torch.no_grad ()
        let struct (outputs, count) = outputs images application

        [
            for i in 0L .. images.shape[0] - 1L ->
                use part = torch.NewDisposeScope()
                scope.MoveToOuter(part.MoveToOuter(detectOne options count outputs[i]))
        ]

    /// The one object in each of images (N, C, H, W): (N, num_outputs), the mean of what all places say, by their weights.
    let pooled (images: torch.Tensor) (application: Application) : torch.Tensor =
        use scope = torch.NewDisposeScope()
        use _noGrad = torch.no_grad ()
        let struct (outputs, count) = outputs images application
        let weights = LodeSTARSteps.normalize (outputs.narrow (1L, count, 1L))
        scope.MoveToOuter(LodeSTARSteps.reduce (outputs.narrow (1L, 0L, count)) weights)

    /// The same, of places that a mask (N, 1, H', W') over the outputs does not set to 0.
    let pooledWithin (mask: torch.Tensor) (images: torch.Tensor) (application: Application) : torch.Tensor =
        use scope = torch.NewDisposeScope()
        use _noGrad = torch.no_grad ()
        let struct (outputs, count) = outputs images application
        let weights = outputs.narrow (1L, count, 1L)

        match Shape.broadcast (Shape.known mask.shape) (Shape.known weights.shape) with
        | Some shape when shape = Shape.known weights.shape -> ()
        | _ ->
            let expected = $"a mask of the outputs' shape {Shape.known weights.shape}"
            Fail.with' (Malformed("detection", expected, string (Shape.known mask.shape)))

        let weights = LodeSTARSteps.normalize (weights.mul (mask.cpu().``to`` weights.dtype))
        scope.MoveToOuter(LodeSTARSteps.reduce (outputs.narrow (1L, 0L, count)) weights)
