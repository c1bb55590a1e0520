namespace Deeplay.Torch

open System
open TorchSharp

/// Something that is measured beside the loss: a mean over all that was measured, however it came in batches.
[<NoEquality; NoComparison>]
type Metric =
    {
        Name: string
        /// Whether targets come as class indices (N, …) to outputs (N, C, …), of which those that the loss ignores don't count.
        /// Where targets are no classes, nothing is measured then.
        OfClasses: bool
        /// What the mean is taken of, from outputs and targets: one number for each target, or for each example.
        Values: torch.Tensor -> torch.Tensor -> torch.Tensor
    }

[<RequireQualifiedAccess; CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module Metric =
    /// How many of the classes with the largest logit are right: outputs (N, C, …), targets (N, …). Others are not measured.
    let accuracy =
        {
            Name = "accuracy"
            OfClasses = true
            Values =
                fun outputs targets ->
                    use predicted = outputs.argmax 1L
                    predicted.eq targets
        }

// A mean on the device: the sum of what came, and how much came.
[<Sealed>]
type private Mean(device: torch.Device) =
    let total () = torch.zeros(1L, dtype = torch.float64, device = device).DetachFromDisposeScope()
    let sum, count = total (), total ()

    member _.Add(value: torch.Tensor, weight: torch.Tensor) =
        Numbers.addTo sum value
        Numbers.addTo count weight

    /// NaN where nothing came.
    member _.Value = Numbers.read sum / Numbers.read count

    /// The sum by itself.
    member _.Sum = Numbers.read sum

    interface IDisposable with
        member _.Dispose() =
            sum.Dispose()
            count.Dispose()

/// The means of the loss and of metrics. They are kept on the device, so that no step waits for a number to arrive.
[<Sealed>]
type internal Means(device: torch.Device, metrics: Metric list, targets: Targets) =
    let loss = new Mean(device)
    let means = [ for metric in metrics -> metric, new Mean(device) ]
    let mutable left = []
    let mutable isSum = false

    let number (count: int64) = torch.tensor (count, dtype = torch.float64, device = device)

    let addLoss (batchLoss: torch.Tensor) (given: torch.Tensor) =
        let wide = batchLoss.``to`` torch.float64

        match targets.Share given with
        | Whole ->
            isSum <- true
            loss.Add(wide, number 1L)
        | Examples count ->
            let count = number count
            loss.Add(wide.mul count, count)
        | Weighing weight ->
            // The mean over nothing is not a number, and does not count.
            use zero = Numbers.whole 0L
            loss.Add(wide.mul(weight).masked_fill(weight.eq zero, zero), weight)

    let addValues (mean: Mean) (values: torch.Tensor) (counting: torch.Tensor option) =
        let wide = values.``to`` torch.float64

        match counting with
        | Some counting -> mean.Add(wide.mul(counting).sum(), counting.sum ())
        | None -> mean.Add(wide.sum (), number wide.NumberOfElements)

    /// Adds a batch: its loss, its outputs and targets. What is made on the way goes with the caller's scope.
    member _.Add(batchLoss: torch.Tensor, outputs: torch.Tensor, given: torch.Tensor) =
        use _noGrad = torch.no_grad ()
        addLoss batchLoss given

        for metric, mean in means do
            if not metric.OfClasses then
                addValues mean (metric.Values outputs given) None
            else
                match targets.Classes(outputs, given) with
                | Some classes -> addValues mean (metric.Values outputs classes) (targets.Counting classes)
                | None -> left <- metric.Name :: left

    /// The loss and the metrics so far, by name; NaN where nothing counted, and none of classes without classes.
    member _.Values =
        [
            "loss", (if isSum then loss.Sum else loss.Value)
            for metric, mean in means do
                if not (List.contains metric.Name left) then metric.Name, mean.Value
        ]

    interface IDisposable with
        member _.Dispose() =
            (loss :> IDisposable).Dispose()

            for _, mean in means do
                (mean :> IDisposable).Dispose()
