// Run with: dotnet fsi samples/fashion-resnet.fsx [--quick] (after ./build.sh build). A ResNet-18 that is reshaped for small grey images:
// one channel in, a first convolution of kernel 3 without the pool behind it. `--quick` learns digits, which need no package.
#load "sample.fsx"

open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Torch
open Deeplay.Sample

let part name count =
    let all = clothes name
    new Dataset(all.Inputs.narrow (0L, 0L, count), all.Targets.narrow (0L, 0L, count))

let struct (train, test) =
    if isQuick then digits().Split(0.8, 1L) else struct (part "train" 20_000L, part "t10k" 10_000L)

let model =
    Models.resNet18
    |> Module.configure "in_channels" 1
    |> Module.configure "num_classes" 10
    |> Module.select "backbone/blocks/0/layer" (Module.configure "kernel_size" 3 >> Module.configure "padding" 1)
    |> Module.select "backbone/blocks/0" (Block.remove "pool")

let options = { Fit.defaults with MaxEpochs = 3; BatchSize = 64L }
let trained = Applications.classifier 10 model |> Application.fit options train
printfn "test accuracy %.4f" ((Application.test test trained)["accuracy"])
