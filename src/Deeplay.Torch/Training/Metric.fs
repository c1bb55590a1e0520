namespace Deeplay.Torch

open System
open TorchSharp

/// A mean over examples that is kept on the device, so that no step waits for a number to arrive.
[<Sealed>]
type internal RunningMean(device: torch.Device) =
    let total = torch.zeros (1L, dtype = torch.float64, device = device)
    let mutable count = 0L

    do total.DetachFromDisposeScope() |> ignore

    /// Adds the sum of so many examples.
    member _.Add(sum: torch.Tensor, examples: int64) =
        use wide = sum.detach().``to`` torch.float64
        total.add_ wide |> ignore
        count <- count + examples

    /// The mean so far; NaN where nothing was added.
    member _.Value = if count = 0L then nan else total.ToDouble() / float count

    interface IDisposable with
        member _.Dispose() = total.Dispose()

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
