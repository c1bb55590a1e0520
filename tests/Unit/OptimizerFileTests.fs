/// What optimizers of loops of one's own keep, in files. Reference: the loop that was not left.
module Deeplay.Tests.OptimizerFileTests

open System.IO
open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Torch
open TorchSharp
open Expecto
open Deeplay.Tests
open Deeplay.Tests.LoweringHelp
open Deeplay.Tests.TrainingHelp

let private make (widths: int list) : torch.nn.Module<Tensor, Tensor> =
    torch.manual_seed 3L |> ignore
    Components.multiLayerPerceptron 2 widths 1 |> Module.build "cpu"

let private learn times (net: torch.nn.Module<Tensor, Tensor>) (optimizer: Optimizer) =
    use _scope = torch.NewDisposeScope()
    let x, y = fill [ 6L; 2L ] 0.3, fill [ 6L; 1L ] 0.7

    for _ in 1..times do
        optimizer.Step(fun () -> torch.nn.functional.mse_loss (net.call x, y))

let private parameters net = [ for name, p in parametersOf net -> name, numbers p ]

let private copy (from: torch.nn.Module) (into: torch.nn.Module) =
    use _noGrad = torch.no_grad ()

    for (_, a), (_, b) in List.zip (parametersOf from) (parametersOf into) do
        b.copy_ a |> ignore

let private momentum = Optimizers.sgd 0.1 |> Module.configure Optimizers.momentum 0.9
let private searching = Optimizers.lbfgs 1.0 |> Module.configure "max_iter" 3

let private state (optimizer: Optimizer) = [ for name, tensor in optimizer.Stepping.State -> name, numbers tensor ]

[<Tests>]
let tests =
    torchTests
        "OptimizerFileTests"
        [
            testCase "a loop that goes on from a file is the loop that was not left, bit for bit" (fun () ->
                for spec in
                    [
                        Optimizers.adam 0.01
                        Optimizers.adam 0.01 |> Module.configure Optimizers.amsgrad true
                        momentum
                        Optimizers.sgd 0.1
                        searching
                        searching |> Module.configure "line_search_fn" "strong_wolfe"
                        Optimizers.rmsProp 0.01
                    ] do
                    use whole = make [ 4 ]
                    use steps = spec |> Optimizer.create whole
                    learn 2 whole steps
                    steps.LearningRate <- steps.LearningRate / 3.0

                    inFile (fun path ->
                        Optimizer.save path steps
                        use other = make [ 4 ]
                        copy whole other
                        use resumed = spec |> Optimizer.create other
                        Optimizer.load path resumed
                        Assert.equal steps.LearningRate resumed.LearningRate
                        Assert.equal (state steps) (state resumed)

                        // One that had gone on loses what it kept.
                        use third = make [ 4 ]
                        use used = spec |> Optimizer.create third
                        learn 5 third used
                        copy whole third
                        Optimizer.load path used
                        let before = liveTensors ()
                        Optimizer.load path used
                        Assert.equal before (liveTensors ())
                        learn 3 whole steps
                        learn 3 other resumed
                        learn 3 third used
                        Assert.equal (parameters whole) (parameters other)
                        Assert.equal (parameters whole) (parameters third)))

            testCase "before the first step there is nothing but the step size" (fun () ->
                for spec in [ Optimizers.adam 0.01; searching ] do
                    use net = make [ 4 ]
                    use fresh = spec |> Optimizer.create net

                    inFile (fun path ->
                        Optimizer.save path fresh
                        let used = spec |> Module.configure Optimizers.lr 0.5 |> Optimizer.create net
                        use used = used
                        learn 2 net used
                        Optimizer.load path used
                        Assert.equal fresh.LearningRate used.LearningRate
                        Assert.equal [] (state used)))

            testCase "an optimizer of an application has it as well" (fun () ->
                use data = points ()
                use application = Application.fit (options 2) data (classifier [ Layers.linear 2 2 ])

                inFile (fun path ->
                    Optimizer.save path application.Optimizer
                    let texts, tensors = Safetensors.load path
                    Assert.equal "Adam" texts["deeplay.optimizer.kind"]
                    use _step = tensors["model.0.weight.step"]
                    Assert.equal [ 8.0 ] (numbers tensors["model.0.weight.step"])

                    for tensor in tensors.Values do
                        tensor.Dispose()))

            testCase "what is of another optimizer, or broken, is an error that changes nothing" (fun () ->
                use net = make [ 4 ]
                use adam = Optimizers.adam 0.01 |> Optimizer.create net
                learn 2 net adam

                inFile (fun path ->
                    Optimizer.save path adam
                    let texts, tensors = Safetensors.load path

                    let refused (spec: ModuleSpec) (other: torch.nn.Module<Tensor, Tensor>) =
                        use optimizer = spec |> Optimizer.create other
                        learn 1 other optimizer
                        let before = optimizer.LearningRate, state optimizer
                        let found = Recorded.problem (fun () -> Optimizer.load path optimizer)
                        Assert.equal before (optimizer.LearningRate, state optimizer)
                        found

                    Assert.containsText "what AdamW keeps, found that of Adam" (refused (Optimizers.adamW 0.01) net)
                    use wide = make [ 5 ]

                    Assert.containsText
                        "blocks.0.layer.weight: expected float32 (5, 2), found float32 (4, 2)"
                        (refused (Optimizers.adam 0.01) wide)

                    use deep = make [ 4; 4 ]

                    Assert.containsText
                        "what is kept of 'blocks.2.layer.weight'"
                        (refused (Optimizers.adam 0.01) deep)

                    use flat = torch.nn.Linear(2L, 1L) :> torch.nn.Module<Tensor, Tensor>
                    Assert.containsText "'blocks.0.layer.weight'" (refused (Optimizers.adam 0.01) flat)

                    let write texts tensors = Safetensors.save path texts (Map.toList tensors)
                    let adam = Optimizers.adam 0.01
                    let kept = "blocks.0.layer.weight.exp_avg"

                    for change, expected in
                        [
                            (fun () -> write (Map.remove "deeplay.optimizer.kind" texts) tensors),
                            "the entry 'deeplay.optimizer.kind'"
                            (fun () -> write (Map.add "deeplay.optimizer.format" "7" texts) tensors), "found format 7"
                            (fun () -> write (Map.add "deeplay.optimizer.lr" "-1" texts) tensors),
                            "a number of at least 0"
                            (fun () -> write (Map.add "deeplay.optimizer.parameters" "x" texts) tensors),
                            "a name and a shape"
                            (fun () -> write texts (Map.remove kept tensors)), $"the tensor '{kept}'"
                            (fun () -> write texts (Map.add kept (torch.zeros 3L) tensors)), kept
                            (fun () -> write texts (Map.add "more" (torch.zeros 3L) tensors)), "'more'"
                            (fun () -> File.WriteAllText(path, "")), path
                            (fun () -> File.Delete path), "nothing at"
                        ] do
                        change ()
                        Assert.containsText expected (refused adam net)

                    for tensor in tensors.Values do
                        tensor.Dispose()))
        ]
