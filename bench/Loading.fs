/// Whether training waits for its data: examples that take time to prepare beside the same ones in memory.
module Deeplay.Bench.Loading

open System.Diagnostics
open System.Threading
open Deeplay.FSharp
open Deeplay.Torch
open TorchSharp
open Deeplay.Bench.Measure
open Deeplay.Bench.Training

// So long a batch is waited for, as for a disk, or worked on, as an image is decoded.
let private waiting (seconds: float) = Thread.Sleep(int (1000.0 * seconds))

let private working (seconds: float) =
    let watch = Stopwatch.StartNew()

    while watch.Elapsed.TotalSeconds < seconds do
        Thread.SpinWait 100

// Runs while no step is made, between two of an epoch.
let private between = Stopwatch()

// The classifier's own step, which says when it begins.
let private steps =
    TrainingSteps.train (fun step ->
        between.Stop()
        let outputs = step.Call("model", step.Inputs)
        let loss = step.Call("loss", outputs, step.Targets)
        step.Measure(loss, outputs)
        step.Minimize("optimizer", loss))

// The two convolutions trained on a dataset, by so many threads beside the one that trains. Whatever the data, the weights are the same.
let private epoch (data: Dataset) workers =
    torch.manual_seed 0L |> ignore
    let network = List.last networks
    let spec = Applications.classifier 10 network.Spec
    let lowerings = Lowering.standard |> Lowering.addTraining spec.Definition steps

    let options =
        { options with
            BatchSize = network.Batch
            NumWorkers = workers
            Shuffle = false
            Build = { options.Build with Lowerings = lowerings }
            Callbacks = [ Callback.onBatchEnd (fun _ _ -> between.Start()) ]
        }

    let application = Trainer.fit options data spec
    slow application

    application,
    fun () ->
        Trainer.continueWith options data application
        // What is after the last step is no waiting.
        between.Stop()

/// The share of the time between steps in that of some epochs.
let private shareBetween (epoch: unit -> unit) =
    between.Reset()

    let all =
        seconds (fun () ->
            for _ in 1..20 do
                epoch ())

    between.Elapsed.TotalSeconds / all

/// All figures of loading. A batch takes 0.8 of a step's time to prepare: without other threads an epoch takes about 1.8 times as long.
/// Its first batch each epoch waits for. Torch has one thread, so that on two cores another one can work beside it.
let figures () =
    let threads = torch.get_num_threads ()
    torch.set_num_threads 1

    [
        let network = List.last networks
        use source = fitted network
        let kept, keptEpoch = epoch source.Data 0
        use _kept = kept

        // What a step takes once code and memory are warm: before, the parts of it below would be too long.
        let step = (List.init 20 (fun _ -> seconds keptEpoch) |> List.skip 9 |> median) / float network.Batches
        shareBetween keptEpoch |> atMost infinity "fit_share_between_steps_kept"

        for name, prepare in [ "waiting", waiting; "working", working ] do
            let made =
                source.Data.Transform(fun _ inputs ->
                    prepare (0.8 * step)
                    inputs)

            let ahead, aheadEpoch = epoch made 2
            use _ahead = ahead
            let alone, aloneEpoch = epoch made 0
            use _alone = alone
            ratio 21 aheadEpoch keptEpoch |> atMost 1.15 $"fit_{name}_for_batches_over_kept"
            shareBetween aheadEpoch |> atMost 0.05 $"fit_{name}_share_between_steps"

            ratio 11 aloneEpoch keptEpoch
            |> atMost infinity $"fit_{name}_for_batches_on_its_own_thread_over_kept"

        torch.set_num_threads threads
    ]
