namespace Deeplay.Torch

open Deeplay.Core
open Deeplay.Library
open TorchSharp

/// A loss: one function of a prediction and a target. Where libtorch refuses them, the shape rule says why, if it knows.
[<Sealed>]
type internal LossLayer(a: Arguments, rule: ShapeRule, loss: Tensor -> Tensor -> Tensor) =
    inherit torch.nn.Module<torch.Tensor, torch.Tensor, torch.Tensor>(a.Kind)

    override _.forward(prediction, target) =
        try
            loss prediction target
        with error when not (error :? DeeplayException) ->
            match rule a [ Shape.known prediction.shape; Shape.known target.shape ] with
            | Error problem -> Fail.with' (WrongShape(a.Tag, a.Kind, problem.Expected, problem.Found))
            | Ok _ -> reraise ()

/// How losses become torch modules.
module internal LossLowerings =
    let private reduction (a: Arguments) = Read.oneOf<torch.nn.Reduction>(a.Get Losses.reduction)

    let private loss (definition: Definition) (make: Arguments -> Tensor -> Tensor -> Tensor) =
        match definition.Body with
        | Primitive rule -> row definition (fun a -> new LossLayer(a, rule, make a))
        | Composite _ -> invalidArg (nameof definition) "A loss is made by TorchSharp."

    // A loss without parameters other than the reduction.
    let private plain definition (f: Tensor * Tensor * torch.nn.Reduction -> Tensor) =
        loss definition (fun a ->
            let reduction = reduction a
            fun x y -> f (x, y, reduction))

    // Source: PyTorch, binary_cross_entropy, "Please ensure they have the same size": libtorch broadcasts them.
    let private ofSameSize definition (f: Tensor * Tensor * torch.nn.Reduction -> Tensor) =
        loss definition (fun a ->
            let reduction = reduction a

            fun x y ->
                if x.shape <> y.shape then
                    y |> Checked.stop a $"a target of the prediction's shape {Shape.known x.shape}"

                f (x, y, reduction))

    let private crossEntropy (a: Arguments) =
        let ignored, smoothing = Read.int a Losses.ignoreIndex, a.Get Losses.labelSmoothing
        let reduction = reduction a
        fun x y -> torch.nn.functional.cross_entropy (x, y, null, ignored, reduction, smoothing)

    // Source: PyTorch, kl_div: 'batchmean' is the sum over the first size.
    let private klDiv (a: Arguments) =
        let isLog = a.Get Losses.logTarget

        match a.Get Losses.reductionOfDivergence with
        | "batchmean" ->
            fun (x: Tensor) y ->
                use sum = torch.nn.functional.kl_div (x, y, isLog, torch.nn.Reduction.Sum)
                use count = Numbers.whole (if x.dim () = 0L then 1L else x.size 0)
                sum.div count
        | _ ->
            let reduction = reduction a
            fun x y -> torch.nn.functional.kl_div (x, y, isLog, reduction)

    let table =
        [
            loss Losses.crossEntropyDefinition crossEntropy
            plain Losses.mseDefinition (fun (x, y, reduction) -> torch.nn.functional.mse_loss (x, y, reduction))
            plain Losses.l1Definition (fun (x, y, reduction) -> torch.nn.functional.l1_loss (x, y, reduction))
            loss Losses.smoothL1Definition (fun a ->
                let beta, reduction = a.Get Losses.beta, reduction a
                fun x y -> torch.nn.functional.smooth_l1_loss (x, y, reduction, beta))
            loss Losses.huberDefinition (fun a ->
                let delta, reduction = a.Get Losses.delta, reduction a
                fun x y -> torch.nn.functional.huber_loss (x, y, delta, reduction))
            plain Losses.nllDefinition (fun (x, y, reduction) -> torch.nn.functional.nll_loss (x, y, null, reduction))
            ofSameSize Losses.bceDefinition (fun (x, y, reduction) ->
                torch.nn.functional.binary_cross_entropy (x, y, null, reduction))
            ofSameSize Losses.bceWithLogitsDefinition (fun (x, y, reduction) ->
                torch.nn.functional.binary_cross_entropy_with_logits (x, y, null, reduction, null))
            loss Losses.klDivDefinition klDiv
        ]
