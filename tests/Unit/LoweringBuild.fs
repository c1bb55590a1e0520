/// Building: names, sharing, independence, hooks, initializers.
module Deeplay.Tests.LoweringBuild

open System
open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Library
open Deeplay.Torch
open TorchSharp
open Expecto
open Deeplay.Tests

open Deeplay.Tests.LoweringHelp

let private linear (ins: int) (outs: int) =
    Module.create [ Linear.inFeatures => ins; Linear.outFeatures => outs ] Linear.definition

let private mlp = Components.multiLayerPerceptron 2 [ 4 ] 3

// golden/mlp_default.json
let private mlpParameters =
    [
        "blocks.0.layer.weight", [ 4L; 2L ]
        "blocks.0.layer.bias", [ 4L ]
        "blocks.1.layer.weight", [ 3L; 4L ]
        "blocks.1.layer.bias", [ 3L ]
    ]

let private shapesOf built = [ for name, p in parametersOf built -> name, shapeOf p ]

// --- Sharing --------------------------------------------------------------------------------------------------

let private tied =
    Definition.create "Tied" [] (fun _ ->
        init {
            let! first = child "first" (linear 2 2)
            let! again = alias "again" first
            return forward (fun x -> call again (call first x))
        })
    |> Module.create []

// --- Initializers -----------------------------------------------------------------------------------------------

let private parameter (built: torch.nn.Module) name = parametersOf built |> List.find (fst >> (=) name) |> snd

let private initialized change =
    build [] (Components.multiLayerPerceptron 30 [ 40 ] 50 |> Module.select ".../layer" change)

let private spread (values: float list) =
    let mean = List.average values
    mean, sqrt (values |> List.averageBy (fun v -> (v - mean) ** 2.0))

let private expectUniform bound (values: float list) =
    for v in values do
        Assert.inRange (-bound) bound v

    let mean, std = spread values
    Assert.inRange (-0.1 * bound) (0.1 * bound) mean
    Assert.inRange (0.9 * bound / sqrt 3.0) (1.1 * bound / sqrt 3.0) std

let private expectNormal mean std (values: float list) =
    let foundMean, foundStd = spread values
    Assert.inRange (mean - 0.15 * std) (mean + 0.15 * std) foundMean
    Assert.inRange (0.9 * std) (1.1 * std) foundStd

[<Tests>]
let tests =
    torchTests
        "LoweringBuild"
        [
            testCase "a perceptron has the parameters that Deeplay's has" (fun () ->
                use built = build [] mlp
                Assert.equal mlpParameters (shapesOf built)
                Assert.empty (buffersOf built)

                // TorchSharp lists them level by level.
                let modules =
                    [ for struct (name, _) in built.named_modules () -> name ] |> List.filter ((<>) "") |> List.sort

                Assert.equal
                    [
                        "blocks"
                        "blocks.0"
                        "blocks.0.activation"
                        "blocks.0.layer"
                        "blocks.1"
                        "blocks.1.activation"
                        "blocks.1.layer"
                    ]
                    modules)

            testCase
                "building twice gives equal names and independent parameters, and leaves the spec as it was"
                (fun () ->
                    let spec = Components.multiLayerPerceptron 2 [ 4 ] 3
                    let untouched = Components.multiLayerPerceptron 2 [ 4 ] 3
                    let text = string spec
                    use first = build [] spec
                    use second = build [] spec
                    Assert.equal (shapesOf first) (shapesOf second)

                    use _ = torch.no_grad ()

                    use seven: Scalar = Scalar.op_Implicit 7.0

                    for _, p in parametersOf first do
                        p.fill_ seven |> ignore

                    for (_, mine), (_, other) in List.zip (parametersOf first) (parametersOf second) do
                        Assert.notSame mine other
                        Assert.doesNotContain 7.0 (numbers other)

                    Assert.equal untouched spec
                    Assert.equal text (string spec))

            testCase "the same seed gives the same parameters" (fun () ->
                torch.manual_seed 3L |> ignore
                use first = build [] mlp
                torch.manual_seed 3L |> ignore
                use second = build [] mlp

                for (_, a), (_, b) in List.zip (parametersOf first) (parametersOf second) do
                    Assert.equal (numbers a) (numbers b))

            testCase "a model made in somebody's dispose scope outlives it" (fun () ->
                let built =
                    use _ = torch.NewDisposeScope()
                    build [] mlp

                use built = built

                for _, p in parametersOf built do
                    Assert.isFalse p.IsInvalid)

            testCase "a build that fails leaves nothing behind" (fun () ->
                let broken =
                    Layers.sequential
                        [
                            linear 2 2
                            Module.create
                                []
                                (Definition.primitive "Nowhere" [] (fun _ inputs ->
                                    Ok { Outputs = inputs; Inferred = [] }))
                        ]

                let before = liveTensors ()

                match errorsOf (fun () -> build [] broken) with
                | [ UnknownName(tag, _, "lowering", "Nowhere", _) ] -> Assert.equal "1" tag.Name
                | other -> failtest ($"%A{other}")

                Assert.equal before (liveTensors ()))

            // --- Sharing -----------------------------------------------------------------------------------
            testCase "a shared module is one module with one parameter, and shows under each of its names" (fun () ->
                use built = build1 [ 1L; 2L ] tied
                let children = [ for struct (name, m) in built.named_children () -> name, m ]
                Assert.equal [ "first"; "again" ] (List.map fst children)
                Assert.same (snd children[0]) (snd children[1])

                // As PyTorch: state_dict has both names.
                let state = built.state_dict ()

                Assert.equal
                    [ "again.bias"; "again.weight"; "first.bias"; "first.weight" ]
                    (state.Keys |> Seq.sort |> List.ofSeq)

                use _ = torch.no_grad ()

                state["first.weight"].copy_(tensorOf [ 2L; 2L ] [ 0.0; 1.0; 1.0; 0.0 ]) |> ignore

                state["first.bias"].copy_(tensorOf [ 2L ] [ 1.0; 0.0 ]) |> ignore
                Assert.equal [ 0.0; 1.0; 1.0; 0.0 ] (numbers state["again.weight"])
                use x = tensorOf [ 1L; 2L ] [ 10.0; 20.0 ]
                use output = built.call x
                Assert.equal [ 11.0; 21.0 ] (numbers output))

            // --- Hooks -------------------------------------------------------------------------------------
            testCase
                "hooks run once a build, from before-build to after-build, in the order they were registered"
                (fun () ->
                    let seen = ResizeArray<string>()

                    let before name =
                        Action.beforeBuild name [] (fun a node ->
                            seen.Add $"{name} {a.Tag}"
                            node)

                    let after name =
                        Action.afterBuild name [] (fun a built ->
                            Assert.isTrue (built :? torch.nn.Module)
                            seen.Add $"{name} {a.Tag}")

                    let spec =
                        mlp
                        |> Module.select "blocks.1.layer" (Module.hook (after "after 1") [])
                        |> Module.select "blocks.0.layer" (Module.hook (before "before 1") [])
                        |> Module.select "blocks.0.layer" (Module.hook (after "after 2") [])
                        |> Module.hook (after "after root") []
                        |> Module.hook (before "before root") []
                        |> Module.select "blocks.0.layer" (Module.hook (after "after 3") [])
                        |> Module.select "blocks.0.layer" (Module.hook (before "before 2") [])

                    Module.construct spec |> ignore
                    Assert.empty seen

                    let expected =
                        [
                            "before 1 blocks.0.layer"
                            "before 2 blocks.0.layer"
                            "before root "
                            "after root "
                            "after 2 blocks.0.layer"
                            "after 3 blocks.0.layer"
                            "after 1 blocks.1.layer"
                        ]

                    use _first = build [] spec
                    Assert.equal expected (List.ofSeq seen)
                    use _second = build [] spec
                    Assert.equal (expected @ expected) (List.ofSeq seen))

            testCase "an after-build hook of a shared module runs once, on the module itself" (fun () ->
                let seen = ResizeArray<obj>()
                let note = Action.afterBuild "note" [] (fun _ built -> seen.Add built)

                use built = build [ [ 1L; 2L ] ] (tied |> Module.select "first" (Module.hook note []))

                Assert.same
                    (built.get_parameter "first.weight")
                    ((Seq.exactlyOne seen :?> torch.nn.Module).get_parameter "weight"))

            // --- Initializers ------------------------------------------------------------------------------
            testCase "constant writes its weight to weights and its bias to biases" (fun () ->
                use built =
                    initialized (Initializer.constant [ Initializer.weight => Some 1.0; Initializer.bias => Some 0.0 ])

                for name, p in parametersOf built do
                    let expected = if name.EndsWith "bias" then 0.0 else 1.0

                    for v in numbers p do
                        Assert.equal expected v

                    Assert.isTrue p.requires_grad)

            testCase "a bias that is not given stays what it was" (fun () ->
                torch.manual_seed 5L |> ignore
                use plain = build [] mlp
                torch.manual_seed 5L |> ignore
                use built = build [] (mlp |> Module.select ".../layer" (Initializer.constant []))

                for v in numbers (parameter built "blocks.0.layer.weight") do
                    Assert.equal 1.0 v

                Assert.equal
                    (numbers (parameter plain "blocks.0.layer.bias"))
                    (numbers (parameter built "blocks.0.layer.bias")))

            testCase "the bounds and spreads are PyTorch's" (fun () ->
                torch.manual_seed 1L |> ignore
                // (40, 30) and (50, 40): outputs first.
                let weight built = numbers (parameter built "blocks.0.layer.weight")

                let check change (expect: float list -> unit) =
                    use built = initialized change
                    expect (weight built)

                check (Initializer.normal [ Initializer.mean => 2.0; Initializer.std => 0.5 ]) (expectNormal 2.0 0.5)

                check (Initializer.normal []) (expectNormal 0.0 1.0)

                check (Initializer.uniform [ Initializer.low => -0.25; Initializer.high => 0.25 ]) (expectUniform 0.25)

                check (Initializer.uniform []) (List.map (fun v -> 2.0 * v - 1.0) >> expectUniform 1.0)
                check (Initializer.xavierUniform []) (expectUniform (sqrt (6.0 / 70.0)))

                check
                    (Initializer.xavierNormal [ Initializer.gain => 2.0 ])
                    (expectNormal 0.0 (2.0 * sqrt (2.0 / 70.0)))

                check (Initializer.kaimingUniform []) (expectUniform (sqrt (6.0 / 30.0)))

                check (Initializer.kaimingUniform [ Initializer.slope => sqrt 5.0 ]) (expectUniform (1.0 / sqrt 30.0))

                check
                    (Initializer.kaimingNormal [ Initializer.mode => "fan_out"; Initializer.nonlinearity => "tanh" ])
                    (expectNormal 0.0 (5.0 / 3.0 / sqrt 40.0)))

            testCase "the widths of a convolution count the positions of its kernel" (fun () ->
                torch.manual_seed 1L |> ignore

                let conv =
                    Module.create
                        [ Conv2d.inChannels => 10; Conv2d.outChannels => 20; Conv2d.kernelSize => [ 3 ] ]
                        Conv2d.definition

                use built = build [] (conv |> Initializer.kaimingNormal [ Initializer.nonlinearity => "relu" ])

                expectNormal 0.0 (sqrt (2.0 / 90.0)) (numbers (parameter built "weight")))

            testCase "orthogonal rows, or columns where there are fewer" (fun () ->
                use wide = build [] (linear 5 3 |> Initializer.orthogonal [ Initializer.gain => 2.0 ])

                use tall = build [] (linear 3 5 |> Initializer.orthogonal [ Initializer.gain => 2.0 ])

                use w = (parameter wide "weight").detach()
                use t = (parameter tall "weight").detach()
                use wt = w.t ()
                use tt = t.t ()
                use rows = w.matmul wt
                use columns = tt.matmul t

                let four =
                    [
                        for i in 0..2 do
                            for j in 0..2 -> if i = j then 4.0 else 0.0
                    ]

                assertClose "rows" four (numbers rows)
                assertClose "columns" four (numbers columns))

            testCase "a layer without the tensor is an error that names it" (fun () ->
                let spec = mlp |> Module.select "blocks.0.activation" (Initializer.normal [])

                match errorsOf (fun () -> build [] spec) with
                | [ UnknownName(tag, "ReLU", "tensor", "weight", _) ] ->
                    Assert.equal "blocks.0.activation" (string tag)
                | other -> failtest ($"%A{other}")

                let noBias =
                    linear 2 3
                    |> Module.configure Linear.bias false
                    |> Initializer.constant [ Initializer.bias => Some 0.0 ]

                match errorsOf (fun () -> build [] noBias) with
                | [ UnknownName(_, "Linear", "tensor", "bias", [ "weight" ]) ] -> ()
                | other -> failtest ($"%A{other}"))

            testCase "widths of a vector can't be had, and are an error" (fun () ->
                let norm = Module.create [ "num_features", Int 3L ] BatchNorm1d.definition

                match errorsOf (fun () -> build [] (norm |> Initializer.xavierNormal [])) with
                | [ WrongShape(_, "BatchNorm1d", _, "(3,)") ] -> ()
                | other -> failtest ($"%A{other}"))

            testCase "a module made of others passes it on to every tensor below" (fun () ->
                use built = build [] (mlp |> Initializer.constant [ Initializer.weight => Some 0.5 ])

                for v in numbers (parameter built "blocks.0.layer.weight") do
                    Assert.equal 0.5 v

                for v in numbers (parameter built "blocks.1.layer.weight") do
                    Assert.equal 0.5 v)

            testCase "the tensors are those that are named" (fun () ->
                let embedding =
                    linear 2 2
                    |> Initializer.uniform
                        [ Initializer.tensors => [ "bias" ]; Initializer.low => 3.0; Initializer.high => 4.0 ]

                use built = build [] embedding

                for v in numbers (parameter built "bias") do
                    Assert.inRange 3.0 4.0 v

                for v in numbers (parameter built "weight") do
                    Assert.inRange (-1.0) 1.0 v)

            testCase "an initializer is saved with its spec and found again" (fun () ->
                let spec =
                    mlp |> Module.select ".../layer" (Initializer.kaimingNormal [ Initializer.nonlinearity => "relu" ])

                let registry = Registry.union Library.registry Initializer.registry
                let text = Fail.unwrap (Codec.encode spec)
                let read = Fail.unwrap (Codec.decode registry text)
                Assert.equal spec read

                match Codec.decode Library.registry text with
                | Error _ -> ()
                | Ok _ -> failtest "an unknown action was accepted")
        ]
