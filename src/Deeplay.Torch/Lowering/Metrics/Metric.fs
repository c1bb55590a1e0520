namespace Deeplay.Torch

open System
open Deeplay.Core
open Deeplay.Library
open TorchSharp

/// A measurement that goes on: it takes batch after batch, and gives what was measured of all of them.
[<AbstractClass>]
type internal Measuring() =
    /// Adds a batch. What is made on the way goes with the caller's scope.
    abstract Add: outputs: Tensor * targets: Tensor -> unit

    /// What was measured so far, on the CPU.
    abstract Value: unit -> Tensor

    /// What is kept, as copies in the caller's scope: none before the first batch.
    abstract State: Tensor list

    /// Goes on from what was kept, copies of which it takes to its device.
    abstract Restore: device: torch.Device * state: Tensor list -> unit

    /// Frees what is kept.
    abstract Dispose: unit -> unit

    interface IDisposable with
        member this.Dispose() = this.Dispose()

/// A metric in a built application. It keeps nothing itself, so that several measurements may go on at once.
[<Sealed>]
type internal MetricModule(start: unit -> Measuring) =
    inherit torch.nn.Module("Metric")

    /// Begins to measure.
    member _.Start() : Measuring = start ()

/// Keeps one tensor for each that a batch gives.
[<AbstractClass>]
type private Keeping(ofBatch: Tensor -> Tensor -> Tensor list, result: Tensor list -> Tensor) =
    inherit Measuring()
    let mutable kept: Tensor list list = []

    /// What is kept after a batch.
    abstract Join: kept: Tensor list list * batch: Tensor list -> Tensor list list

    /// One tensor of those that were kept of each.
    abstract Whole: Tensor list -> Tensor

    override this.Add(outputs, targets) = kept <- this.Join(kept, ofBatch outputs targets)

    override this.Value() =
        use scope = torch.NewDisposeScope()

        match kept with
        | [] -> torch.tensor (nan, dtype = torch.float64)
        | _ -> result [ for several in kept -> (this.Whole several).cpu() ]
        |> scope.MoveToOuter

    override this.State = [ for several in kept -> (this.Whole several).clone() ]

    override _.Restore(device, state) =
        kept <- [ for tensor in state -> [ tensor.``to``(device).clone().DetachFromDisposeScope() ] ]

    override _.Dispose() =
        for tensor in List.concat kept do
            tensor.Dispose()

        kept <- []

[<Sealed>]
type private Sums(ofBatch, result) =
    inherit Keeping(ofBatch, (fun sums -> result [ for sum in sums -> sum.``to`` torch.float64 ]))

    override _.Join(sums, batch) =
        // Whole numbers stay: their sums are exact, and nothing is converted.
        let wide (tensor: Tensor) =
            if tensor.dtype = torch.ScalarType.Int64 then tensor else tensor.``to`` torch.float64

        let batch = List.map wide batch

        if sums.IsEmpty then
            [ for tensor in batch -> [ tensor.clone().DetachFromDisposeScope() ] ]
        else
            List.iter2 (fun sum tensor -> Numbers.addTo (List.head sum) tensor) sums batch
            sums

    override _.Whole several = several.Head

[<Sealed>]
type private All(result: Tensor -> Tensor -> Tensor) =
    inherit
        Keeping(
            (fun outputs targets -> [ outputs; targets ]),
            function
            | [ outputs; targets ] -> result outputs targets
            | _ -> invalidOp "Outputs and targets are two."
        )

    override _.Join(kept, batch) =
        let batch = [ for tensor in batch -> tensor.clone().DetachFromDisposeScope() ]

        if kept.IsEmpty then
            List.map List.singleton batch
        else
            List.map2 (fun several tensor -> tensor :: several) kept batch

    override _.Whole several = torch.cat (Array.rev (Array.ofList several), 0L)

/// Metrics of one's own, which are among those of an application (`Module.configure "metrics" [ … ]`): a definition, and how it
/// measures.
///
///     let pixelError = Metric.define "PixelError" []
///
///     let lowerings =
///         Lowering.standard
///         |> Lowering.add pixelError (fun _ ->
///             Metric.ofSums (fun outputs targets -> …) (fun sums -> sums[0].div sums[1]))
[<RequireQualifiedAccess>]
module Metric =
    /// A kind of metric, with parameters that its lowering reads. It is logged by its id in snake case, or by its parameter
    /// `name` where it has one.
    let define (id: string) (parameters: Param list) : Definition = Metrics.kind id parameters

    /// A metric that follows from sums over examples. `ofBatch` gives what the outputs and targets of a batch, (N, …) on the
    /// model's device, add to each sum: it must not depend on how examples come in batches. `result` gives the metric from
    /// the sums, in float64 on the CPU: one number, or several.
    let ofSums (ofBatch: Tensor -> Tensor -> Tensor list) (result: Tensor list -> Tensor) : torch.nn.Module =
        new MetricModule((fun () -> new Sums(ofBatch, result)))

    /// A metric that follows from all outputs and targets, (N, …) on the CPU, which are kept until then.
    let ofAll (result: Tensor -> Tensor -> Tensor) : torch.nn.Module = new MetricModule((fun () -> new All(result)))

/// Numbers of tensors, and tensors of numbers.
module internal MetricNumbers =
    /// The numbers in a tensor, in order.
    let ofTensor (tensor: Tensor) : float[] =
        use _scope = torch.NewDisposeScope()
        tensor.``to``(torch.float64).contiguous().data<float>().ToArray()

    /// One number.
    let one (number: float) : Tensor = torch.tensor (number, dtype = torch.float64)

    /// Several.
    let several (numbers: float[]) : Tensor = torch.tensor (numbers, dtype = torch.float64)
