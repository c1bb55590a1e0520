namespace Deeplay.Torch

open Deeplay.Core
open Deeplay.Library
open TorchSharp

/// A loss: one function of a prediction and a target. Its weights are buffers, as PyTorch's; where there are none, the
/// function gets null. Where libtorch refuses what it gets, the shape rule says why, if it knows.
[<Sealed>]
type internal LossLayer
    (
        a: Arguments,
        rule: ShapeRule,
        weights: Param<float list option> list,
        loss: (Param<float list option> -> Tensor) -> Tensor -> Tensor -> Tensor
    ) as this =
    inherit torch.nn.Module<torch.Tensor, torch.Tensor, torch.Tensor>(a.Kind)

    do
        for key in weights do
            match a.Get key with
            | Some numbers ->
                this.register_buffer (key.Name, torch.tensor [| for number in numbers -> float32 number |])
            | None -> ()

    override _.forward(prediction, target) =
        try
            loss (fun key -> this.get_buffer key.Name) prediction target
        with error when not (error :? DeeplayException) ->
            match rule a [ Shape.known prediction.shape; Shape.known target.shape ] with
            | Error problem -> Fail.with' (WrongShape(a.Tag, a.Kind, problem.Expected, problem.Found))
            | Ok _ -> reraise ()

/// How losses become torch modules.
module internal LossLowerings =
    let private reduction (a: Arguments) = Read.oneOf<torch.nn.Reduction>(a.Get Losses.reduction)

    let private weighted (definition: Definition) weights make =
        match definition.Body with
        | Primitive rule -> row definition (fun a -> new LossLayer(a, rule, weights, make a))
        | Composite _ -> invalidArg (nameof definition) "A loss is made by TorchSharp."

    let private loss definition (make: Arguments -> Tensor -> Tensor -> Tensor) =
        weighted definition [] (fun a _ -> make a)

    // A loss without parameters other than the reduction.
    let private plain definition (f: Tensor * Tensor * torch.nn.Reduction -> Tensor) =
        loss definition (fun a ->
            let reduction = reduction a
            fun x y -> f (x, y, reduction))

    // Source: PyTorch, binary_cross_entropy, "Please ensure they have the same size": libtorch broadcasts them.
    let private ofSameSize
        definition
        weights
        (f: (Param<float list option> -> Tensor) -> Tensor * Tensor * torch.nn.Reduction -> Tensor)
        =
        weighted definition weights (fun a ->
            let reduction = reduction a

            fun weightOf x y ->
                if x.shape <> y.shape then
                    y |> Checked.stop a $"a target of the prediction's shape {Shape.known x.shape}"

                f weightOf (x, y, reduction))

    let private crossEntropy (a: Arguments) =
        let ignored, smoothing = Read.int a Losses.ignoreIndex, a.Get Losses.labelSmoothing
        let reduction = reduction a

        fun weightOf x y ->
            torch.nn.functional.cross_entropy (x, y, weightOf Losses.weight, ignored, reduction, smoothing)

    // TorchSharp's function has no index to ignore, but leaves out -100, libtorch's default.
    let private nll (a: Arguments) =
        let reduction = reduction a
        let nll (x: Tensor) y weight = torch.nn.functional.nll_loss (x, y, weight, reduction)

        match Read.int a Losses.ignoreIndex with
        | -100L -> fun weightOf x y -> nll x y (weightOf Losses.weight)
        | index ->
            fun weightOf x y ->
                use index = Numbers.whole index
                use left = Numbers.whole -100L
                use ignored = y.eq index
                use others = y.masked_fill (ignored, left)
                nll x others (weightOf Losses.weight)

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
            weighted Losses.crossEntropyDefinition [ Losses.weight ] crossEntropy
            plain Losses.mseDefinition (fun (x, y, reduction) -> torch.nn.functional.mse_loss (x, y, reduction))
            plain Losses.l1Definition (fun (x, y, reduction) -> torch.nn.functional.l1_loss (x, y, reduction))
            loss Losses.smoothL1Definition (fun a ->
                let beta, reduction = a.Get Losses.beta, reduction a
                fun x y -> torch.nn.functional.smooth_l1_loss (x, y, reduction, beta))
            loss Losses.huberDefinition (fun a ->
                let delta, reduction = a.Get Losses.delta, reduction a
                fun x y -> torch.nn.functional.huber_loss (x, y, delta, reduction))
            weighted Losses.nllDefinition [ Losses.weight ] nll
            ofSameSize Losses.bceDefinition [ Losses.weightOfElements ] (fun weightOf (x, y, reduction) ->
                torch.nn.functional.binary_cross_entropy (x, y, weightOf Losses.weightOfElements, reduction))
            ofSameSize
                Losses.bceWithLogitsDefinition
                [ Losses.weightOfElements; Losses.posWeight ]
                (fun weightOf (x, y, reduction) ->
                    torch.nn.functional.binary_cross_entropy_with_logits (
                        x,
                        y,
                        weightOf Losses.weightOfElements,
                        reduction,
                        weightOf Losses.posWeight
                    ))
            loss Losses.klDivDefinition klDiv
        ]
