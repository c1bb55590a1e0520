namespace Deeplay.Torch

open Deeplay.Core
open Deeplay.Library
open TorchSharp

/// How a LodeSTAR learns. Sources: Midtvedt et al., 2022, "Methods"; Deeplay, LodeSTAR, whose numbers these are.
module internal LodeSTARSteps =
    // Places of outputs along a dimension, in pixels from the middle of the image.
    let private fromMiddle (dim: int) (images: Tensor) (outputs: Tensor) : Tensor =
        let size, count = float images.shape[dim], outputs.shape[dim]

        let places = [| for i in 0L .. count - 1L -> float i * size / float count - size / 2.0 + 0.5 |]

        let shape = [| 1L; 1L; (if dim = 2 then count else 1L); (if dim = 3 then count else 1L) |]
        torch.tensor(places).reshape(shape).``to``(outputs.dtype).``to`` outputs.device

    /// What the model's outputs (N, K + 1, H', W') for images say: predictions (N, K, H', W') and weights (N, 1, H', W').
    let read (images: Tensor) (outputs: Tensor) : struct (Tensor * Tensor) =
        let last = outputs.shape[1] - 1L
        let row = Numbers.add (outputs.narrow (1L, 0L, 1L)) (fromMiddle 2 images outputs)
        let column = Numbers.add (outputs.narrow (1L, 1L, 1L)) (fromMiddle 3 images outputs)
        let predictions = torch.cat ([| row; column; outputs.narrow (1L, 2L, last - 2L) |], 1L)
        struct (predictions, outputs.narrow(1L, last, 1L).sigmoid())

    /// Weights that add up to 1 in each image; where all are 0, each place counts as much.
    let normalize (weights: Tensor) : Tensor =
        use least = Numbers.real 1e-5
        let weights = weights |> Numbers.plus least
        weights.div (weights.sum ([| 2L; 3L |], true))

    /// The mean of predictions by weights that add up to 1: (N, K).
    let reduce (predictions: Tensor) (weights: Tensor) : Tensor = predictions.mul(weights).sum [| 2L; 3L |]

    // Both losses of a batch, with their weights.
    let private losses (step: StepContext) : struct (Tensor * Tensor) =
        let a = step.Arguments
        let copies = int64 (a.Get LodeSTAR.nTransforms)
        let images = step.Inputs.repeat_interleave (copies, 0L)
        let motion = Motion.draw a images
        let moved = Motion.apply motion images
        let struct (predictions, weights) = read moved (step.Call("model", moved))
        let weights = normalize weights
        let reduced = reduce predictions weights
        let apart = (Numbers.add predictions (reduced.neg().unsqueeze(2L).unsqueeze 3L)).mul weights
        let within = step.Call("within_loss", apart, torch.zeros_like apart)
        let original = Motion.back motion reduced
        let groups = original.reshape (-1L, copies, original.shape[1])
        let mean = groups.mean([| 1L |], true).expand_as groups
        let between = step.Call("between_loss", groups, mean)
        use betweenWeight = Numbers.real (a.Get LodeSTAR.betweenLossWeight)
        use withinWeight = Numbers.real (a.Get LodeSTAR.withinLossWeight)
        struct (between.mul betweenWeight, within.mul withinWeight)

    let private measure (step: StepContext) : Tensor =
        let struct (between, within) = losses step
        let loss = Numbers.add between within
        step.Log("loss", loss.detach ())
        step.Log("between_image_disagreement", between.detach ())
        step.Log("within_image_disagreement", within.detach ())
        loss

    let table =
        [
            LodeSTAR.definition,
            TrainingSteps.train (fun step -> step.Minimize("optimizer", measure step))
            |> TrainingSteps.withValidation (fun step -> measure step |> ignore)
        ]
