namespace Deeplay.Torch

open System
open TorchSharp

/// Something that is measured beside the loss.
[<NoEquality; NoComparison>]
type Metric =
    {
        Name: string
        /// The sum over a batch, from its outputs and targets.
        Sum: torch.Tensor -> torch.Tensor -> torch.Tensor
    }

[<RequireQualifiedAccess; CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module Metric =
    /// How many of the classes with the largest logit are right: outputs (N, C), targets (N,).
    let accuracy =
        {
            Name = "accuracy"
            Sum =
                fun outputs targets ->
                    use predicted = outputs.argmax 1L
                    use right = predicted.eq targets
                    right.sum ()
        }

/// The means of the loss and of metrics over examples. They are kept on the device, so that no step waits for a number
/// to arrive.
[<Sealed>]
type internal Means(device: torch.Device, metrics: Metric list) =
    let mutable count = 0L

    let total () = torch.zeros(1L, dtype = torch.float64, device = device).DetachFromDisposeScope()
    let loss = total ()
    let totals = [ for metric in metrics -> metric, total () ]

    let add (total: torch.Tensor) (sum: torch.Tensor) =
        use wide = sum.``to`` torch.float64
        total.add_ wide |> ignore

    let mean (total: torch.Tensor) = if count = 0L then nan else total.ToDouble() / float count

    /// Adds a batch: its mean loss, its outputs and targets. What is made on the way goes with the caller's scope.
    member _.Add(batchLoss: torch.Tensor, outputs: torch.Tensor, targets: torch.Tensor) =
        use _noGrad = torch.no_grad ()
        let length = targets.shape[0]
        use examples: Scalar = Scalar.op_Implicit length
        add loss (batchLoss.mul examples)

        for metric, total in totals do
            add total (metric.Sum outputs targets)

        count <- count + length

    /// The means so far, by name; NaN where nothing was added.
    member _.Values = ("loss", mean loss) :: [ for metric, total in totals -> metric.Name, mean total ]

    interface IDisposable with
        member _.Dispose() =
            loss.Dispose()

            for _, total in totals do
                total.Dispose()
