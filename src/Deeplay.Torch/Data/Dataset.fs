namespace Deeplay.Torch

open System
open Deeplay.Core
open TorchSharp

/// Examples in memory: inputs and their targets, along the first dimension. Both stay on the CPU; batches go to the
/// device.
[<Sealed>]
type Dataset(inputs: torch.Tensor, targets: torch.Tensor) =
    do
        if inputs.dim () = 0L || targets.dim () = 0L || inputs.shape[0] <> targets.shape[0] then
            let found = $"inputs {Shape.known inputs.shape} and targets {Shape.known targets.shape}"
            Fail.with' (Malformed("dataset", "as many targets as inputs along the first dimension", found))

        if inputs.shape[0] = 0L then Fail.with' (Malformed("dataset", "at least one example", "none"))

        // They are the dataset's own from now on, whatever scope they were made in.
        for tensor in [ inputs; targets ] do
            tensor.DetachFromDisposeScope() |> ignore

    /// The inputs, (N, …).
    member _.Inputs = inputs

    /// The targets, (N, …).
    member _.Targets = targets

    /// The number of examples.
    member _.Count = inputs.shape[0]

    /// The shape of a batch of so many inputs.
    member _.InputShape(batch: int64) = Array.append [| batch |] (Array.tail inputs.shape)

    /// The examples at these places.
    member _.At(indices: torch.Tensor) =
        new Dataset(inputs.index_select (0L, indices), targets.index_select (0L, indices))

    /// The examples in two parts, drawn at random: `fraction` of them in the first. The same seed gives the same
    /// parts.
    member this.Split(fraction: float, seed: int64) : struct (Dataset * Dataset) =
        let first = int64 (Math.Round(fraction * float this.Count))

        if Double.IsNaN fraction || first < 1L || first >= this.Count then
            let expected = "a fraction that leaves examples in both parts"
            Fail.with' (Malformed("split", expected, $"{string fraction} of {string this.Count}"))

        use _scope = torch.NewDisposeScope()
        use generator = new torch.Generator(uint64 seed)
        let order = torch.randperm (this.Count, generator = generator)
        let a = this.At(order.narrow (0L, 0L, first))
        let b = this.At(order.narrow (0L, first, this.Count - first))

        struct (a, b)

    interface IDisposable with
        member _.Dispose() =
            inputs.Dispose()
            targets.Dispose()
