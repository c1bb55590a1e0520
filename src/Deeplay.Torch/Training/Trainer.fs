namespace Deeplay.Torch

open System
open Deeplay.Core
open TorchSharp

/// How an application is trained.
[<NoEquality; NoComparison>]
type FitOptions =
    {
        MaxEpochs: int
        BatchSize: int64
        /// Measured after every epoch, where there is one.
        Validation: Dataset option
        /// Seeds the parameters, the order of the examples and everything random in between.
        Seed: int64
        Shuffle: bool
        /// Told about each epoch when it is over.
        Progress: EpochRecord -> unit
        Metrics: Metric list
        Device: torch.Device
        Lowerings: Lowerings
    }

/// Training.
[<RequireQualifiedAccess>]
module Trainer =
    let private checkOptions (options: FitOptions) =
        if options.MaxEpochs < 0 then
            Fail.with' (Malformed("fit", "a number of epochs of at least 0", string options.MaxEpochs))

        if options.BatchSize < 1L then
            Fail.with' (Malformed("fit", "a positive batch size", string options.BatchSize))

    let private step (application: Application) (data: Dataset) (indices: torch.Tensor) =
        let device = application.Device
        let inputs = data.Inputs.index_select(0L, indices).``to`` device
        let targets = data.Targets.index_select(0L, indices).``to`` device
        application.Optimizer.zero_grad ()
        let outputs = application.Module.call inputs
        let loss = application.Loss(outputs, targets)
        loss.backward ()
        application.Optimizer.step () |> ignore
        application.Steps <- application.Steps + 1L
        struct (outputs, targets, loss)

    let private epoch (application: Application) (options: FitOptions) (data: Dataset) (order: torch.Tensor) =
        let names = "loss" :: (options.Metrics |> List.map (fun m -> m.Name))

        let means =
            names |> List.map (fun name -> name, new RunningMean(application.Device))

        try
            for start in 0L .. options.BatchSize .. data.Count - 1L do
                // Whatever a step makes goes with it: nothing is left to the garbage collector.
                use _scope = torch.NewDisposeScope()
                let length = min options.BatchSize (data.Count - start)

                let struct (outputs, targets, loss) =
                    step application data (order.narrow (0L, start, length))

                use _noGrad = torch.no_grad ()
                use count = Scalar.op_Implicit length
                (snd means.Head).Add(loss.detach().mul count, length)

                for metric, (_, mean) in List.zip options.Metrics means.Tail do
                    mean.Add(metric.Sum (outputs.detach ()) targets, length)

            means |> List.map (fun (name, mean) -> $"train_{name}", mean.Value)
        finally
            for _, mean in means do
                (mean :> IDisposable).Dispose()

    /// Trains an application that is built for some more epochs.
    let continueWith (options: FitOptions) (data: Dataset) (application: Application) : unit =
        checkOptions options
        use generator = new torch.Generator(uint64 options.Seed)
        application.Module.train ()
        let first = application.History.Epochs.Length

        for number in first .. first + options.MaxEpochs - 1 do
            use _scope = torch.NewDisposeScope()

            let order =
                if options.Shuffle then
                    torch.randperm (data.Count, generator = generator)
                else
                    torch.arange (data.Count)

            let trained = epoch application options data order

            let validated =
                match options.Validation with
                | Some validation ->
                    application.Measure(validation, options.Metrics, max 1024L options.BatchSize)
                    |> Map.toList
                    |> List.map (fun (name, value) -> $"val_{name}", value)
                | None -> []

            let record =
                {
                    Epoch = number
                    Step = application.Steps
                    Metrics = Map.ofList (trained @ validated)
                }

            application.History <- History.add record application.History
            options.Progress record

        application.Module.eval ()

    /// Builds an application and trains it. The same spec, data, seed and device give the same result.
    let fit (options: FitOptions) (data: Dataset) (spec: ModuleSpec) : Application =
        checkOptions options
        torch.manual_seed options.Seed |> ignore
        let shape = data.InputShape 1L |> Array.tail |> List.ofArray
        let application = Application.build options.Lowerings options.Device shape spec

        try
            continueWith options data application
            application
        with _ ->
            (application :> IDisposable).Dispose()
            reraise ()
