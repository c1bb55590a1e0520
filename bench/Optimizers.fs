/// A step of an optimizer over 200 parameters beside TorchSharp's own.
module Deeplay.Bench.Optimizers

open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Torch
open TorchSharp
open Deeplay.Bench.Measure

// A hundred layers of 16 times 16 are 200 parameters.
let private layers = 100

let private options = { Build.defaults with Device = "cpu" }

let private withGradients (network: torch.nn.Module) =
    for parameter in network.parameters () do
        parameter.grad <- torch.randn_like parameter

let private figure name (spec: ModuleSpec) (own: Modules.Parameter seq -> torch.optim.Optimizer) =
    let model = Layers.sequential [ for _ in 1..layers -> Layers.linear 16 16 ]

    let application spec =
        Application.build
            options
            [ 16L ]
            (Applications.regressor model |> Module.select "optimizer" (Module.replace spec))

    use ours = application spec
    use theirs = application spec
    withGradients ours.Module
    withGradients theirs.Module
    use optimizer = own (theirs.Module.parameters ())

    ratio 101 ours.Optimizer.Step (fun () -> optimizer.step () |> ignore)
    |> atMost 0.25 $"{name}_step_200_parameters_over_torchsharp"

/// All figures of optimizers.
let figures () =
    [
        figure "adam" (Optimizers.adam 1e-3) (fun parameters -> torch.optim.Adam(parameters, 1e-3))
        figure "adamw" (Optimizers.adamW 1e-3) (fun parameters -> torch.optim.AdamW(parameters, 1e-3))
        figure "sgd" (Optimizers.sgd 1e-3 |> Module.configure "momentum" 0.9) (fun parameters ->
            torch.optim.SGD(parameters, 1e-3, momentum = 0.9))
    ]
