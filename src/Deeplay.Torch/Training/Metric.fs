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
    /// How many of the classes with the largest logit are right: outputs (N, C, …), targets (N, …). Others are not measured.
    let accuracy =
        {
            Name = "accuracy"
            Sum =
                fun outputs targets ->
                    use predicted = outputs.argmax 1L
                    use right = predicted.eq targets
                    use rows = right.reshape (targets.shape[0], -1L)
                    use shares = rows.mean ([| 1L |], ``type`` = torch.float64)
                    shares.sum ()
        }

/// The means of the loss and of metrics over examples. They are kept on the device, so that no step waits for a number
/// to arrive.
[<Sealed>]
type internal Means(device: torch.Device, metrics: Metric list, targets: Targets) =
    let mutable count = 0L

    let total () = torch.zeros(1L, dtype = torch.float64, device = device).DetachFromDisposeScope()
    let loss = total ()
    let totals = [ for metric in metrics -> metric, total () ]
    let mutable left = []

    let add (total: torch.Tensor) (sum: torch.Tensor) =
        use wide = sum.``to`` torch.float64
        Numbers.addTo total wide

    let mean (total: torch.Tensor) = if count = 0L then nan else Numbers.read total / float count

    /// Adds a batch: its mean loss, its outputs and targets. What is made on the way goes with the caller's scope.
    member _.Add(batchLoss: torch.Tensor, outputs: torch.Tensor, given: torch.Tensor) =
        use _noGrad = torch.no_grad ()
        let length = given.shape[0]
        use examples = Numbers.whole length
        add loss (batchLoss.mul examples)

        for metric, total in totals do
            // Known by its function, whatever its name.
            let isAccuracy = Object.ReferenceEquals(metric.Sum, Metric.accuracy.Sum)

            match (if isAccuracy then targets.Classes(outputs, given) else Some given) with
            | Some targets -> add total (metric.Sum outputs targets)
            | None -> left <- metric.Name :: left

        count <- count + length

    /// The means so far, by name; NaN where nothing was added, and none of an accuracy without classes.
    member _.Values =
        let measured = totals |> List.filter (fun (metric, _) -> not (List.contains metric.Name left))
        ("loss", mean loss) :: [ for metric, total in measured -> metric.Name, mean total ]

    interface IDisposable with
        member _.Dispose() =
            loss.Dispose()

            for _, total in totals do
                total.Dispose()
