namespace Deeplay.Torch

open Deeplay.Core
open TorchSharp

/// How an application is trained: `{ Fit.defaults with MaxEpochs = 5 }`.
[<NoEquality; NoComparison>]
type FitOptions =
    {
        /// How often it sees all of the data.
        MaxEpochs: int
        /// How many examples there are for a step.
        BatchSize: int64
        /// Measured after every epoch, where there is one.
        Validation: Dataset option
        /// Seeds the parameters, the order of the examples and everything random in between.
        Seed: int64
        /// Whether the examples come in another order in every epoch.
        Shuffle: bool
        /// Told about each epoch when it is over.
        Progress: EpochRecord -> unit
        /// Where and how the application is built.
        Build: BuildOptions
    }

/// How an application is trained.
[<RequireQualifiedAccess>]
module Fit =
    /// Ten epochs in batches of 32, in another order each on the best device.
    let defaults: FitOptions =
        {
            MaxEpochs = 10
            BatchSize = 32L
            Validation = None
            Seed = 0L
            Shuffle = true
            Progress = ignore
            Build = Build.defaults
        }

/// Training.
[<RequireQualifiedAccess>]
module Trainer =
    let private checkOptions (options: FitOptions) =
        if options.MaxEpochs < 0 then
            Fail.with' (Malformed("fit", "a number of epochs of at least 0", string options.MaxEpochs))

        if options.BatchSize < 1L then
            Fail.with' (Malformed("fit", "a positive batch size", string options.BatchSize))

    // Each epoch has a seed of its own, whatever call it falls into, so that training on gives what training at once
    // gives. Source: Steele, Lea and Flood, 2014, Fast Splittable Pseudorandom Number Generators (SplitMix64).
    let private seedOf (seed: int64) (epoch: int) =
        let z = uint64 seed + uint64 (epoch + 1) * 0x9E3779B97F4A7C15UL
        let z = (z ^^^ (z >>> 30)) * 0xBF58476D1CE4E5B9UL
        let z = (z ^^^ (z >>> 27)) * 0x94D049BB133111EBUL
        int64 (z ^^^ (z >>> 31))

    let private step (application: Application) (data: Dataset) (indices: torch.Tensor) =
        let device = application.Device
        let inputs = data.Inputs.index_select(0L, indices).``to`` device
        let targets = data.Targets.index_select(0L, indices).``to`` device
        application.Optimizer.ZeroGrad()
        let outputs = application.Module.call inputs
        let loss = application.Loss(outputs, targets)
        loss.backward ()
        application.Optimizer.Step()
        application.Steps <- application.Steps + 1L
        struct (outputs, targets, loss)

    let private epoch (application: Application) (options: FitOptions) (data: Dataset) (order: torch.Tensor) =
        use measures = application.Measures "train"

        for start in 0L .. options.BatchSize .. data.Count - 1L do
            // Whatever a step makes goes with it: nothing is left to the garbage collector.
            use _scope = torch.NewDisposeScope()
            let length = min options.BatchSize (data.Count - start)
            let struct (outputs, targets, loss) = step application data (order.narrow (0L, start, length))
            measures.Add(loss.detach (), outputs.detach (), targets)

        measures.Values |> List.map (fun (name, mean) -> $"train_{name}", mean)

    /// Trains an application that is built for some more epochs. They are numbered from where it stands, and with the same
    /// seed two times two epochs give what four give at once. Examples that the model or the loss can't take are an error
    /// before the first step.
    let continueWith (options: FitOptions) (data: Dataset) (application: Application) : unit =
        checkOptions options
        application.Check data
        options.Validation |> Option.iter application.Check

        if options.MaxEpochs > 0 && Seq.isEmpty (application.Module.parameters ()) then
            Fail.with' (WrongStructure(Tag.ofNames [ "model" ], "", "it has no parameters to train."))

        application.CheckTrains()

        application.Training(fun () ->
            let first = application.History.Epochs.Length

            for i in 0 .. options.MaxEpochs - 1 do
                let number = first + i
                use _scope = torch.NewDisposeScope()
                torch.manual_seed (seedOf options.Seed number) |> ignore

                let order =
                    if options.Shuffle then torch.randperm data.Count else torch.tensor [| 0L .. data.Count - 1L |]

                let trained = epoch application options data order

                let validated =
                    match options.Validation with
                    | Some validation ->
                        application.Evaluate("val", validation, max 1024L options.BatchSize)
                        |> Map.toList
                        |> List.map (fun (name, value) -> $"val_{name}", value)
                    | None -> []

                let record = { Epoch = number; Step = application.Steps; Metrics = Map.ofList (trained @ validated) }

                application.History <- History.add record application.History
                options.Progress record)

    /// Builds an application and trains it. The same spec, data, seed and device give the same result.
    let fit (options: FitOptions) (data: Dataset) (spec: ModuleSpec) : Application =
        checkOptions options
        Native.load ()
        torch.manual_seed options.Seed |> ignore
        let shape = data.InputShape 1L |> Array.tail |> List.ofArray
        let application = Application.build options.Build shape spec

        Failures.orDispose application (fun () ->
            continueWith options data application
            application)
