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
                    Assert.inRange 0.0 1.0 accuracy

                use inputs = fill [ 6L; 2L ] 0.1
                use outputs = torch.zeros (2L, 3L, 4L)
                use some = torch.tensor (array2D [ [ 0L; 0L; 1L; 0L ]; [ 0L; 2L; 1L; 0L ] ])
                use right = Metric.accuracy.Values outputs some
                use count = right.sum ()
                Assert.equal 5L (count.item<int64>()))

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
                            let found = application.Measure(data, [], batchSize)["loss"]

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
                    Assert.equal (2.0 / 3.0) (application.Measure(data, [ Metric.accuracy ], batchSize)["accuracy"])

                use nothing = new Dataset(inputs.clone (), ints (List.replicate 6 -100L))
                let measured = application.Test nothing
                Expect.isTrue (measured.Values |> Seq.forall System.Double.IsNaN) "there is nothing to measure"

                // Batches of ignored targets alone leave the epoch's loss a number.
                application
                |> Trainer.continueWith { Fit.defaults with MaxEpochs = 1; BatchSize = 2L; Shuffle = false } data

                Expect.isTrue (System.Double.IsFinite(application.History.Series("train_loss").Head)) "a number")

            testCase "a metric of one's own is the mean of all its values" (fun () ->
                let error =
                    { Name = "error"; OfClasses = false; Values = fun outputs targets -> (outputs - targets).abs() }

                use inputs = fill [ 5L; 2L ] 0.1

                let spec =
                    Classifier.definition
                    |> Module.create
                        [
                            "model", Value.Module(Layers.linear 2 3)
                            "loss", Value.Module(Module.create [] Losses.l1Definition)
                        ]

                use application = Application.build (optionsFor []) [ 2L ] spec
                use data = new Dataset(inputs.clone (), fill [ 5L; 3L ] 0.7)
                let measured = application.Measure(data, [ error ], 2L)
                Expect.isTrue (abs (measured["error"] / measured["loss"] - 1.0) < 1e-6) $"%A{measured}")
        ]
