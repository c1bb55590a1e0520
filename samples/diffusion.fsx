// Run with: dotnet fsi samples/diffusion.fsx [--quick] [FOLDER FOR THE PICTURES] (after ./build.sh build)
// New clothes out of noise, 28 × 28, by a diffusion model. `--quick` learns small digits instead, which need no package.
#load "plots.fsx"

open System.IO
open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Torch
open Deeplay.Plots
open TorchSharp

let args = fsi.CommandLineArgs |> List.ofArray |> List.tail
let isQuick = List.contains "--quick" args
let given = List.tryFind ((<>) "--quick") args
let folder = defaultArg given (Path.Combine(Path.GetTempPath(), "diffusion"))
Directory.CreateDirectory folder |> ignore

// Images between 0 and 1: Debian's dataset-fashion-mnist, or those that are here.
let images =
    if isQuick then
        let digits = Datasets.digits (Path.Combine(__SOURCE_DIRECTORY__, "data", "digits.csv.gz"))
        digits.Inputs.narrow(0L, 0L, 512L).reshape(-1L, 1L, 8L, 8L)
    else
        let file kind = $"/usr/share/datasets/fashion-mnist/train-{kind}-ubyte.gz"
        (Datasets.idx (file "images-idx3") (file "labels-idx1")).Inputs.narrow(0L, 0L, 12_000L)

let unet =
    Components.attentionUNet
    |> Module.configure AttentionUNet.channels [ 16; 32; 64 ]
    |> Module.configure AttentionUNet.channelAttention (Some [ false; false; true ])
    |> Module.configure AttentionUNet.baseChannels [ 64 ]

let diffusion = Applications.diffusion unet |> Module.configure "optimizer" (Optimizers.adam 2e-3)
let options = { Fit.defaults with MaxEpochs = (if isQuick then 2 else 15); BatchSize = 64L }
let data = new Dataset(images * 2.0f.ToScalar() - 1.0f.ToScalar(), images)
let trained = diffusion |> Application.fit options data
let made = trained |> Application.sampleBy (DDIM((if isQuick then 10 else 50), 0.0)) 1L 40L
made |> Plot.images 10 |> Plot.save (Path.Combine(folder, "samples.png"))
let losses = trained.History.Series "train_loss"
printfn "loss %.4f → %.4f; the picture is in %s" losses.Head (List.last losses) folder
