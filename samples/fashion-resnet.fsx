// Run with: dotnet fsi samples/fashion-resnet.fsx [--quick] (after ./build.sh build). A ResNet-18 that is reshaped for small grey images:
// one channel in, a first convolution of kernel 3 without the pool behind it. `--quick` learns digits, which need no package.
#load "deeplay.fsx"

open System.IO
open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Torch

let isQuick = Array.contains "--quick" fsi.CommandLineArgs

let part name count =
    let file kind = $"/usr/share/datasets/fashion-mnist/{name}-{kind}-ubyte.gz"
    let all = Datasets.idx (file "images-idx3") (file "labels-idx1")
    new Dataset(all.Inputs.narrow (0L, 0L, count), all.Targets.narrow (0L, 0L, count))

let struct (train, test) =
    if isQuick then
        let digits = Datasets.digits (Path.Combine(__SOURCE_DIRECTORY__, "data", "digits.csv.gz"))
        (new Dataset(digits.Inputs.reshape (-1L, 1L, 8L, 8L), digits.Targets)).Split(0.8, 1L)
    else
        struct (part "train" 20_000L, part "t10k" 10_000L)

let model =
    Models.resNet18
    |> Module.configure "in_channels" 1
    |> Module.configure "num_classes" 10
    |> Module.select "backbone/blocks/0/layer" (Module.configure "kernel_size" 3 >> Module.configure "padding" 1)
    |> Module.select "backbone/blocks/0/pool" (Module.become (Module.create [] Identity.definition))

let options = { Fit.defaults with MaxEpochs = 3; BatchSize = 64L }
let trained = Applications.classifier 10 model |> Application.fit options train
printfn "test accuracy %.4f" ((Application.test test trained)["accuracy"])
