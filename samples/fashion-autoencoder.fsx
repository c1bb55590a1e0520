// Run with: dotnet fsi samples/fashion-autoencoder.fsx [--quick] [FOLDER FOR THE PICTURES] (after ./build.sh build)
// Clothes as twenty numbers each, by a Wasserstein autoencoder: what is decoded of them, new ones, and what lies between two.
// `--quick` learns small digits instead, which need no package.
#load "plots.fsx"
#load "sample.fsx"

open System.IO
open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Torch
open Deeplay.Plots
open Deeplay.Sample
open TorchSharp

// A part of the images is enough for minutes on two cores.
let images, test, size =
    if isQuick then
        let struct (train, test) = digits().Split(0.8, 1L)
        train.Inputs, test.Inputs, 8
    else
        (clothes "train").Inputs.narrow(0L, 0L, 12_000L), (clothes "t10k").Inputs.narrow(0L, 0L, 1_000L), 28

// ---- the model and its training
let wae =
    Applications.wassersteinAutoEncoder 20
    |> Module.configure WassersteinAutoEncoder.inputSize [ size; size ]
    |> Module.configure WassersteinAutoEncoder.channels [ 32; 64; 128 ]
    |> Module.configure WassersteinAutoEncoder.reconstructionLoss Losses.mse

let options = { Fit.defaults with MaxEpochs = (if isQuick then 5 else 10); BatchSize = 128L }
let trained = wae |> Application.fit options (new Dataset(images, images))

// ---- what it learned
let save name (images: torch.Tensor list) columns =
    Plot.images columns (torch.cat (ResizeArray images, 0L)) |> Plot.save (Path.Combine(folder, name))

let ten = test.narrow (0L, 0L, 10L)
save "reconstructions.png" [ ten; trained |> Application.predict ten ] 10
save "samples.png" [ trained |> Application.sample 1L 30L ] 10

// From one image to another in six steps, three times.
let between (first: int64) =
    let both = test.narrow (0L, first, 2L)
    let codes = trained |> Application.encode both
    let ways = torch.linspace(0.0, 1.0, 6L).unsqueeze 1L
    let steps = codes[0L] + (codes[1L] - codes[0L]) * ways
    [ both.narrow (0L, 0L, 1L); trained |> Application.decode steps; both.narrow (0L, 1L, 1L) ]

save "interpolation.png" (List.collect between [ 10L; 12L; 14L ]) 8
let losses = trained.History.Series "train_rec_loss"
printfn "reconstruction loss %.4f → %.4f; the pictures are in %s" losses.Head (List.last losses) folder
