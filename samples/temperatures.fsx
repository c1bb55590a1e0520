// Run with: dotnet fsi samples/temperatures.fsx [--quick] [FOLDER FOR THE PICTURES] (after ./build.sh build)
// How warm is it in twelve hours? Recurrent networks of several kinds learn it from the weather of two days.
#load "plots.fsx"
#load "sample.fsx"

open System
open System.IO
open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Torch
open Deeplay.Plots
open Deeplay.Sample

// Temperature, pressure and humidity by the hour: what the season and the time of day make, and weather that stays for some days. The
// pressure knows the weather of the next hours.
let years = if isQuick then 1 else 4
let daily, lag = 24, 12
let hours = 365 * daily * years

let weather =
    let random = Random 1
    let noise () = sqrt (-2.0 * log (1.0 - random.NextDouble())) * cos (2.0 * Math.PI * random.NextDouble())
    let mutable now = 0.0

    let coming =
        [|
            for _ in 0 .. hours + lag ->
                now <- 0.985 * now + noise ()
                now
        |]

    [|
        for hour in 0 .. hours - 1 ->
            let season = cos (2.0 * Math.PI * (float hour / float daily / 365.0 - 0.55))
            let day = cos (2.0 * Math.PI * (float hour / float daily - 0.6))
            let temperature = 9.0 + 9.0 * season + 4.0 * day + coming[hour] + 0.3 * noise ()
            let pressure = 990.0 - 0.8 * coming[hour + lag] + noise ()
            let humidity = 70.0 - 1.5 * temperature + 3.0 * noise ()
            [| temperature; pressure; humidity |]
    |]

// The weather of two days up to noon or midnight, and the temperature half a day later.
let struct (train, validation) =
    let ends = [ 2 * daily .. daily / 2 .. hours - lag - 1 ]
    let before at = Arrays.ofRows weather[at - 2 * daily .. at - 1]
    let inputs = TorchSharp.torch.stack (Array.ofList (List.map before ends), 0L)
    let targets = Arrays.ofRows [ for at in ends -> [| weather[at + lag - 1][0] |] ]
    (new Dataset(inputs, targets)).Split(0.8, 1L)

// Who says that it will be as warm as a day before then errs by so much.
let benchmark =
    seq { for at in 2 * daily .. hours - 1 -> abs (weather[at][0] - weather[at - daily][0]) }
    |> Seq.average

// ---- the models and their training
let standardize = Standardization.standardize (Standardization.ofInputs 2 train)
let unstandardize = Standardization.unstandardize (Standardization.ofTargets 1 train)
let epochs = if isQuick then 1 else 20
let options = { Fit.defaults with MaxEpochs = epochs; Validation = Some validation }

let recurrent kind widths (dropout: float) lr =
    let model =
        Models.recurrentModel 3 widths
        |> Module.configure "out_features" 1
        |> Module.configure "rnn_type" kind

    Layers.sequential [ standardize; model |> Module.configure "dropout" dropout; unstandardize ]
    |> Applications.regressor
    |> Module.select "optimizer" (Module.configure "lr" lr)
    |> Application.fit options train

let trained =
    [
        "RNN", recurrent "RNN" [ 2 ] 0.0 1e-3
        "stacked RNN", recurrent "RNN" [ 16; 16; 16 ] 0.0 1e-3
        "GRU", recurrent "GRU" [ 8; 8; 8 ] 0.2 1e-3
        "LSTM", recurrent "LSTM" [ 8; 8; 8 ] 0.3 1e-3
    ]

// ---- what they learned
printfn "the same as yesterday: %.2f degrees" benchmark

for name, trained in trained do
    let course metric = trained.History.Series metric |> List.mapi (fun epoch loss -> float (epoch + 1), loss)
    let benchmark = [ 1.0, benchmark; float epochs, benchmark ]
    printfn "%s: %.2f degrees" name (snd (List.last (course "val_loss")))

    Plot.lines
        name
        "epoch"
        "mean absolute error (degrees)"
        [ "training", course "train_loss"; "validation", course "val_loss"; "as yesterday", benchmark ]
    |> Plot.save (Path.Combine(folder, $"{name}.png"))
