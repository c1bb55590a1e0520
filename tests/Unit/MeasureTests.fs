/// What is measured: of what, and that it is the same however examples come in batches.
module Deeplay.Tests.MeasureTests

open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Torch
open TorchSharp
open Expecto
open Deeplay.Tests
open Deeplay.Tests.LoweringHelp
open Deeplay.Tests.TrainingHelp

/// What is measured of a model that gives (N, 3), with the metrics there are by default.
let private measured (loss: Definition) (model: ModuleSpec) (targets: torch.Tensor) =
    use inputs = fill [ 6L; 2L ] 0.1
    use data = new Dataset(inputs.clone (), targets)
    let loss = Module.create [] loss
    let spec = Applications.classifier 3 model |> Module.select "loss" (Module.replace loss)

    let options = { Fit.defaults with MaxEpochs = 2; BatchSize = 4L; Validation = Some data; Build = optionsFor [] }

    use application = Trainer.fit options data spec
    let tested = application.Test data

    [
        for epoch in application.History.Epochs do
            yield! Map.toList epoch.Metrics
        yield! Map.toList tested
    ]

let private accuracies (found: (string * float) list) =
    found |> List.filter (fun (name, _) -> name.EndsWith("accuracy", System.StringComparison.Ordinal))

let private crossEntropy = Losses.crossEntropyDefinition

[<Tests>]
let tests =
    torchTests
        "MeasureTests"
        [
            testCase "there is no accuracy where targets are numbers" (fun () ->
                let dense = Layers.linear 2 3

                let flat = Layers.sequential [ Layers.linear 2 1; Layers.flatten |> Module.configure "start_dim" 0 ]

                for loss in
                    [
                        Losses.mseDefinition
                        Losses.l1Definition
                        Losses.smoothL1Definition
                        Losses.huberDefinition
                        Losses.bceWithLogitsDefinition
                        Losses.klDivDefinition
                    ] do
                    for model, targets in [ dense, torch.ones (6L, 3L); flat, torch.ones 6L ] do
                        let found = measured loss model targets
                        Assert.equal [] (accuracies found)
                        // Two epochs with the loss of training and validation, and the test.
                        Assert.equal 5 found.Length)

            testCase "the accuracy of probabilities is that of their largest" (fun () ->
                let labels () = ints [ 0L; 1L; 2L; 2L; 1L; 0L ]
                use hot = torch.nn.functional.one_hot (labels (), 3L)
                let byClass = measured crossEntropy (Layers.linear 2 3) (labels ()) |> accuracies
                let byProbability = measured crossEntropy (Layers.linear 2 3) (hot.``to`` torch.float32)
                Assert.equal 5 byClass.Length
                Assert.equal byClass (accuracies byProbability))

            testCase "the accuracy of several classes for an example is a part of one" (fun () ->
                // (N, 2) to (N, 3, 4): four targets for each example.
                let model = Layers.sequential [ Layers.linear 2 12; Layers.unflatten 1 [ 3; 4 ] ]

                let found = measured crossEntropy model (torch.zeros (6L, 4L, dtype = torch.int64)) |> accuracies

                Assert.equal 5 found.Length

                for _, accuracy in found do
                    Assert.inRange 0.0 1.0 accuracy)

            testCase "the loss of all is that of all at once, whatever the batches and the reduction" (fun () ->
                use inputs = fill [ 7L; 2L ] 0.1
                let classes () = ints [ 0L; 1L; -100L; 1L; 0L; 2L; 2L ]
                let shares () = torch.softmax (fill [ 7L; 3L ] 0.4, 1)
                let weight = "weight", List [ Float 1.0; Float 4.0; Float 0.5 ]

                for loss, settings, targets, reductions in
                    [
                        crossEntropy, [], classes, []
                        crossEntropy, [ weight ], classes, []
                        crossEntropy, [ weight; "label_smoothing", Float 0.3 ], classes, []
                        crossEntropy,
                        [ weight; "ignore_index", Int 2L ],
                        (fun () -> ints [ 0L; 2L; 1L; 1L; 2L; 2L; 0L ]),
                        []
                        crossEntropy, [], shares, []
                        Losses.nllDefinition, [ weight ], classes, []
                        Losses.mseDefinition, [], shares, []
                        Losses.l1Definition, [], shares, []
                        Losses.smoothL1Definition, [], shares, []
                        Losses.huberDefinition, [], shares, []
                        Losses.bceWithLogitsDefinition, [ weight ], shares, []
                        Losses.klDivDefinition, [], shares, [ "batchmean" ]
                    ] do
                    for reduction in [ "mean"; "sum" ] @ reductions do
                        let spec =
                            Classifier.definition
                            |> Module.create
                                [
                                    "model", Value.Module(Layers.linear 2 3)
                                    "loss",
                                    Value.Module(Module.create (("reduction", Text reduction) :: settings) loss)
                                ]

                        use application = Application.build (optionsFor []) [ 2L ] spec
                        use data = new Dataset(inputs.clone (), targets ())
                        use outputs = application.Predict data.Inputs
                        use atOnce = application.Loss(outputs, data.Targets)
                        let expected = float (atOnce.item<float32>())

                        // Two of the batches of one hold what is ignored alone.
                        for batchSize in [ 1L; 2L; 3L; 7L ] do
                            let found = application.Test(data, batchSize)["loss"]

                            Expect.isTrue
                                (abs (found / expected - 1.0) < 1e-5)
                                $"{loss.Id} {reduction} {batchSize}: {found}, {expected}")

            testCase "targets that the loss ignores don't count, whatever the batches" (fun () ->
                use inputs = fill [ 6L; 2L ] 0.1
                let spec = Applications.classifier 3 (Layers.linear 2 3)
                use application = Application.build (optionsFor []) [ 2L ] spec
                use outputs = application.Predict inputs
                use predicted = outputs.argmax 1L
                let predicted = predicted.data<int64>().ToArray()
                let wrong = (predicted[1] + 1L) % 3L

                use data =
                    new Dataset(inputs.clone (), ints [ predicted[0]; wrong; -100L; -100L; -100L; predicted[5] ])

                for batchSize in [ 1L; 2L; 4L; 6L ] do
                    Assert.equal (2.0 / 3.0) (application.Test(data, batchSize)["accuracy"])

                use nothing = new Dataset(inputs.clone (), ints (List.replicate 6 -100L))
                let measured = application.Test nothing
                Expect.isTrue (measured.Values |> Seq.forall System.Double.IsNaN) "there is nothing to measure"

                // Batches of ignored targets alone leave the epoch's loss a number.
                application
                |> Trainer.continueWith { Fit.defaults with MaxEpochs = 1; BatchSize = 2L; Shuffle = false } data

                Expect.isTrue (System.Double.IsFinite(application.History.Series("train_loss").Head)) "a number")

            testCase "a metric of one's own follows from sums, or from all there is" (fun () ->
                let error, largest = Metric.define "ErrorOfOnesOwn" [], Metric.define "Largest" []

                let difference (outputs: Tensor) (targets: Tensor) = (outputs - targets).abs()

                let lowerings =
                    Lowering.standard
                    |> Lowering.add error (fun _ ->
                        Metric.ofSums
                            (fun outputs targets ->
                                let each = difference outputs targets
                                [ each.sum (); torch.tensor (float each.NumberOfElements) ])
                            (fun sums -> sums[0] / sums[1]))
                    |> Lowering.add largest (fun _ ->
                        Metric.ofAll (fun outputs targets -> (difference outputs targets).max()))

                let spec =
                    Applications.regressor (Layers.linear 2 3)
                    |> Module.configure "metrics" [ Module.create [] error; Module.create [] largest ]

                use inputs = fill [ 5L; 2L ] 0.1
                use application = Application.build { optionsFor [] with Lowerings = lowerings } [ 2L ] spec
                use data = new Dataset(inputs.clone (), fill [ 5L; 3L ] 0.7)
                let measured = application.Test(data, 2L)
                use outputs = application.Predict data.Inputs
                Expect.isTrue (abs (measured["error_of_ones_own"] / measured["loss"] - 1.0) < 1e-6) $"%A{measured}"
                let expected = (difference outputs data.Targets).max().item<float32>()
                Assert.equal (float expected) measured["largest"]

                // What is no metric is an error that names it.
                let spec = Applications.regressor (Layers.linear 2 3) |> Module.configure "metrics" [ Layers.relu ]

                match errorsOf (fun () -> Application.build (optionsFor []) [ 2L ] spec) with
                | [ WrongStructure(tag, "ReLU", "it is no metric.") ] -> Assert.equal "test_metrics.ReLU" (string tag)
                | other -> failtest $"%A{other}")

            testCase "metrics are children, each stage's its own, configured like any module" (fun () ->
                let spec =
                    Applications.classifier 3 (Layers.linear 2 3)
                    |> Module.configure "metrics" [ Metrics.multiclassAccuracy; Metrics.multiclassF1Score ]
                    |> Module.configure
                        "test_metrics"
                        [ Metrics.multiclassRecall |> Module.configure "average" "none" ]
                    |> Module.select "val_metrics/MulticlassAccuracy" (Module.configure "name" "balanced")

                use data = new Dataset(fill [ 6L; 2L ] 0.1, ints [ 0L; 1L; 2L; 2L; 1L; 0L ])
                let options = { Fit.defaults with MaxEpochs = 1; Validation = Some data; Build = optionsFor [] }
                use application = Trainer.fit options data spec

                Assert.equal
                    [ "train_accuracy"; "train_f1_score"; "train_loss"; "val_balanced"; "val_f1_score"; "val_loss" ]
                    [ for name in application.History.Epochs.Head.Metrics.Keys -> name ]

                Assert.equal
                    [ "accuracy"; "f1_score"; "loss"; "recall_0"; "recall_1"; "recall_2" ]
                    [ for name in (application.Test data).Keys -> name ]

                let twice =
                    spec
                    |> Module.configure "metrics" [ Metrics.multiclassAccuracy; Metrics.multiclassAccuracy ]
                    |> Module.construct

                Assert.equal
                    [ "MulticlassAccuracy"; "MulticlassAccuracy_1" ]
                    (Tree.find (Tag.ofNames [ "train_metrics" ]) twice).Children.Names

                match
                    errorsOf (fun () ->
                        Applications.classifier 3 (Layers.linear 2 3)
                        |> Module.configure "metrics" [ Metrics.multiclassAccuracy; Metrics.multiclassAccuracy ]
                        |> Application.build (optionsFor []) [ 2L ])
                with
                | [ WrongStructure(tag, "MetricCollection", problem) ] ->
                    Assert.equal "train_metrics" (string tag)
                    Assert.containsText "several of its metrics are logged as 'accuracy'" problem
                | other -> failtest $"%A{other}")

            testCase "metrics follow the loss in what it ignores and what it takes" (fun () ->
                let argument (spec: ModuleSpec) (path: string) name =
                    let node = Module.construct spec |> Tree.find (Tag.parse path)
                    node.Arguments[name]

                let spec = Applications.classifier 3 (Layers.linear 2 3)
                Assert.equal (Int -100L) (argument spec "test_metrics.MulticlassAccuracy" "ignore_index")

                let other = spec |> Module.select "loss" (Module.configure "ignore_index" 7)
                Assert.equal (Int 7L) (argument other "test_metrics.MulticlassAccuracy" "ignore_index")

                let own = other |> Module.select "test_metrics/*" (Module.configure "ignore_index" 1)

                Assert.equal (Int 1L) (argument own "test_metrics.MulticlassAccuracy" "ignore_index")
                Assert.equal (Int 7L) (argument own "val_metrics.MulticlassAccuracy" "ignore_index")

                let binary = Applications.binaryClassifier (Layers.linear 2 1)
                Assert.equal (Bool false) (argument binary "val_metrics.BinaryAccuracy" "from_logits")
                let logits = binary |> Module.select "loss" (Module.replace Losses.bceWithLogits)
                Assert.equal (Bool true) (argument logits "val_metrics.BinaryAccuracy" "from_logits"))

            testCase "any metric can be measured afterwards" (fun () ->
                use data = new Dataset(fill [ 6L; 2L ] 0.1, ints [ 0L; 1L; 2L; 2L; -100L; 0L ])

                use application =
                    Application.build (optionsFor []) [ 2L ] (Applications.classifier 3 (Layers.linear 2 3))

                use matrix = application.Measure(Metrics.multiclassConfusionMatrix, data, 4L)
                Assert.equal [ 3L; 3L ] (List.ofArray matrix.shape)
                // What the loss ignores does not count.
                let rows = MetricNumbers.ofTensor (matrix.sum 1L)
                Assert.equal [| 2.0; 1.0; 2.0 |] rows
                let right = MetricNumbers.ofTensor (matrix.diagonal().sum())
                Assert.equal (right[0] / 5.0) ((application.Test data)["accuracy"]))

            testCase "binary and multi-label classifiers take labels of any kind" (fun () ->
                let probability outputs = Layers.sequential [ Layers.linear 2 outputs; Layers.sigmoid ]
                use inputs = fill [ 6L; 2L ] 0.1
                let labels = [ 0.0; 1.0; 1.0; 0.0; 1.0; 1.0 ]

                let measured (spec: ModuleSpec) (shape: int64 list) dtype =
                    let numbers = tensorOf shape (List.replicate (6 / labels.Length) labels |> List.concat)
                    use data = new Dataset(inputs.clone (), numbers.``to`` (dtype: torch.ScalarType))

                    use application = Trainer.fit { Fit.defaults with MaxEpochs = 2; Build = optionsFor [] } data spec

                    Map.toList (application.Test data)

                for spec, shape in
                    [
                        Applications.binaryClassifier (probability 1), [ 6L; 1L ]
                        Applications.multiLabelClassifier (probability 1), [ 6L; 1L ]
                    ] do
                    let expected = measured spec shape torch.float32
                    Assert.equal [ "accuracy"; "loss" ] (List.map fst expected)

                    for dtype in [ torch.int64; torch.uint8; torch.bool ] do
                        Assert.equal expected (measured spec shape dtype)

                // Labels that are neither, and labels in a row beside outputs in a column.
                let refused (targets: Tensor) =
                    use data = new Dataset(inputs.clone (), targets)

                    match
                        errorsOf (fun () ->
                            Trainer.fit
                                { Fit.defaults with Build = optionsFor [] }
                                data
                                (Applications.binaryClassifier (probability 1)))
                    with
                    | [ WrongValue(_, "BCELoss", "targets", expected, found) ] -> expected, found
                    | other -> failtest $"%A{other}"

                Assert.equal
                    ("numbers from 0 to 1", "2 in row 1, at (1, 0)")
                    (refused (ints([ 0L; 2L; 1L; 0L; 1L; 1L ]).reshape(6L, 1L)))

                Assert.equal ("numbers from 0 to 1 of shape (6, 1)", "(6,)") (refused (torch.zeros 6L)))

            testCase "a number of classes that the model does not have is refused" (fun () ->
                match
                    errorsOf (fun () ->
                        Application.build (optionsFor []) [ 2L ] (Applications.classifier 5 (Layers.linear 2 3)))
                with
                | [ WrongShape(tag, "Linear", "to give 5 numbers, one for each class of num_classes", _) ] ->
                    Assert.equal "model" (string tag)
                | other -> failtest $"%A{other}")
        ]
