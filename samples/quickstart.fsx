// Run with: dotnet fsi samples/quickstart.fsx (after ./build.sh build)
#load "deeplay.fsx"

open Deeplay.Core
open Deeplay.FSharp

// A model is a value. Nothing is allocated yet.
let mlp = Components.multiLayerPerceptron 64 [ 64; 32 ] 10

// Any property of any part may still change. `mlp` stays what it was.
let model =
    mlp
    |> Module.configure "hidden_features" [ 128; 64 ]
    |> Module.select "blocks/:-1/activation" (Module.become Layers.gelu)
    |> Module.select "blocks/:-1" (Block.normalized Layers.batchNorm1d)
    |> Module.select ".../layer#0" (Module.configure Linear.bias false)

printfn $"{model}"
printfn $"""{Module.explain "blocks.0.layer" "bias" model}"""
printfn $"{Module.diff mlp model}"

// Undo is a value too.
let before = model |> Module.undo

if Module.diff before (Module.redo before) <> Module.diff before model then
    failwith "redoing what was undone must give the model again"

// The same model, a hundred variants, none in the way of another.
let widths = [ 16; 32; 64; 128 ] |> List.map (fun w -> model |> Module.configure "hidden_features" [ w; w ])

widths |> List.map (Module.inferShape [ 1; 64 ]) |> List.iter (printfn "%A")

// Only now are there tensors: a torch module with parameters of its own.
let built = Module.build "cpu" model
printfn $"{built.call(TorchSharp.torch.zeros (8L, 64L)).shape.[1]} outputs"

if Module.ofJson (Module.toJson model) <> model then failwith "what was saved must come back"
