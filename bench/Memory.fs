/// Whether memory stays flat while a model trains and predicts.
module Deeplay.Bench.Memory

open System
open System.Diagnostics
open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Torch
open TorchSharp
open Deeplay.Bench.Measure

/// The process's resident memory in MiB, once the garbage is collected.
let private resident () =
    for _ in 1..2 do
        GC.Collect()
        GC.WaitForPendingFinalizers()

    use self = Process.GetCurrentProcess()
    self.Refresh()
    float self.WorkingSet64 / 1048576.0

let private options =
    { Fit.defaults with MaxEpochs = 1; Seed = Some 1L; Build = { Build.defaults with Device = "cpu" } }

// 3,200 examples are 100 steps of 32 an epoch.
let private data () = new Dataset(torch.randn (3200L, 64L), torch.randint (10L, [| 3200L |], dtype = torch.int64))

let private live () = DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount

/// Growth in MiB and in live tensors, from after a warm-up by the same work to its end: the allocators of libtorch and of
/// .NET take what they need for good within some thousand steps, and then no more.
let private growth (work: int -> unit) times =
    work times
    let memory, tensors = resident (), live ()
    work times
    resident () - memory, float (live () - tensors)

/// 10,000 training steps and 100,000 predictions after a warm-up.
let figures () =
    [
        use data = data ()

        let spec = Applications.classifier 10 (Components.multiLayerPerceptron 64 [ 64; 32 ] 10)

        use application = Trainer.fit options data spec

        let memory, tensors =
            growth (fun steps -> Trainer.continueWith { options with MaxEpochs = steps / 100 } data application) 10_000

        yield memory |> atMost 8.0 "training_10000_steps_growth_mib"
        yield tensors |> atMost 0.0 "training_10000_steps_growth_tensors"

        // The course of the training is an entry an epoch: as many as there are, and no more.
        for network in Training.networks do
            use fit = Training.fitted network
            let memory, tensors = growth fit.Steps 10_000
            yield memory |> atMost 8.0 $"training_{network.Name}_10000_steps_growth_mib"
            yield tensors |> atMost 0.0 $"training_{network.Name}_10000_steps_growth_tensors"

        use batch = torch.randn (32L, 64L)

        let predict times =
            for _ in 1..times do
                application.Predict(batch).Dispose()

        let memory, tensors = growth predict 100_000
        yield memory |> atMost 8.0 "predicting_100000_times_growth_mib"
        yield tensors |> atMost 0.0 "predicting_100000_times_growth_tensors"
    ]
