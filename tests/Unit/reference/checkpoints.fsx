// Made ../checkpoints/format2.safetensors and format2-position.safetensors, by the version of the format that was written then. They
// are not made anew: every later version reads them. `dotnet fsi checkpoints.fsx`, after `./build.sh build`; then checkpoints.py.
#load "../../../samples/deeplay.fsx"

open System.IO
open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Torch
open TorchSharp

let sines (shape: int64[]) =
    let numbers = Array.init (int (Array.reduce (*) shape)) (fun i -> float32 (sin (0.7 * float i + 0.3)))
    torch.tensor(numbers).reshape shape

let data () = new Dataset(sines [| 16L; 2L |], torch.tensor [| for i in 0L .. 15L -> i % 2L |])

let options =
    { Fit.defaults with
        MaxEpochs = 2
        BatchSize = 4L
        Seed = Some 7L
        Build = { Build.defaults with Device = "cpu" }
    }

let layers = [ Layers.linear 2 8; Layers.batchNorm1d; Layers.dropout 0.5; Layers.linear 8 2 ]
let plain = Applications.classifier 2 (Layers.sequential layers)

let scheduled =
    plain
    |> Module.select "optimizer" (Module.replace (Optimizers.sgd 0.1 |> Module.configure "momentum" 0.9))
    |> Module.configure "lr_scheduler" (Schedules.stepLR 3 |> Module.configure "gamma" 0.5)
    |> Module.configure "lr_scheduler_interval" "step"

let file name = Path.Combine(__SOURCE_DIRECTORY__, "..", "checkpoints", name + ".safetensors")

using (Application.fit options (data ()) plain) (Application.save (file "format2"))

// Four steps are an epoch: it stands within the second.
let sixth =
    Callback.onBatchEnd (fun run _ ->
        if run.Application.Steps = 6L then Application.save (file "format2-position") run.Application)

using (Application.fit { options with Callbacks = [ sixth ] } (data ()) scheduled) ignore
