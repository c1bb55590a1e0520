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

// An epoch of the two convolutions over a dataset, by so many threads beside the one that trains.
let private epoch (data: Dataset) workers =
    let network = List.last networks
    let options = { options with BatchSize = network.Batch; NumWorkers = workers }
    let application = Trainer.fit options data (Applications.classifier 10 network.Spec)
    application, (fun () -> Trainer.continueWith options data application)

/// All figures of loading. A batch takes 0.8 of a step's time to prepare: without other threads an epoch takes about 1.8 times as long.
/// Its first batch each epoch waits for. Torch has one thread, so that on two cores another one can work beside it.
let figures () =
    let threads = torch.get_num_threads ()
    torch.set_num_threads 1

    [
        let network = List.last networks
        use kept = fitted network

        // What a step takes once code and memory are warm: before, the parts of it below would be too long.
        let step = (List.init 20 (fun _ -> seconds kept.Epoch) |> List.skip 9 |> median) / float network.Batches

        for name, prepare in [ "waiting", waiting; "working", working ] do
            let slow =
                kept.Data.Transform(fun _ inputs ->
                    prepare (0.8 * step)
                    inputs)

            let ahead, aheadEpoch = epoch slow 2
            use _ahead = ahead
            let alone, aloneEpoch = epoch slow 0
            use _alone = alone
            ratio 21 aheadEpoch kept.Epoch |> atMost 1.15 $"fit_{name}_for_batches_over_kept"

            ratio 11 aloneEpoch kept.Epoch
            |> atMost infinity $"fit_{name}_for_batches_on_its_own_thread_over_kept"

        torch.set_num_threads threads
    ]
