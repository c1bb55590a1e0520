// Run with: dotnet fsi samples/lora-fine-tuning.fsx [--quick] (after ./build.sh build). A vision transformer learns digits, and is saved.
// Loaded from its file, it learns digits that lie on their side by LoRA, which trains a part of it alone.
#load "sample.fsx"

open System.IO
open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Torch
open Deeplay.Sample
open TorchSharp

let path, weights = Path.Combine(folder, "digits.safetensors"), Path.Combine(folder, "weights.safetensors")
let upright = digits ()
let onTheirSide = new Dataset(upright.Inputs.rot90(1L, struct (2L, 3L)).contiguous(), upright.Targets)
let struct (train, test) = upright.Split(0.8, 1L)
let struct (turned, turnedTest) = onTheirSide.Split(0.8, 1L)
let options = { Fit.defaults with MaxEpochs = (if isQuick then 5 else 40) }
let accuracy data application = (Application.test data application)["accuracy"]
let classifier = Applications.classifier 10 (Models.viT 1 8 2 [ 64; 64; 64 ] 10 4)
classifier |> Application.fit options train |> Application.save path

let loaded = Application.load "best" path
Application.saveStateDict weights loaded
printfn "loaded: accuracy %.3f, of turned ones %.3f" (accuracy test loaded) (accuracy turnedTest loaded)

let tuned =
    loaded.Spec
    |> Module.select "model" (Module.frozen ())
    |> Module.select "model/.../[has:lora]" (Block.lora (rank = 4, alpha = 8.0))
    |> Application.fit { options with MaxEpochs = 0 } turned

Application.loadStateDictWith { StateDict.loading with Strict = false } weights tuned |> ignore
Application.fitMore options turned tuned
let trained = Seq.sumBy (fun (p: Modules.Parameter) -> if p.requires_grad then p.numel () else 0L)
printfn "by LoRA: of turned ones %.3f" (accuracy turnedTest tuned)
printfn "trained numbers: %d, of %d" (trained (tuned.Module.parameters ())) (trained (loaded.Module.parameters ()))
