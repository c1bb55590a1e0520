/// What a built model costs beside the same network written by hand in TorchSharp.
module Deeplay.Bench.Running

open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Torch
open TorchSharp
open Deeplay.Bench.Measure

/// A multilayer perceptron as one writes it by hand.
type private ByHand(inFeatures: int64, hidden: int64, outFeatures: int64) as this =
    inherit torch.nn.Module<torch.Tensor, torch.Tensor>("ByHand")
    let first = torch.nn.Linear(inFeatures, hidden)
    let firstActivation = torch.nn.ReLU()
    let second = torch.nn.Linear(hidden, hidden)
    let secondActivation = torch.nn.ReLU()
    let last = torch.nn.Linear(hidden, outFeatures)
    do this.RegisterComponents()

    override _.forward input =
        use flat = input.flatten 1L
        use a = first.call flat
        use b = firstActivation.call a
        use c = second.call b
        use d = secondActivation.call c
        last.call d

let private options = { Build.defaults with Device = "cpu" }

let private built inFeatures hidden outFeatures =
    Components.multiLayerPerceptron inFeatures [ hidden; hidden ] outFeatures |> Build.run options
    :?> torch.nn.Module<torch.Tensor, torch.Tensor>

let private forward (model: torch.nn.Module<torch.Tensor, torch.Tensor>) (input: torch.Tensor) () =
    use _scope = torch.NewDisposeScope()
    use _noGrad = torch.no_grad ()
    model.call input |> ignore

let private trainingStep (model: torch.nn.Module<torch.Tensor, torch.Tensor>) (input: torch.Tensor) =
    let loss = torch.nn.CrossEntropyLoss()
    let optimizer = torch.optim.Adam(model.parameters (), 1e-3)
    let targets = torch.randint (10L, [| input.shape[0] |])

    fun () ->
        use _scope = torch.NewDisposeScope()
        optimizer.zero_grad ()
        let result = loss.call (model.call input, targets)
        result.backward ()
        optimizer.step () |> ignore

/// All figures of built models.
let figures () =
    [
        for inFeatures, hidden, batch in [ 64, 32, 32L; 784, 256, 64L ] do
            use deeplay = built inFeatures hidden 10
            use hand = new ByHand(int64 inFeatures, int64 hidden, 10L)
            let input = torch.randn (batch, int64 inFeatures)
            let name = $"mlp_{inFeatures}_{hidden}_batch_{batch}"

            yield ratio 201 (forward deeplay input) (forward hand input) |> atMost 1.05 $"{name}_forward_over_by_hand"

            let ours, byHand = trainingStep deeplay input, trainingStep hand input
            yield ratio 201 ours byHand |> atMost 1.05 $"{name}_training_step_over_by_hand"

            yield bytes ours / bytes byHand |> atMost 1.05 $"{name}_training_step_managed_bytes_over_by_hand"
    ]
