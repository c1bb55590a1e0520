/// Optimizers over modules in loops of one's own. Reference: TorchSharp's optimizers, and what PyTorch's documentation says of groups.
module Deeplay.Tests.OwnLoopTests

open System
open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Torch
open TorchSharp
open Expecto
open Deeplay.Tests
open Deeplay.Tests.LoweringHelp

// Not built here: names and kinds are all that is known of it.
let private byHand () : torch.nn.Module<Tensor, Tensor> =
    torch.nn.Sequential(
        struct ("first", torch.nn.Linear(2L, 3L) :> torch.nn.Module<Tensor, Tensor>),
        struct ("norm", torch.nn.BatchNorm1d 3L :> torch.nn.Module<Tensor, Tensor>),
        struct ("last", torch.nn.Linear(3L, 1L) :> torch.nn.Module<Tensor, Tensor>)
    )

let private group selector settings =
    let configure spec (name: string, value: Value) = Module.configure name value spec
    List.fold configure (Optimizers.parameterGroup selector) settings

let private grouped groups =
    Optimizers.sgd 0.1
    |> Module.configure "param_groups" (Value.List [ for group in groups -> Value.Module group ])

let private twice =
    Definition.create "Twice" [] (fun _ ->
        init {
            let! first = child "first" (Layers.linear 2 2)
            let! again = alias "again" first
            return forward (call first >> call again)
        })
    |> Module.create []

// By how much each parameter changes in one step against gradients of 1.
let private changes (spec: ModuleSpec) (net: torch.nn.Module) =
    use optimizer = Optimizer.create net spec

    let before =
        [
            for name, p in parametersOf net do
                if p.requires_grad then p.grad <- torch.ones_like p
                name, numbers p
        ]

    optimizer.Step()

    Map.ofList
        [
            for (name, before), (_, after) in List.zip before (parametersOf net) ->
                name, Math.Round(before.Head - (numbers after).Head, 5)
        ]

[<Tests>]
let tests =
    torchTests
        "OwnLoopTests"
        [
            testTheory "a loop of one's own steps as TorchSharp's optimizer does" [ true; false ] (fun isBuilt ->
                use _scope = torch.NewDisposeScope()

                let make () =
                    torch.manual_seed 3L |> ignore

                    if isBuilt then
                        Components.multiLayerPerceptron 2 [ 8 ] 1 |> Module.build "cpu"
                    else
                        torch.nn.Sequential(
                            torch.nn.Linear(2L, 3L) :> torch.nn.Module<Tensor, Tensor>,
                            torch.nn.Tanh(),
                            torch.nn.Linear(3L, 1L)
                        )

                let x, y = fill [ 6L; 2L ] 0.3, fill [ 6L; 1L ] 0.7
                let loss (net: torch.nn.Module<Tensor, Tensor>) = torch.nn.functional.mse_loss (net.call x, y)
                use mine = make ()
                use other = make ()
                use optimizer = Optimizers.adam 0.01 |> Optimizer.create mine
                use theirs = torch.optim.Adam(Array.ofSeq (other.parameters ()), lr = 0.01)

                for _ in 1..5 do
                    optimizer.Step(fun () -> loss mine)
                    theirs.zero_grad ()
                    (loss other).backward()
                    theirs.step () |> ignore

                for (name, a), (_, b) in List.zip (parametersOf mine) (parametersOf other) do
                    assertClose name (numbers b) (numbers a))

            testCase "groups go by the names and kinds of the module's parts" (fun () ->
                use net = byHand ()

                let found =
                    changes
                        (grouped
                            [
                                group "last" [ "lr" => 0.01 ]
                                group ".../bias" [ "lr" => 0.02 ]
                                group "[BatchNorm1d]" [ "lr" => 0.5 ]
                            ])
                        net

                [
                    "first.weight", 0.1
                    "first.bias", 0.02
                    "norm.weight", 0.5
                    "norm.bias", 0.5
                    "last.weight", 0.01
                    "last.bias", 0.02
                ]
                |> Map.ofList
                |> Assert.equal found

                // A kind of the library's is one of those that it is a special case of.
                let layers = grouped [ group "[Layer]" [ "lr" => 0.25 ] ]
                Assert.equal [ 0.25 ] (changes layers net |> Map.values |> Seq.distinct |> List.ofSeq)
                let only = Optimizers.sgd 0.1 |> Module.configure "parameters" "norm"
                Assert.equal (0.0, 0.1) ((changes only net)["first.weight"], (changes only net)["norm.bias"]))

            testCase "what is shared is stepped once, and found under each of its names" (fun () ->
                use net = twice |> Module.build "cpu"
                Assert.equal [ "first.bias"; "first.weight" ] (List.sort (List.map fst (parametersOf net)))

                for name in [ "first"; "again"; "again/weight, bias" ] do
                    let found = changes (grouped [ group name [ "lr" => 0.3 ] ]) net
                    Assert.equal (Map.ofList [ "first.weight", 0.3; "first.bias", 0.3 ]) found)

            testCase "what is frozen gets no gradient" (fun () ->
                use net = byHand ()
                let found = changes (grouped [ group "first" [ "frozen" => true ] ]) net
                Assert.isFalse (net.get_parameter("first.weight").requires_grad)
                Assert.equal (0.0, 0.1) (found["first.weight"], found["last.weight"]))

            testCase "LBFGS finds the minimum of a function" (fun () ->
                use _scope = torch.NewDisposeScope()
                use net = torch.nn.Linear(1L, 1L)
                // The line through (0, 1) and (1, 3), by hand: the slope is 2.
                let x, y =
                    torch.tensor([| 0f; 1f; 2f |]).reshape(3L, 1L), torch.tensor([| 1f; 3f; 5f |]).reshape(3L, 1L)

                use optimizer =
                    Optimizers.lbfgs 1.0 |> Module.configure "line_search_fn" "strong_wolfe" |> Optimizer.create net

                for _ in 1..3 do
                    optimizer.Step(fun () -> torch.nn.functional.mse_loss (net.call x, y))

                assertClose "line" [ 2.0; 1.0 ] (numbers net.weight @ numbers net.bias))

            testCase "what it keeps goes with it, and the module stays" (fun () ->
                use net = byHand ()
                let alive = liveTensors ()
                let optimizer = Optimizers.adam 1e-3 |> Optimizer.create net
                use x = torch.ones (4L, 2L)

                for _ in 1..2 do
                    use _scope = torch.NewDisposeScope()
                    optimizer.Step(fun () -> (net.call x).mean())

                Assert.isTrue (liveTensors () > alive + 1L)
                optimizer.ZeroGrad()
                (optimizer :> IDisposable).Dispose()
                x.Dispose()
                Assert.equal alive (liveTensors ())
                Assert.equal 6 (parametersOf net).Length)

            testCase "what can't be is a typed error" (fun () ->
                use net = byHand ()
                let fails expected (work: unit -> Optimizer) = Assert.containsText expected (DataHelp.message work)
                fails "the root (Linear): it is no optimizer." (fun () -> Layers.linear 1 1 |> Optimizer.create net)
                use empty = torch.nn.ReLU()
                fails "it has no parameters to train." (fun () -> Optimizers.adam 1e-3 |> Optimizer.create empty)

                fails "'frist'" (fun () ->
                    Optimizers.adam 1e-3 |> Module.configure "parameters" "frist" |> Optimizer.create net)

                fails "first" (fun () ->
                    Optimizers.adam 1e-3 |> Module.configure "parameters" "frist" |> Optimizer.create net))
        ]
