/// Parameters that an optimizer steps otherwise than the rest. Reference: PyTorch's documentation of torch.optim, "per-parameter
/// options": what a group says goes for its parameters, everything else is the optimizer's.
module Deeplay.Tests.GroupTests

open System
open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Torch
open TorchSharp
open Expecto
open Deeplay.Tests
open Deeplay.Tests.LoweringHelp
open Deeplay.Tests.TrainingHelp

let private group selector settings =
    let configure spec (name: string, value: Value) = Module.configure name value spec
    List.fold configure (Optimizers.parameterGroup selector) settings

let private model = Layers.sequential [ Layers.linear 2 2; Layers.batchNorm1d; Layers.linear 2 2 ]

let private optimizer kind groups =
    kind |> Module.configure "param_groups" (Value.List [ for group in groups -> Value.Module group ])

let private build optimizer =
    let spec = Applications.classifier 2 model |> steppedBy optimizer
    Application.build (optionsFor []) [ 2L ] spec

// By how much each parameter changes in one step of SGD with gradients and values of 1.
let private stepped (application: Application) =
    for _, parameter in parametersOf application.Module do
        use _noGrad = torch.no_grad ()
        parameter.fill_ (Numbers.one) |> ignore
        if parameter.requires_grad then parameter.grad <- torch.ones_like parameter

    application.Optimizer.Step()

    Map.ofList
        [
            for name, parameter in parametersOf application.Module ->
                name, Math.Round(1.0 - (numbers parameter).Head, 5)
        ]

let private changes optimizer =
    use application = build optimizer
    stepped application

[<Tests>]
let tests =
    torchTests
        "GroupTests"
        [
            testCase "what a group says goes for what it selects, and the rest is the optimizer's" (fun () ->
                let sgd = Optimizers.sgd 0.1 |> Module.configure Optimizers.weightDecay 0.5

                let found =
                    optimizer
                        sgd
                        [
                            group ".../bias, *[BatchNorm1d]" [ "weight_decay" => 0.0 ]
                            group "model/2" [ "lr" => 0.01 ]
                        ]
                    |> changes

                // A step is lr * (1 + weight_decay); the last bias is in both groups.
                [
                    "model.0.weight", 0.15
                    "model.0.bias", 0.1
                    "model.1.weight", 0.1
                    "model.1.bias", 0.1
                    "model.2.weight", 0.015
                    "model.2.bias", 0.01
                ]
                |> Map.ofList
                |> Assert.equal found)

            testCase "of several groups the later one wins" (fun () ->
                let found =
                    optimizer (Optimizers.sgd 0.1) [ group "model" [ "lr" => 0.2 ]; group "model/0" [ "lr" => 0.3 ] ]
                    |> changes

                Assert.equal 0.3 found["model.0.weight"]
                Assert.equal 0.2 found["model.2.weight"])

            testCase "what is frozen has no gradient and stays, through a whole run" (fun () ->
                use data = points ()
                let frozen = optimizer (Optimizers.sgd 0.1) [ group "model/0" [ "frozen" => true ] ]
                use before = build frozen
                Assert.isFalse (before.Module.get_parameter("model.0.weight").requires_grad)
                use application = Application.fit (options 2) data (before.Spec)
                use again = Application.fit { options 2 with MaxEpochs = 0 } data (before.Spec)
                let at name (of': Application) = numbers (of'.Module.get_parameter name)

                for name in [ "model.0.weight"; "model.0.bias" ] do
                    Assert.equal (at name again) (at name application)

                Assert.notEqual (at "model.2.weight" again) (at "model.2.weight" application))

            testCase "an optimizer steps those parameters alone that it names" (fun () ->
                let found = Optimizers.sgd 0.1 |> Module.configure "parameters" "model/2" |> changes
                Assert.equal 0.0 found["model.0.weight"]
                Assert.equal 0.1 found["model.2.weight"])

            testCase "a schedule and a new step size go for each group from its own" (fun () ->
                use application = build (optimizer (Optimizers.sgd 0.1) [ group "model/2" [ "lr" => 0.01 ] ])
                application.Optimizer.LearningRate <- 0.2
                let found = stepped application
                Assert.equal 0.2 found["model.0.weight"]
                Assert.equal 0.02 found["model.2.weight"]

                // StepLR halves both: 0.1 and 0.01, 0.05 and 0.005.
                application.Optimizer.Stepping.Set(fun lr -> { LearningRate = lr / 2.0; Momentum = ValueNone })
                let found = stepped application
                Assert.equal 0.05 found["model.0.weight"]
                Assert.equal 0.005 found["model.2.weight"])

            testCase "what a group keeps is saved, and a run goes on" (fun () ->
                inFile (fun path ->
                    use data = points ()
                    let groups = [ group ".../bias" [ "lr" => 0.05; "betas" => [ 0.5; 0.9 ] ] ]
                    let spec = classifier [ Layers.linear 2 8; Layers.linear 8 2 ]
                    let spec = spec |> steppedBy (optimizer (Optimizers.adam 0.01) groups)
                    use whole = Application.fit (options 4) data spec
                    use half = Application.fit (options 2) data spec
                    Application.save path half
                    use loaded = Application.load "cpu" path
                    Application.fitMore (options 2) data loaded
                    Assert.equal (weights whole) (weights loaded)))

            testCase "a group that means nothing, or says what nobody reads, is an error" (fun () ->
                let fails (parts: string list) optimizer =
                    let error = Assert.throws<DeeplayException>(fun () -> (build optimizer :> IDisposable).Dispose())

                    for part in parts do
                        Assert.containsText part error.Message

                let sgd = Optimizers.sgd 0.1
                fails [ "modle"; "model" ] (optimizer sgd [ group "modle/0" [ "lr" => 0.1 ] ])
                fails [ "no parameters" ] (optimizer sgd [ group "loss" [ "lr" => 0.1 ] ])

                fails
                    [ "ParameterGroup"; "betas"; "SGD" ]
                    (optimizer sgd [ group "model" [ "betas" => [ 0.5; 0.5 ] ] ])

                fails [ "ParameterGroup"; "Linear" ] (optimizer sgd [ Layers.linear 1 1 ])
                fails [ "selector" ] (optimizer sgd [ group "model//0" [ "lr" => 0.1 ] ]))
        ]
