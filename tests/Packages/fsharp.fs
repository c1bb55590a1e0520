open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Torch
open TorchSharp

// TorchSharp comes first: the package sees to its natives before anything of Deeplay runs.
torch.random.manual_seed 1L |> ignore
let inputs = torch.randn (256L, 2L)
let targets = inputs.select(1L, 0L).gt(inputs.select (1L, 1L)).``to`` torch.int64

let mlp =
    Components.multiLayerPerceptron 2 [ 8 ] 2
    |> Module.select "blocks/0/activation" (Module.become Layers.gelu)

let trained =
    Applications.classifier 2 mlp
    |> Module.configure "optimizer" (Optimizers.adam 0.05)
    |> Application.fit
        { Fit.defaults with MaxEpochs = 5; Build = { Build.defaults with Device = "cpu" } }
        (new Dataset(inputs, targets))

trained |> Application.save "model.safetensors"
let restored = Application.load "cpu" "model.safetensors"
let accuracy = (trained |> Application.test (new Dataset(inputs, targets)))["accuracy"]
let same = (Application.predict inputs restored).allclose(Application.predict inputs trained)

printfn $"{Native.describe ()}"
printfn $"learned: {accuracy > 0.9}"
printfn $"restored: {same}"
