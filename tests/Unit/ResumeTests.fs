/// Checkpoints hold all that a run goes on from.
module Deeplay.Tests.ResumeTests

open System
open System.IO
open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Library
open Deeplay.Torch
open TorchSharp
open Expecto
open Deeplay.Tests
open Deeplay.Tests.LoweringHelp
open Deeplay.Tests.TrainingHelp

let private load path : Application = Application.load "cpu" path

// Dropout draws random numbers, and batch normalization has statistics that run.
let private model = classifier [ Layers.linear 2 8; Layers.batchNorm1d; Layers.dropout 0.5; Layers.linear 8 2 ]

let private optimizers =
    [
        for definition in Library.registry.Definitions.Values do
            if definition.Is Optimizers.definition && not (obj.ReferenceEquals(definition, Optimizers.definition)) then
                let arguments =
                    [ "momentum", Float 0.9; "amsgrad", Bool true; "centered", Bool true ]
                    |> List.filter (fst >> definition.Signature.Has)

                definition.Id, Module.create arguments definition
    ]

// A checkpoint after an epoch, with its tensors changed.
let private broken change (work: string -> unit) =
    inFile (fun path ->
        use _ = torch.NewDisposeScope()
        use data = points ()
        use application = fitted 1 model data
        Application.save path application
        let metadata, tensors = Safetensors.load path
        Safetensors.save path metadata (change tensors |> Map.toList)
        work path)

let private kept = "optimizer.state.model.0.weight.exp_avg"

[<Tests>]
let tests =
    torchTests
        "ResumeTests"
        [
            testTheory "a run that is saved and loaded goes on bit for bit" (List.map fst optimizers) (fun kind ->
                inFile (fun path ->
                    use data = points ()
                    let optimizer = (Map.ofList optimizers)[kind]
                    use application = fitted 2 (steppedBy optimizer model) data
                    Application.save path application
                    use loaded = load path
                    Application.fitMore (options 2) data application
                    Application.fitMore (options 2) data loaded
                    Assert.equal (weights application) (weights loaded)
                    Assert.equal application.History loaded.History

                    let state (of': Application) =
                        [ for name, tensor in of'.Optimizer.Stepping.State -> name, numbers tensor ]

                    Assert.equal (state application) (state loaded)))

            testTheory
                "parameters of another type are trained, saved and gone on with"
                [ torch.bfloat16; torch.float64; torch.float32 ]
                (fun dtype ->
                    inFile (fun path ->
                        use data = points ()
                        let ofType epochs = { options epochs with Build = { optionsFor [] with DType = Some dtype } }

                        let model =
                            classifier [ Layers.linear 2 8; Layers.batchNorm1d; Layers.relu; Layers.linear 8 2 ]

                        let spec = model |> steppedBy (Optimizers.adam 0.05)
                        use whole = Application.fit (ofType 12) data spec
                        use half = Application.fit (ofType 6) data spec
                        let losses = whole.History.Series "train_loss"
                        Expect.isLessThan (List.last losses) losses.Head "it learns"

                        for KeyValue(name, tensor) in whole.Module.state_dict () do
                            let isCount = name.EndsWith("num_batches_tracked", StringComparison.Ordinal)
                            Expect.equal tensor.dtype (if isCount then torch.int64 else dtype) name

                        Application.save path half
                        use loaded = load path
                        Application.fitMore (ofType 6) data loaded

                        let wide (application: Application) =
                            [ for p in application.Module.parameters () -> numbers (p.``to`` torch.float64) ]

                        Assert.equal (wide whole) (wide loaded)
                        Assert.equal dtype (loaded.Predict data).dtype))

            testCase "parameters can't be of a type that numbers can't be learned in" (fun () ->
                let options = { optionsFor [] with DType = Some torch.int64 }
                let error = Assert.throws<DeeplayException>(fun () -> Application.build options [ 2L ] model |> ignore)
                Assert.containsText "float32, float64, bfloat16 or float16" error.Message)

            // Sums, what keeps all outputs, a validation within the epoch, and a schedule that follows what was measured while training.
            testCase "an epoch that was left has the metrics of all its batches" (fun () ->
                inFile (fun path ->
                    use data = points ()

                    let plateau =
                        Schedules.reduceLROnPlateau
                        |> Module.configure Schedules.patience 0
                        |> Module.configure Schedules.threshold 0.9

                    let config =
                        Schedules.lrSchedulerConfig plateau |> Module.configure Schedules.monitor "train_loss"

                    let spec =
                        classifier [ Layers.linear 2 8; Layers.relu; Layers.linear 8 2 ]
                        |> Module.configure "metrics" [ Metrics.multiclassAccuracy; Metrics.multiclassAUROC ]
                        |> Module.configure "lr_scheduler" config

                    let options epochs =
                        { options epochs with
                            Validation = Some data
                            ValidateWithin = Some(ValidationInterval.Batches 3L)
                        }

                    use whole = Application.fit (options 4) data spec
                    Assert.isTrue (whole.History.Series "lr" |> List.distinct |> List.length > 1)

                    // After each batch of the second epoch but its last: before the validation and after it.
                    for step in 5L .. 7L do
                        let stop = Callback.onBatchEnd (fun run batch -> if batch.Step = step then run.Stop "enough")
                        use part = Application.fit { options 4 with Callbacks = [ stop ] } data spec
                        Application.save path part
                        use loaded = load path

                        for application in [ part; loaded ] do
                            Application.fitMore (options 3) data application
                            Assert.equal whole.History application.History
                            Assert.equal (weights whole) (weights application)))

            testCase "what never had a gradient has nothing kept, and gets it later" (fun () ->
                inFile (fun path ->
                    use data = points ()
                    use application = Application.build (optionsFor []) [ 2L ] model
                    application.Module.get_parameter("model.0.weight").requires_grad <- false
                    Application.fitMore (options 1) data application
                    Application.save path application
                    use loaded = load path

                    let has (of': Application) =
                        of'.Optimizer.Stepping.State |> List.exists (fun (name, _) -> name = "model.0.weight.exp_avg")

                    Assert.isFalse (has application || has loaded)
                    Application.fitMore (options 1) data loaded
                    Assert.isTrue (has loaded)))

            testCase "a learning rate that was changed goes along" (fun () ->
                inFile (fun path ->
                    use _ = torch.NewDisposeScope()
                    use application = Application.build (optionsFor []) [ 2L ] model
                    application.Optimizer.LearningRate <- 1.0 / 3.0
                    Application.save path application
                    use loaded = load path
                    Assert.equal (1.0 / 3.0) loaded.Optimizer.LearningRate

                    for wrong in [ "-1"; "fast"; "NaN" ] do
                        let metadata, tensors = Safetensors.load path
                        let broken = Map.add "deeplay.learning_rate" wrong metadata
                        Safetensors.save path broken (Map.toList tensors)

                        match errorsOf (fun () -> load path) with
                        | [ Malformed(_, _, found) ] -> Assert.equal $"'{wrong}'" found
                        | other -> failtest $"%A{other}"))

            testCase "a file of the first format is read, and trained on" (fun () ->
                let path = Path.Combine(AppContext.BaseDirectory, "checkpoints", "format1.safetensors")
                use application = load path
                use x = torch.tensor([| for i in 0..5 -> float32 i / 16f |]).sin().reshape(3L, 2L)
                use outputs = application.Predict x
                // What the version that wrote it predicted.
                let expected = [ -0.1546520889; 0.2459689379; -0.1599655151; 0.251698643; -0.1455240399; 0.2405885458 ]
                assertClose "outputs" expected (numbers outputs)
                Assert.equal (2, 8L) (application.History.Epochs.Length, application.Steps)
                use data = points ()
                Application.fitMore (options 1) data application
                Assert.equal 12L application.Steps)

            testTheory
                "a file of the second format is read, predicts what PyTorch computes from its weights, and is trained on"
                [
                    "format2", (2, 8L, false, 12L, (1e-3, 1e-3))
                    "format2-position", (1, 6L, true, 8L, (0.05, 0.025))
                ]
                (fun (name, (epochs, steps, isWithin, after, (rate, later))) ->
                    let recorded = (Recorded.read "reference" "checkpoints").GetProperty name

                    use application =
                        load (Path.Combine(AppContext.BaseDirectory, "checkpoints", name + ".safetensors"))

                    use outputs = application.Predict(fill [ 3L; 2L ] 0.5)

                    let expected =
                        [ for value in Recorded.items (recorded.GetProperty "outputs") -> value.GetDouble() ]

                    assertClose "outputs" expected (numbers outputs)
                    Assert.equal (epochs, steps) (application.History.Epochs.Length, application.Steps)
                    Assert.equal isWithin application.Position.IsSome
                    // 0.1, halved after every three steps.
                    assertClose "rate" [ rate ] [ application.Optimizer.LearningRate ]
                    use data = new Dataset(fill [ 16L; 2L ] 0.3, ints [ for i in 0L .. 15L -> i % 2L ])
                    Application.fitMore (options 1) data application
                    Assert.equal after application.Steps
                    assertClose "rate" [ later ] [ application.Optimizer.LearningRate ])

            testCase "a broken state of the optimizer is an error that names it, and leaves nothing behind" (fun () ->
                let other = torch.zeros 3L

                for change, name in
                    [
                        Map.remove kept, kept.Substring "optimizer.state.".Length
                        Map.add kept other, kept.Substring "optimizer.state.".Length
                        Map.add (kept + "s") other, "exp_avgs"
                    ] do
                    broken change (fun path ->
                        let before = liveTensors ()

                        match errorsOf (fun () -> load path) with
                        | [ Malformed _ as error ] -> Assert.containsText name (Error.describe error)
                        | other -> failtest $"%A{other}"

                        Assert.equal before (liveTensors ())))
        ]
