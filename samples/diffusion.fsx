// Run with: dotnet fsi samples/diffusion.fsx [--quick] [FOLDER FOR THE PICTURES] (after ./build.sh build)
// New clothes out of noise, 28 × 28, by a diffusion model. `--quick` learns small digits instead, which need no package.
#load "plots.fsx"
#load "sample.fsx"

open System.IO
open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Torch
open Deeplay.Plots
open Deeplay.Sample
open TorchSharp

// Images between 0 and 1.
let images =
    if isQuick then
        digits().Inputs.narrow(0L, 0L, 512L)
    else
        (clothes "train").Inputs.narrow(0L, 0L, 12_000L)

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
