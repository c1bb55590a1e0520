/// What Python Deeplay gets wrong when it is run, shown on the library: blocks, models, building, training, files.
module Deeplay.Tests.Surprises

open System.IO
open System.Reflection
open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Library
open Deeplay.Torch
open TorchSharp
open Expecto
open Deeplay.Tests

open Deeplay.Tests.LoweringHelp

let private perceptron = Components.multiLayerPerceptron 2 [ 4; 4 ] 3

// --- Training --------------------------------------------------------------------------------------------------------

let private options epochs : FitOptions =
    { Fit.defaults with MaxEpochs = epochs; BatchSize = 8L; Seed = Some 3L; Build = optionsFor [] }

/// Points of which the sign of the first number is the class.
let private points (count: int64) =
    let inputs = fill [ count; 2L ] 0.3
    use first = inputs.select (1L, 0L)
    use positive = first.gt (Scalar.op_Implicit 0.0)
    new Dataset(inputs, positive.``to`` torch.int64)

let private classifier = Applications.classifier 2 (Components.multiLayerPerceptron 2 [ 4 ] 2)

// --- Files -----------------------------------------------------------------------------------------------------------

let private inNewFile (work: string -> unit) =
    let path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName())

    try
        work path
    finally
        File.Delete path

[<Tests>]
let tests =
    torchTests
        "Surprises"
        [
            // --- Configuration -----------------------------------------------------------------------------
            testCase "settings made after the first one survive being made anew and built" (fun () ->
                let spec =
                    perceptron
                    |> Module.configure MultiLayerPerceptron.hiddenFeatures [ 5; 6 ]
                    |> Module.select "blocks/0/layer" (Module.configure Linear.bias false)
                    |> Module.select "blocks/1/activation" (Module.become Layers.gelu)
                    |> Module.select "blocks/1" (Block.normalized Layers.batchNorm1d)
                    |> Module.fresh

                use built = build [] spec

                Assert.equal
                    [
                        "blocks.0.layer.weight", [ 5L; 2L ]
                        "blocks.1.layer.weight", [ 6L; 5L ]
                        "blocks.1.layer.bias", [ 6L ]
                        "blocks.1.normalization.weight", [ 6L ]
                        "blocks.1.normalization.bias", [ 6L ]
                        "blocks.2.layer.weight", [ 3L; 6L ]
                        "blocks.2.layer.bias", [ 3L ]
                    ]
                    [ for name, p in parametersOf built -> name, shapeOf p ]

                Assert.equal
                    "GELU"
                    ((Tree.find (Tag.parse "blocks.1.activation") (Module.construct spec)).Definition.Id))

            testCase "a spec has no attributes to set behind the tape's back" (fun () ->
                for kind in
                    [ typeof<ModuleSpec>; typeof<Step>; typeof<Node>; typeof<Definition>; typeof<Hook>; typeof<Tag> ] do
                    let writable =
                        kind.GetProperties(BindingFlags.Public ||| BindingFlags.Instance)
                        |> Array.filter (fun p -> p.CanWrite && p.SetMethod.IsPublic)

                    let fields = kind.GetFields(BindingFlags.Public ||| BindingFlags.Instance)
                    Assert.empty writable
                    Assert.empty fields)

            testCase "every tag is seen once, also of shared modules and after a removal" (fun () ->
                let sharing =
                    Definition.create "Sharing" [] (fun _ ->
                        init {
                            let! list =
                                child
                                    "list"
                                    (Layers.sequential
                                        [ Layers.linear 2 2; Layers.relu; Layers.linear 2 2; Layers.linear 2 2 ])

                            let! _ = alias "again" (list / "3")
                            return forward (call list)
                        })
                    |> Module.create []
                    |> Module.select "list" (Block.remove "1")

                let seen = ResizeArray<string>()

                let note (tag: Tag) (_: Node) =
                    seen.Add(string tag)
                    true

                sharing
                |> Module.select
                    "..."
                    (Module.where note (Module.ofType Linear.definition (Module.configure Linear.bias false)))
                |> fun changed ->
                    Assert.equal [ ""; "list"; "list.0"; "list.2"; "list.3"; "again" ] (List.ofSeq seen)

                    for tag in [ "list.0"; "list.2"; "list.3"; "again" ] do
                        Assert.isFalse (Module.argument tag Linear.bias changed))

            testCase "an unknown parameter is an error on a block, a component and a layer" (fun () ->
                for tag, kind in [ "", "MultiLayerPerceptron"; "blocks/0", "LinearBlock"; "blocks/0/layer", "Linear" ] do
                    match errorsOf (fun () -> perceptron |> Module.select tag (Module.configure "featurs" 3)) with
                    | [ UnknownName(_, found, "parameter", "featurs", _) ] -> Assert.equal kind found
                    | other -> failtest $"%A{other}")

            testCase "an error of a selection names the tag and what it is" (fun () ->
                match
                    errorsOf (fun () -> perceptron |> Module.select "blocks/0/activation" (Block.append Layers.relu))
                with
                | [ UnknownName(tag, "ReLU", "method", "append", []) ] ->
                    Assert.equal "blocks.0.activation" (string tag)
                | other -> failtest $"%A{other}")

            testCase "an order that was configured survives multi, and multi survives being made anew" (fun () ->
                let spec =
                    Blocks.linear 4 4
                    |> Block.activated Layers.relu
                    |> Module.configure "order" [ "activation"; "layer" ]
                    |> Block.multi 2

                for spec in [ spec; Module.fresh spec; Module.replay (Module.tape spec) (Spec.origin spec) ] do
                    Assert.equal
                        [
                            for i in 0..1 do
                                for name in [ "activation"; "layer" ] -> $"blocks.{i}.{name}"
                        ]
                        (Module.names "blocks/:/:" spec)

                use built = build [] (Module.fresh spec)
                Assert.equal 4 (List.length (parametersOf built)))

            // --- Building ----------------------------------------------------------------------------------
            testCase "Constant(weight=1, bias=0): the bias is the bias" (fun () ->
                let spec =
                    Blocks.linear 2 3
                    |> Block.normalized Layers.batchNorm1d
                    |> Initializer.constant [ Initializer.weight => Some 1.0; Initializer.bias => Some 0.0 ]

                use built = build [] spec

                Assert.equal
                    [
                        "layer.weight", List.replicate 6 1.0
                        "layer.bias", List.replicate 3 0.0
                        "normalization.weight", List.replicate 3 1.0
                        "normalization.bias", List.replicate 3 0.0
                    ]
                    [ for name, p in parametersOf built -> name, numbers p ])

            testCase "building draws only what initialization needs, in tree order" (fun () ->
                let spec =
                    Layers.sequential
                        [
                            Layers.conv2d 1 2 3
                            Layers.batchNorm2d
                            Layers.dropout 0.5
                            Layers.flatten
                            Layers.lazyLinear 3
                        ]

                torch.manual_seed 7L |> ignore
                use built = build [ [ 2L; 1L; 4L; 4L ] ] spec
                use after = torch.rand 3L
                torch.manual_seed 7L |> ignore
                use conv = torch.nn.Conv2d(1L, 2L, 3L)
                use linear = torch.nn.Linear(8L, 3L)
                use next = torch.rand 3L

                let state = built.state_dict ()
                Assert.equal (numbers (conv.get_parameter "weight")) (numbers state["0.weight"])
                Assert.equal (numbers (conv.get_parameter "bias")) (numbers state["0.bias"])
                Assert.equal (numbers (linear.get_parameter "weight")) (numbers state["4.weight"])
                Assert.equal (numbers (linear.get_parameter "bias")) (numbers state["4.bias"])
                Assert.equal (numbers next) (numbers after))

            testCase
                "sharing only where asked for: a PReLU or a loss given once is one value, not one module"
                (fun () ->
                    let prelu = Layers.prelu

                    let spec = perceptron |> Module.select "blocks/:-1/activation" (Module.become prelu)

                    use built = build [] spec

                    let slopes = [ for i in 0..1 -> built.get_parameter $"blocks.{i}.activation.weight" ]

                    Assert.notSame (slopes[0]) (slopes[1])

                    let application () =
                        Application.build (optionsFor []) [ 2L ] (Applications.classifier 3 perceptron)

                    use first = application ()
                    use second = application ()

                    let loss (a: Application) =
                        [
                            for struct (name, m) in a.Module.named_children () do
                                if name = "loss" then m
                        ]

                    Assert.notSame (Seq.exactlyOne (loss first)) (Seq.exactlyOne (loss second)))

            // --- Training ----------------------------------------------------------------------------------
            testCase "Adam and SGD have PyTorch's defaults, and what they are given is checked early" (fun () ->
                let defaults definition =
                    Module.parameters (Module.create [] definition)
                    |> List.map (fun p -> p.Name, p.Default)
                    |> List.filter (fun (name, _) -> name = "lr" || name = "weight_decay" || name = "eps")

                Assert.equal
                    [ "lr", Float 1e-3; "eps", Float 1e-8; "weight_decay", Float 0.0 ]
                    (defaults Optimizers.adamDefinition)

                Assert.equal [ "lr", Float 1e-3; "weight_decay", Float 0.0 ] (defaults Optimizers.sgdDefinition)

                let refused (work: unit -> ModuleSpec) name =
                    match errorsOf work with
                    | [ WrongValue(_, _, found, _, _) ] -> Assert.equal name found
                    | other -> failtest $"%A{other}"

                refused (fun () -> Optimizers.sgd -0.1) "lr"

                refused (fun () -> Module.create [ Optimizers.betas => [ 0.9 ] ] Optimizers.adamDefinition) "betas"

                refused (fun () -> classifier |> Module.select "optimizer" (Module.configure "lr" "fast")) "lr"

                // Without a word about its step size it trains, and a step size by place is taken.
                use data = points 16L

                for optimizer in [ Module.create [] Optimizers.sgdDefinition; Optimizers.adam 0.1 ] do
                    let spec = classifier |> Module.select "optimizer" (Module.replace optimizer)
                    use trained = Trainer.fit (options 1) data spec
                    Assert.equal 2L trained.Steps)

            testCase "training 0 epochs and testing before fit work" (fun () ->
                use data = points 16L
                use none = Trainer.fit (options 0) data classifier
                Assert.equal (0L, 0) (none.Steps, none.History.Epochs.Length)
                use fresh = Application.build (optionsFor []) [ 2L ] classifier

                for application in [ none; fresh ] do
                    let measured = application.Test data
                    Assert.equal [ "accuracy"; "loss" ] (measured |> Map.keys |> List.ofSeq)
                    Assert.inRange 0.0 1.0 (measured["accuracy"])
                    // Two classes of an untrained model: not far from log 2.
                    Assert.inRange 0.3 1.5 (measured["loss"]))

            testCase "predict keeps dtypes and all sizes" (fun () ->
                let passing =
                    Definition.create "Passing" [] (fun _ ->
                        init {
                            let! _ = child "unused" (Layers.linear 2 2)
                            return forward (Op.flatten 1 -1)
                        })

                use application =
                    Application.build (optionsFor []) [ 2L; 3L ] (Applications.classifier 6 (Module.create [] passing))

                for count in [ 1L; 999L; 1000L; 1024L; 2500L ] do
                    for dtype in [ torch.int64; torch.float32; torch.float64 ] do
                        use numbersIn = torch.arange (Scalar.op_Implicit (count * 6L))
                        use typed = numbersIn.``to`` dtype
                        use inputs = typed.reshape (count, 2L, 3L)
                        use outputs = application.Predict inputs
                        Assert.equal dtype outputs.dtype
                        Assert.equal [ count; 6L ] (shapeOf outputs)
                        use expected = inputs.reshape (count, 6L)
                        Assert.isTrue (outputs.equal(expected).all().ToBoolean()))

            // --- Files -------------------------------------------------------------------------------------
            testCase "refused at save, naming the function" (fun () ->
                let opaque = Action.afterBuild "my_function" [] (fun _ _ -> ()) |> Action.opaque
                let spec = classifier |> Module.select "model/blocks/0" (Module.hook opaque [])
                use application = Application.build (optionsFor []) [ 2L ] spec

                inNewFile (fun path ->
                    match errorsOf (fun () -> Checkpoint.save path application) with
                    | [ NotSaveable(tag, what) ] ->
                        Assert.equal "model.blocks.0" (string tag)
                        Assert.containsText "'my_function'" what
                    | other -> failtest $"%A{other}"

                    Assert.isFalse (File.Exists path)))

            testCase "a checkpoint is one file of weights, optimizer and text, and loads on its own" (fun () ->
                let spec = Applications.classifier 10 (Components.multiLayerPerceptron 784 [ 256; 256 ] 10)

                use application = Application.build (optionsFor []) [ 784L ] spec

                let parameters = parametersOf application.Module |> List.sumBy (fun (_, p) -> p.numel ())

                Assert.equal (784L * 256L + 256L + 256L * 256L + 256L + 2570L) parameters

                inNewFile (fun path ->
                    Checkpoint.save path application
                    // Four bytes a number, twice more for what Adam keeps, and some text.
                    Assert.inRange (4L * parameters) (12L * parameters + 32768L) (FileInfo(path).Length)
                    use loaded = Checkpoint.load "" Library.registry (optionsFor []) path
                    use x = fill [ 3L; 784L ] 0.1
                    use expected = application.Predict x
                    use found = loaded.Predict x
                    Assert.equal (numbers expected) (numbers found)))
        ]
