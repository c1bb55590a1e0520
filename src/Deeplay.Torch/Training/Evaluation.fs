namespace Deeplay.Torch

open System
open Deeplay.Core
open TorchSharp

/// Goes through examples in batches, in evaluation mode and without gradients.
module internal Evaluation =
    let private checkSize (batchSize: int64) =
        if batchSize < 1L then Fail.with' (Malformed("test", "a positive batch size", string batchSize))

    /// Each batch of a dataset, on the CPU, with its number.
    let each (modes: Modes) (data: Dataset) (batchSize: int64) (work: int64 -> Examples -> unit) : unit =
        checkSize batchSize

        modes.Evaluate(fun () ->
            use loader = Loader.start data (Reading.InOrder(batchSize, Environment.ProcessorCount))
            let mutable batch = 0L
            let mutable isOver = false

            while not isOver do
                use _scope = torch.NewDisposeScope()

                match loader.Next() with
                | ValueNone -> isOver <- true
                | ValueSome examples ->
                    work batch examples
                    batch <- batch + 1L)

    /// What `call` gives for so many rows from a place on, one after another, on the CPU.
    let outputs (modes: Modes) (count: int64) (batchSize: int64) (call: int64 -> int64 -> Tensor) : Tensor =
        checkSize batchSize

        modes.Evaluate(fun () ->
            use scope = torch.NewDisposeScope()

            let outputs =
                [|
                    for start in 0L .. batchSize .. count - 1L do
                        use part = torch.NewDisposeScope()
                        part.MoveToOuter((call start (min batchSize (count - start))).cpu())
                |]

            match outputs with
            | [||] -> Fail.with' (Malformed("predict", "at least one input", "none"))
            | _ -> scope.MoveToOuter(torch.cat (outputs, 0L)))

    /// What `call` gives for each batch of a dataset, one after another, on the CPU.
    let outputsOf (modes: Modes) (data: Dataset) (batchSize: int64) (call: Examples -> Tensor) : Tensor =
        use scope = torch.NewDisposeScope()
        let outputs = ResizeArray<Tensor>()

        try
            each modes data batchSize (fun _ batch -> outputs.Add((call batch).cpu().DetachFromDisposeScope()))
            scope.MoveToOuter(torch.cat (outputs.ToArray(), 0L))
        finally
            for output in outputs do
                output.Dispose()
