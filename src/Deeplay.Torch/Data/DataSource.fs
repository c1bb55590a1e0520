namespace Deeplay.Torch

open System
open System.Collections.Generic
open Deeplay.Core
open TorchSharp

/// Some examples, along the first dimension: inputs and their targets, on the CPU.
[<Struct; NoEquality; NoComparison>]
type internal Examples =
    {
        Inputs: torch.Tensor
        Targets: torch.Tensor
    }

    member this.Count = this.Inputs.shape[0]

/// Where examples come from.
[<NoEquality; NoComparison>]
type internal DataSource =
    /// They are in memory.
    | Kept of Examples
    /// They are made from their places and a seed, another one in each epoch, when they are needed: on any thread, and what is
    /// made belongs to the caller's scope.
    | Made of count: int64 * make: (int64[] -> int64 -> Examples)
    /// They come one after another, in each epoch anew.
    | Streamed of start: (unit -> IEnumerator<Examples>)

module internal DataSource =
    let private agree (examples: Examples) =
        let inputs, targets = examples.Inputs, examples.Targets

        if inputs.dim () = 0L || targets.dim () = 0L || inputs.shape[0] <> targets.shape[0] then
            let found = $"inputs {Shape.known inputs.shape} and targets {Shape.known targets.shape}"
            Fail.with' (Malformed("dataset", "as many targets as inputs along the first dimension", found))

        examples

    /// Tensors in memory, which are the dataset's own from now on, whatever scope they were made in.
    let kept (inputs: torch.Tensor) (targets: torch.Tensor) : DataSource =
        let examples = agree { Inputs = inputs; Targets = targets }
        if examples.Count = 0L then Fail.with' (Malformed("dataset", "at least one example", "none"))

        for tensor in [ inputs; targets ] do
            tensor.DetachFromDisposeScope() |> ignore

        Kept examples

    let made (count: int64) (make: int64[] -> int64 -> Examples) : DataSource =
        if count < 1L then Fail.with' (Malformed("dataset", "at least one example", string count))
        Made(count, (fun places seed -> agree (make places seed)))

    /// The examples of these sources at some places. What is made belongs to the caller's scope.
    let at (source: DataSource) (places: int64[]) (seed: int64) : Examples =
        match source with
        | Kept examples ->
            let indices = torch.tensor places

            {
                Inputs = examples.Inputs.index_select (0L, indices)
                Targets = examples.Targets.index_select (0L, indices)
            }
        | Made(_, make) -> make places seed
        | Streamed _ ->
            let expected = "a dataset whose examples have places"
            Fail.with' (Malformed("dataset", expected, "a stream: keep what comes first, by `Keep`"))

    /// One tensor of several of one shape, which `what` names in errors.
    let stack (what: string) (tensors: torch.Tensor[]) : torch.Tensor =
        let first = tensors[0]

        for i, other in Array.indexed tensors do
            if other.shape <> first.shape || other.dtype <> first.dtype then
                let print (t: torch.Tensor) = $"{Shown.dtype t.dtype} {Shape.known t.shape}"
                let found = $"{print other} as number {string i} of a batch"
                Fail.with' (Malformed($"dataset, {what}", $"{print first} as in the first example", found))

        torch.stack (tensors, 0L)

    /// The examples together.
    let join (examples: Examples[]) : Examples =
        {
            Inputs = stack "inputs" (examples |> Array.map _.Inputs)
            Targets = stack "targets" (examples |> Array.map _.Targets)
        }
