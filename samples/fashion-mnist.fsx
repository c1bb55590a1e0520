// Run with: dotnet fsi samples/fashion-mnist.fsx [--quick] [FOLDER FOR THE RESULTS] (after ./build.sh build)
// Ten kinds of clothes by a perceptron and by two convolutions. `--quick` trains on small digits instead, which need no package.
#load "plots.fsx"
#load "sample.fsx"

open System.IO
open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Torch
open Deeplay.Plots
open Deeplay.Sample

// Images (N, 1, H, W), a test part that nothing is chosen by, and the names of the classes.
let struct (all, test), classes =
    if isQuick then
        digits().Split(0.8, 1L), List.init 10 string
    else
        let names = "T-shirt trousers pullover dress coat sandal shirt sneaker bag boot"
        struct (clothes "train", clothes "t10k"), List.ofArray (names.Split ' ')

let struct (train, validation) = all.Split(11.0 / 12.0, 1L)

let convolution channels =
    Layers.sequential
        [
            Layers.lazyConv2d channels 3 |> Module.configure "padding" 1
            Layers.batchNorm2d
            Layers.relu
            Layers.maxPool2d 2
        ]

let perceptron = Components.lazyMultiLayerPerceptron [ 256; 128 ] 10

let convolutional =
    Layers.sequential
        [
            convolution 32
            convolution 64
            Components.lazyMultiLayerPerceptron [ 128 ] 10 |> Module.select "blocks/0" (Block.appendDropout 0.3)
        ]

// Trains a model, leaves its pictures and a page in a folder, and tells whether it is as good as it should be.
let shows (name, model, epochs, wanted) =
    let epochs = if isQuick then 5 else epochs

    let options =
        { Fit.defaults with
            MaxEpochs = epochs
            BatchSize = if isQuick then 32L else 128L
            Validation = Some validation
            Callbacks = [ ProgressBar.callback ProgressBar.defaults ]
        }

    use trained =
        Applications.classifier 10 model
        |> Module.configure "lr_scheduler" (Schedules.cosineAnnealingLR epochs)
        |> Application.fit options train

    let into file = Path.Combine(Directory.CreateDirectory(Path.Combine(folder, name)).FullName, file)
    let tested = trained |> Application.test test
    let matrix = trained |> Application.measure Metrics.multiclassConfusionMatrix test
    let confusion = Plot.confusionMatrix classes matrix
    trained.History |> Plot.curves |> Plot.save (into "curves.png")
    confusion |> Plot.save (into "confusion.png")

    let page =
        { RunPage.defaults with
            Title = Some $"{name} on {test.Count} test images"
            Options = Some options
            Test = tested
            Pictures = [ ("The test part", confusion) ]
        }

    trained |> RunPage.saveWith page (into "run.html")
    trained |> Application.save (into "model.safetensors")
    let accuracy = tested["accuracy"]
    printfn "%s: test accuracy %.4f (wanted on Fashion-MNIST: %.2f), see %s" name accuracy wanted (into "run.html")
    isQuick || accuracy >= wanted

let results = [ "perceptron", perceptron, 8, 0.88; "convolutions", convolutional, 5, 0.91 ] |> List.map shows
exit (if List.forall id results then 0 else 1)
