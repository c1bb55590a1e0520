namespace Deeplay.Torch

open System
open Deeplay.Core
open TorchSharp

/// A metric of an application, and under which name it is logged.
[<NoEquality; NoComparison>]
type internal Measured = { Name: string; Place: Place; Metric: MetricModule }

/// A mean on the device: the sum of what came, and how much came.
[<Sealed>]
type internal Mean(device: torch.Device) =
    let total () = torch.zeros(1L, dtype = torch.float64, device = device).DetachFromDisposeScope()
    let sum, count = total (), total ()

    member _.Add(value: torch.Tensor, weight: torch.Tensor) =
        Numbers.addTo sum value
        Numbers.addTo count weight

    /// NaN where nothing came.
    member _.Value = Numbers.read sum / Numbers.read count

    /// The sum by itself.
    member _.Sum = Numbers.read sum

    /// Both, as copies in the caller's scope.
    member _.State: (string * Tensor) list = [ "sum", sum.clone (); "count", count.clone () ]

    /// Goes on from what was kept of another one.
    member _.Restore(state: (string * Tensor) list) : unit =
        for name, tensor in state do
            Numbers.addTo (if name = "sum" then sum else count) (tensor.``to`` device)

    interface IDisposable with
        member _.Dispose() =
            sum.Dispose()
            count.Dispose()

/// The mean of the loss, and metrics, over batches. `allCount` says that all targets count, and equally much. They are kept
/// on the device, so that no step waits for a number to arrive.
[<Sealed>]
type internal Measures(device: torch.Device, metrics: Measured list, targets: Targets, allCount: bool) =
    let loss = new Mean(device)
    let running = [ for metric in metrics -> metric, metric.Metric.Start() ]
    let mutable isSum = false

    let number (count: int64) = torch.tensor (count, dtype = torch.float64, device = device)

    let addLoss (batchLoss: torch.Tensor) (given: torch.Tensor) =
        let wide = batchLoss.``to`` torch.float64

        match targets.Share(given, allCount) with
        | Whole ->
            isSum <- true
            loss.Add(wide, number 1L)
        | Examples count ->
            use times = Numbers.whole count
            loss.Add(wide.mul times, number count)
        | Weighing weight ->
            // The mean over nothing is not a number, and does not count.
            use zero = Numbers.whole 0L
            loss.Add(wide.mul(weight).masked_fill(weight.eq zero, zero), weight)

    /// Adds a batch: outputs and targets. What is made on the way goes with the caller's scope.
    member _.Add(outputs: torch.Tensor, given: torch.Tensor) : unit =
        use _noGrad = torch.no_grad ()

        for metric, measuring in running do
            try
                measuring.Add(outputs, given)
            with error ->
                Failures.raiseAgain (Failures.At(metric.Place, [ outputs; given ], error))

    /// The same with the loss of the batch.
    member this.Add(batchLoss: torch.Tensor, outputs: torch.Tensor, given: torch.Tensor) : unit =
        use _noGrad = torch.no_grad ()
        addLoss batchLoss given
        this.Add(outputs, given)

    /// What each metric gives so far.
    member _.Results: (Measured * torch.Tensor) list =
        running
        |> List.map (fun (metric, measuring) ->
            try
                metric, measuring.Value()
            with error ->
                Failures.raiseAgain (Failures.At(metric.Place, [], error)))

    /// The loss and the metrics so far, by name; NaN where nothing counted. Several numbers are logged each with its place
    /// (`recall_0`, …); a matrix is not logged.
    member this.Values: (string * float) list =
        [
            "loss", (if isSum then loss.Sum else loss.Value)
            for metric, result in this.Results do
                use result = result

                match result.dim () with
                | 0L -> metric.Name, Numbers.read result
                | 1L ->
                    for i, number in Array.indexed (MetricNumbers.ofTensor result) do
                        $"{metric.Name}_{string i}", number
                | _ -> ()
        ]

    /// What is kept, by name, as copies in the caller's scope.
    member _.State: (string * Tensor) list =
        MeasuredNames.under "loss" loss.State
        @ [
            for metric, measuring in running do
                yield!
                    measuring.State
                    |> List.mapi (fun i tensor -> i.ToString "D4", tensor)
                    |> MeasuredNames.under $"metrics/{metric.Name}"
        ]

    /// Goes on from what another one kept.
    member _.Restore(state: (string * Tensor) list) : unit =
        loss.Restore(MeasuredNames.below "loss" state)

        for metric, measuring in running do
            measuring.Restore(device, MeasuredNames.below $"metrics/{metric.Name}" state |> List.map snd)

    interface IDisposable with
        member _.Dispose() =
            (loss :> IDisposable).Dispose()

            for _, measuring in running do
                measuring.Dispose()
