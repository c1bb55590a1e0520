/// Parameters and buffers of a module's own, sizes in its forward pass, and what differs between training and evaluation.
module Deeplay.Tests.OwnTests

open System
open System.Text.Json
open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Torch
open TorchSharp
open Expecto
open Deeplay.Tests
open Deeplay.Tests.LoweringHelp
open Deeplay.Tests.TrainingHelp
open Deeplay.Tests.OwnModules

type private Layer = torch.nn.Module<torch.Tensor, torch.Tensor>

/// What PyTorch gave: reference/own.json.
let cases = Recorded.items ((Recorded.read "reference" "own").GetProperty "cases")
let private floats (json: JsonElement) = [ for item in Recorded.items json -> item.GetDouble() ]
let nameOf (case: JsonElement) = (case.GetProperty "name").GetString()

let private checkCall (built: Layer) i (recorded: JsonElement) =
    use _ = torch.NewDisposeScope()
    let x = fill (Recorded.sizes (recorded.GetProperty "input")) (0.1 * float i)
    x.requires_grad <- true
    built.zero_grad ()
    let y = built.call x
    Assert.equal (Recorded.sizes (recorded.GetProperty "shape")) (shapeOf y)
    assertClose "output" (floats (recorded.GetProperty "output")) (numbers y)
    (y * fill (shapeOf y) 0.5).sum().backward()
    let gradients = x.grad :: [ for p in built.parameters () -> p.grad ]

    for expected, found in List.zip (Recorded.items (recorded.GetProperty "gradients")) gradients do
        assertClose "gradient" (floats expected) (numbers found)

    for expected, (name, found) in List.zip (Recorded.items (recorded.GetProperty "buffers")) (buffersOf built) do
        assertClose name (floats expected) (numbers found)

/// Fails where a module that has the state of a recorded case gives anything else.
let checkCase (built: Layer) (case: JsonElement) =
    built.train ((case.GetProperty "training").GetBoolean())

    let state =
        [
            for item in Recorded.items (case.GetProperty "state") do
                let parts = Recorded.items item
                (parts[0].GetString(), Recorded.sizes parts[1])
        ]

    Assert.equal (Map.ofList state) (Map.ofSeq [ for KeyValue(name, t) in built.state_dict () -> name, shapeOf t ])
    Assert.equal (Recorded.texts (case.GetProperty "parameters")) (parametersOf built |> List.map fst)
    use _ = torch.no_grad ()

    parametersOf built
    |> List.iteri (fun i (_, p) -> p.copy_ (fill (shapeOf p) (1.0 + float i)) |> ignore)

    use _ = torch.enable_grad ()
    Recorded.items (case.GetProperty "calls") |> List.iteri (checkCall built)

/// A module without parameters of its kind, of which the forward pass is this.
let private ofInit (body: Init<Forward>) = Definition.create "Own" [] (fun _ -> body) |> Module.create []

let private buildOne (spec: ModuleSpec) = build [] spec :?> Layer

[<Tests>]
let tests =
    torchTests
        "Own"
        [
            testTheory
                "what an author writes gives PyTorch's numbers"
                (cases |> List.map nameOf |> List.distinct)
                (fun name ->
                    use _ = torch.NewDisposeScope()
                    use built = buildOne (spec name)
                    // The second case of one name goes on with the module of the first.
                    for case in cases do
                        if nameOf case = name then checkCase built case)

            testCase "shapes go through own parameters and sizes, and none is baked in" (fun () ->
                Assert.equal [ 7L; 4L; 4L ] (Module.inferShape [ 7; 3; 4 ] (spec "Tokens"))
                Assert.equal [ 2L; 9L; 4L ] (Module.inferShape [ 2; 9; 4 ] (spec "CausalSelfAttention"))

                // A sequence of 9 has no positions beyond the sixth.
                match errorsOf (fun () -> Module.inferShape [ 2; 9; 4 ] (spec "Tokens")) with
                | [ WrongShape(_, "Tokens", expected, found) ] ->
                    Assert.equal "10 elements from 0 on in dimension 1" expected
                    Assert.equal "(1, 6, 4)" found
                | other -> failtest $"{other}")

            testCase "they count, and are listed" (fun () ->
                let summary = spec "Tokens" |> Module.summarize [ [ 2; 5; 4 ] ]
                Assert.equal (4L + 24L + 20L) summary.Parameters
                Assert.equal 28L summary.Rows.Head.Parameters

                Assert.equal
                    "%0 = input input\n%1 = size(0) %0\n%2 = own 'cls_token'\n%3 = expand(%1, -1, -1) %2"
                    (String.Join(
                        "\n",
                        (Graph.describe (Module.construct (spec "Tokens")).Graph.Value).Split('\n')[..3]
                    )))

            testCase "an equal spec comes back from JSON" (fun () ->
                let registry = Registry.add tokens Registries.standard
                let text = Module.toJson (spec "Tokens")
                Assert.equal (spec "Tokens") (Module.ofJsonWith registry text))

            testCase "they go where the module goes, and a call finds them there" (fun () ->
                use _ = torch.NewDisposeScope()
                use built = buildOne (spec "Tokens")
                let before = (built.call (torch.ones ([| 1L; 2L; 4L |]))).``to`` torch.float64
                built.``to`` torch.float64 |> ignore
                let after = built.call (torch.ones ([| 1L; 2L; 4L |], dtype = torch.float64))
                Assert.equal torch.float64 after.dtype
                assertClose "moved" (numbers before) (numbers after))

            testCase "a call leaves nothing behind, and neither do updates" (fun () ->
                use built = buildOne (spec "Centered")
                use x = fill [ 4L; 3L ] 0.0

                let once () =
                    use _ = torch.no_grad ()
                    use y = built.call x
                    ()

                once ()
                let before = liveTensors ()
                once ()
                built.eval ()
                once ()
                Assert.equal before (liveTensors ()))

            testCase "a buffer that is not persistent is not saved" (fun () ->
                let spec =
                    ofInit (
                        init {
                            let! a = bufferOf DType.Float32 false "a" [ 2 ] Initial.ones
                            let! b = buffer "b" [ 2 ] (Initial.numbers [ 1.0; 2.0 ])
                            return forward (fun x -> x + a + b)
                        }
                    )

                for spec in [ spec; Module.logOutput "kept" spec ] do
                    use _ = torch.NewDisposeScope()
                    use built = buildOne spec
                    Assert.equal [ "b" ] [ for KeyValue(name, _) in built.state_dict () -> name ]
                    built.``to`` torch.float64 |> ignore
                    let y = built.call (torch.zeros (2L, dtype = torch.float64))
                    Assert.equal torch.float64 y.dtype
                    assertClose "sum" [ 2.0; 3.0 ] (numbers y))

            testCase "what a module has of its own outlives the scope that it was made in" (fun () ->
                let built =
                    use _ = torch.NewDisposeScope()

                    buildOne (
                        ofInit (
                            init {
                                let! a = bufferOf DType.Float32 false "a" [ 2 ] Initial.ones
                                let! b = buffer "b" [ 2 ] Initial.ones
                                let! c = parameter "c" [ 2 ] Initial.ones
                                return forward (fun x -> x + a + b + c)
                            }
                        )
                    )

                use built = built
                use x = torch.zeros 2L
                use _ = torch.no_grad ()
                use y = built.call x
                assertClose "sum" [ 3.0; 3.0 ] (numbers y))

            testCase "a module under two names has its parameters once" (fun () ->
                let twice =
                    ofInit (
                        init {
                            let! first = child "first" (spec "RMSNorm")
                            let! again = alias "again" first
                            return forward (call first >> call again)
                        }
                    )

                use built = buildOne twice
                Assert.equal [ "first.weight" ] (parametersOf built |> List.map fst)
                Assert.equal 4L (twice |> Module.summarize [ [ 2; 4 ] ]).Parameters)

            testCase "initializers of a selection write them" (fun () ->
                let written =
                    [ Initializer.tensors => [ "pos_embedding" ]; Initializer.mean => 3.0; Initializer.std => 0.0 ]

                use built = buildOne (spec "Tokens" |> Initializer.normal written)
                let all = Map.ofList (parametersOf built)
                Assert.equal (List.replicate 24 3.0) (numbers all["pos_embedding"])
                Assert.equal (List.replicate 4 0.0) (numbers all["cls_token"]))

            testCase "what is a module's own may be computed with alone, and given back" (fun () ->
                let spec =
                    ofInit (
                        init {
                            let! a = parameter "a" [ 3 ] (Initial.numbers [ 0.0; 1.0; 2.0 ])
                            return forwardMany [ "x" ] (fun _ -> [ Op.softmax 0 a; a ])
                        }
                    )

                use _ = torch.NewDisposeScope()
                use built = build [] spec :?> torch.nn.Module<torch.Tensor[], torch.Tensor[]>
                let outputs = built.call [| torch.ones 1L |]
                let sum = 1.0 + exp 1.0 + exp 2.0
                assertClose "softmax" [ 1.0 / sum; exp 1.0 / sum; exp 2.0 / sum ] (numbers outputs[0])
                // Whoever disposes what was given must not take the parameter along.
                outputs[1].Dispose()
                assertClose "again" [ 0.0; 1.0; 2.0 ] (numbers (Array.last (built.call [| torch.ones 1L |]))))

            testTheory
                "initial values are of their distributions"
                [
                    "normal", Initial.normal 1.0 0.5, 1.0, 0.5
                    "uniform", Initial.uniform -1.0 3.0, 1.0, 4.0 / sqrt 12.0
                    // Standard deviation of a normal distribution between -1 and 1: sqrt(1 - 2 φ(1) / (2 Φ(1) - 1)).
                    "truncated", Initial.truncatedNormal 0.0 1.0 -1.0 1.0, 0.0, 0.5395
                    "xavier", Initial.xavierUniform 1.0, 0.0, sqrt (2.0 / 300.0)
                    "xavier normal", Initial.xavierNormal 2.0, 0.0, 2.0 * sqrt (2.0 / 300.0)
                    "kaiming", Initial.kaimingUniform 0.0, 0.0, sqrt (2.0 / 200.0)
                    "kaiming normal", Initial.kaimingNormal 0.0, 0.0, sqrt (2.0 / 200.0)
                    "orthogonal", Initial.orthogonal 1.0, 0.0, sqrt (1.0 / 200.0)
                ]
                (fun (name, initial, mean, std) ->
                    torch.manual_seed 1L |> ignore
                    use _ = torch.NewDisposeScope()

                    let spec =
                        ofInit (
                            init {
                                let! w = parameter "w" [ 100; 200 ] initial
                                return forward (fun x -> x + w)
                            }
                        )

                    use built = buildOne spec
                    let w = snd (parametersOf built).Head
                    // 20000 numbers: the mean is within five of its standard errors.
                    let bound = 5.0 * std / sqrt 20000.0
                    Expect.isTrue (abs (w.mean().item<float32>() |> float |> (-) mean) < bound) $"{name}: mean"
                    Expect.isTrue (abs (float (w.std().item<float32>()) / std - 1.0) < 0.03) $"{name}: std")

            testCase "what a module can't have is an error of that module" (fun () ->
                for expected, declare in
                    [
                        "can't be the name", parameter "a.b" [ 1 ] Initial.zeros
                        "'a'", parameter "a" [ 1 ] Initial.zeros
                        "at least 0", parameter "c" [ -1 ] Initial.zeros
                        "two dimensions", parameter "c" [ 3 ] (Initial.xavierUniform 1.0)
                        "as many", parameter "c" [ 3 ] (Initial.numbers [ 1.0 ])
                        "floating-point", bufferOf DType.Int64 true "c" [ 3 ] (Initial.normal 0.0 1.0)
                    ] do
                    let spec =
                        ofInit (
                            init {
                                let! _ = parameter "a" [ 1 ] Initial.zeros
                                let! _ = declare
                                return forward id
                            }
                        )

                    let text = Error.describeAll (errorsOf (fun () -> Module.construct spec))
                    Assert.containsText expected text)

            testCase "neither a name twice nor numbers put into a parameter" (fun () ->
                let clash =
                    ofInit (
                        init {
                            let! w = parameter "w" [ 1 ] Initial.zeros
                            let! _ = child "w" (Layers.relu)
                            return forward (fun x -> x + w)
                        }
                    )

                Assert.containsText "'w'" (Error.describeAll (errorsOf (fun () -> Module.construct clash)))

                let trained =
                    ofInit (
                        init {
                            let! w = parameter "w" [ 1 ] Initial.zeros

                            return
                                forward (fun x ->
                                    Op.update w x
                                    x)
                        }
                    )

                Assert.containsText "buffer" (Error.describeAll (errorsOf (fun () -> Module.construct trained))))

            testCase "dropout drops in training mode, and passes on in the other" (fun () ->
                torch.manual_seed 1L |> ignore
                use _ = torch.NewDisposeScope()
                use built = buildOne (ofInit (init { return forward (Op.dropout 0.25 >> Op.square) }))
                let x = torch.ones 10000L
                let y = numbers (built.call x)

                Assert.equal
                    [ 0.0; 1.7777 ]
                    (List.distinct y |> List.map (fun v -> Math.Floor(v * 1e4) / 1e4) |> List.sort)

                let dropped = y |> List.filter ((=) 0.0) |> List.length
                // Five standard deviations of a binomial distribution.
                Expect.isTrue (abs (dropped - 2500) < 217) $"{dropped}"
                built.eval ()
                Assert.equal [ 1.0 ] (List.distinct (numbers (built.call x)))
                built.train ()
                Assert.isTrue ((List.distinct (numbers (built.call x))).Length = 2))

            testCase "what leads to the other mode alone is not called" (fun () ->
                let spec =
                    ofInit (
                        init {
                            let! norm = child "norm" (Layers.batchNorm1d |> Module.configure "num_features" 3)
                            return forward (fun x -> Op.byMode (call norm x) (x * 2.0))
                        }
                    )

                use _ = torch.NewDisposeScope()
                use built = buildOne spec

                let batches () =
                    snd (buffersOf built |> List.find (fun (name, _) -> name.EndsWith "num_batches_tracked"))

                let x = fill [ 4L; 3L ] 0.0
                built.eval ()
                assertClose "doubled" [ for v in numbers x -> 2.0 * v ] (numbers (built.call x))
                built.train ()
                built.call x |> ignore
                Assert.equal 1L (batches().item<int64>()))

            testCase "numbers at random are torch's, of the shape and within the bounds that were said" (fun () ->
                let spec =
                    ofInit (
                        init {
                            return
                                forwardMany [ "x" ] (fun xs ->
                                    let x = xs.Head
                                    let n = Op.size 0 x * 100

                                    [
                                        Op.rand [ n; Op.int 2 ] x
                                        Op.randn [ n ] x
                                        Op.randint 3 7 [ n ] x
                                        Op.randLike x
                                        Op.randnLike x
                                    ])
                        }
                    )

                use _ = torch.NewDisposeScope()
                use built = build [] spec :?> torch.nn.Module<torch.Tensor[], torch.Tensor[]>
                let x = torch.zeros ([| 20L; 3L |])

                let draw () =
                    torch.manual_seed 5L |> ignore
                    built.call [| x |]

                let first, again = draw (), draw ()

                Assert.equal
                    [ [ 2000L; 2L ]; [ 2000L ]; [ 2000L ]; [ 20L; 3L ]; [ 20L; 3L ] ]
                    [ for y in first -> shapeOf y ]

                for a, b in Seq.zip first again do
                    Assert.equal (numbers a) (numbers b)

                let uniform = numbers first[0]

                Assert.isTrue (
                    List.min uniform >= 0.0 && List.max uniform < 1.0 && abs (List.average uniform - 0.5) < 0.03
                )

                let normal = numbers first[1]

                Assert.isTrue (
                    abs (List.average normal) < 0.12 && abs (List.averageBy (fun v -> v * v) normal - 1.0) < 0.16
                )

                Assert.equal [ 3.0; 4.0; 5.0; 6.0 ] (numbers first[2] |> List.distinct |> List.sort))

            testCase "an application with them is trained, one of them frozen, and comes back from its file" (fun () ->
                let own definition = definition |> Module.create [ dim => 2 ]
                let network = Layers.sequential [ own rmsNorm; own centered; own rmsNorm; Layers.linear 2 1 ]
                let frozen = Optimizers.parameterGroup "model/0" |> Module.configure "frozen" true
                let sgd = Optimizers.sgd 0.1 |> Module.configure "param_groups" [ frozen ]
                let spec = Applications.regressor network |> steppedBy sgd
                use data = new Dataset(fill [ 32L; 2L ] 0.3, fill [ 32L; 1L ] 0.7)
                use application = fitted 3 spec data
                let all = Map.ofList (weights application)
                Assert.equal [ 1.0; 1.0 ] all["model.0.weight"]
                Assert.notEqual [ 1.0; 1.0 ] all["model.2.weight"]

                inFile (fun path ->
                    Application.save path application
                    let registry = Registries.standard |> Registry.add rmsNorm |> Registry.add centered
                    use restored = Application.loadWith registry (optionsFor []) path

                    let state (a: Application) =
                        Map.ofSeq [ for KeyValue(name, t) in a.Module.state_dict () -> name, numbers t ]

                    Assert.equal (state application) (state restored)
                    let steps = Map.find "model.1.steps" (state restored)
                    Assert.isTrue (steps.Head >= 3.0)))

            testCase "sizes that fit nothing are errors, before and while it runs" (fun () ->
                let spec =
                    ofInit (
                        init {
                            return forward (fun x -> x |> Op.reshape [ Op.size 0 x / (Op.size 1 x - 1); Op.int -1 ])
                        }
                    )

                match errorsOf (fun () -> Module.inferShape [ 4; 1 ] spec) with
                | [ WrongShape(_, "Own", "a size to divide by", "0") ] -> ()
                | other -> failtest $"{other}"

                use built = buildOne spec
                use x = torch.ones ([| 4L; 1L |])
                Assert.containsText "divide" (Error.describeAll (errorsOf (fun () -> built.call x))))
        ]
