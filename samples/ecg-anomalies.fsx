// Run with: dotnet fsi samples/ecg-anomalies.fsx [--quick] [FOLDER FOR THE PICTURES] (after ./build.sh build)
// An autoencoder learns normal heartbeats alone. What it reproduces badly, or puts far from what it knows, is none.
#load "plots.fsx"
#load "sample.fsx"

open System
open System.IO
open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Torch
open Deeplay.Plots
open Deeplay.Sample
open TorchSharp

// A beat is the sum of its waves P, Q, R, S and T, each a bell at a place, of a width and a height; from beat to beat they differ a little.
// The other family lacks the P wave, and has a wide R and a flat T.
let samples = 128

let normal = [ 24.0, 5.0, 0.15; 44.0, 2.0, -0.15; 50.0, 2.5, 1.0; 57.0, 2.5, -0.25; 90.0, 8.0, 0.3 ]
let anomalous = [ 44.0, 2.5, -0.15; 50.0, 4.0, 0.9; 58.0, 3.0, -0.3; 90.0, 8.0, 0.05 ]

let beats family seed count =
    let random = Random(seed: int)
    let vary width = width * (2.0 * random.NextDouble() - 1.0)

    Arrays.ofRows
        [
            for _ in 1..count ->
                let shift, waves =
                    vary 3.0,
                    [
                        for at, width, height in family ->
                            at + vary 2.0, width * (1.0 + vary 0.2), height * (1.0 + vary 0.3)
                    ]

                let at i =
                    waves
                    |> List.sumBy (fun (at, width, height) ->
                        height * exp (-((float i - at - shift) ** 2.0) / (2.0 * width * width)))

                [| for i in 0 .. samples - 1 -> 0.4 + 0.5 * at i + vary 0.03 |]
        ]
    |> fun rows -> rows.unsqueeze 1L

let count = if isQuick then 200 else 1_500
let train = beats normal 1 count
let test = torch.cat ([| beats normal 2 (count / 3); beats anomalous 3 (count / 3) |], 0L)
let isAnomalous = torch.cat ([| torch.zeros (int64 (count / 3)); torch.ones (int64 (count / 3)) |], 0L)

// ---- the model and its training
let autoencoder =
    Components.convolutionalEncoderDecoder2d 1 [ 8; 8 ] 1
    |> Module.configure "out_activation" Layers.identity
    |> Module.select
        ".../layer"
        (Module.become (Conv1d.definition |> Module.create [ "kernel_size" => 4; "padding" => "same" ]))
    |> Module.select
        ".../pool"
        (Module.become (MaxPool1d.definition |> Module.create [ "kernel_size" => 4; "stride" => 4 ]))
    |> Module.select
        ".../upsample"
        (Module.become (ConvTranspose1d.definition |> Module.create [ "kernel_size" => 4; "stride" => 4 ]))

let regressor = Applications.regressor autoencoder |> Module.configure "loss" Losses.l1
let options = { Fit.defaults with MaxEpochs = (if isQuick then 3 else 30); BatchSize = 16L }
let trained = regressor |> Application.fit options (new Dataset(train, train))

// ---- what it takes for anomalous: more than nineteen in twenty of the beats that it knows
let into name = Path.Combine(folder, name)

let judge name (known: torch.Tensor) (scores: torch.Tensor) =
    let threshold = known.quantile (torch.tensor 0.95f)
    let found = scores.gt threshold
    let share (part: torch.Tensor) (of': torch.Tensor) = part.sum().ToDouble() / of'.sum().ToDouble()
    let isTrue = isAnomalous.gt (torch.tensor 0.5f)
    let right, both = found.eq isTrue, found.logical_and isTrue

    printfn
        "%s: accuracy %.3f, precision %.3f, recall %.3f"
        name
        (right.to_type(torch.float32).mean().ToDouble())
        (share both found)
        (share both isTrue)

    Plot.roc (scores / known.std ()) isAnomalous |> Plot.save (into $"{name}.png")

let error (beats: torch.Tensor) = (Application.predict beats trained - beats).abs().mean [| 1L; 2L |]
judge "reconstruction" (error train) (error test)

// The mean distance to the four nearest of the beats it knows, as its encoder sees them; a known beat is not its own neighbour.
let latent beats = (trained |> Application.predictPart "model.encoder" beats).flatten 1L
let known = latent train

let distance (codes: torch.Tensor) isKnown =
    let struct (nearest, _) = torch.cdist(codes, known, 2.0).topk((if isKnown then 5 else 4), 1, false, true)
    nearest.narrow(1L, (if isKnown then 1L else 0L), 4L).mean [| 1L |]

judge "neighbours" (distance known true) (distance (latent test) false)

// A beat of each family, and what becomes of it.
for name, i in [ "normal", 0L; "anomalous", int64 (count / 3) ] do
    let beat = test.narrow (0L, i, 1L)

    let points (tensor: torch.Tensor) =
        tensor.data<float32>() |> Seq.mapi (fun t value -> float t, float value) |> List.ofSeq

    Plot.lines
        $"a beat that is {name}"
        "time step"
        "signal"
        [ "given", points beat; "reconstructed", points (Application.predict beat trained) ]
    |> Plot.save (into $"{name}.png")
