/// Validation within epochs: what is told and kept of it. When it is run is compared with Lightning (LightningTests).
module Deeplay.Tests.ValidationTests

open System.IO
open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Torch
open TorchSharp
open Expecto
open Deeplay.Tests
open Deeplay.Tests.LoweringHelp
open Deeplay.Tests.TrainingHelp

let private spec = classifier [ Layers.dropout 0.5; Layers.linear 2 2 ]

// Four batches an epoch: after the third of each.
let private within (data: Dataset) (options: FitOptions) =
    { options with Validation = Some data; ValidateWithin = Some(ValidationInterval.Batches 3L) }

[<Tests>]
let tests =
    torchTests
        "ValidationTests"
        [
            testCase "it measures what there is then, and changes nothing of the training" (fun () ->
                use data = points ()
                let seen = ResizeArray()

                let watch =
                    Callback.onValidationEnd (fun run measured ->
                        let loss = run.Application.Test(data)["loss"]
                        seen.Add(measured.Epoch, measured.Step, measured.Metrics["val_loss"] = loss))

                use application = Application.fit { within data (options 2) with Callbacks = [ watch ] } data spec
                Assert.equal [ 0, 3L, true; 1, 7L, true ] (List.ofSeq seen)
                use plain = Application.fit (options 2) data spec
                Assert.equal (weights plain) (weights application)
                Assert.equal (plain.History.Series "train_loss") (application.History.Series "train_loss")
                Assert.equal 2 (application.History.Series "val_loss").Length)

            testCase "averages are what is measured, and training goes on from what is trained" (fun () ->
                use data = points ()
                let averaged options = { options with WeightAveraging = Some { Fit.weightAveraging with Decay = 0.5 } }
                let losses = ResizeArray()

                let watch =
                    Callback.onValidationEnd (fun run measured ->
                        losses.Add(measured.Metrics["val_loss"], run.Application.Test(data)["loss"]))

                let options = { averaged (within data (options 2)) with Callbacks = [ watch ] }
                use application = Application.fit options data spec
                use plain = Application.fit (averaged (TrainingHelp.options 2)) data spec
                Assert.equal (weights plain) (weights application)

                // The run that ends there leaves its averages.
                use three = Application.fit { averaged (TrainingHelp.options 1) with MaxSteps = Some 3L } data spec
                Assert.equal (fst losses[0]) (three.Test(data)["loss"])
                Assert.isTrue (losses |> Seq.forall (fun (a, b) -> a = b)))

            testCase "the best within epochs are kept, and go on bit for bit" (fun () ->
                use data = points ()

                inFolder (fun folder ->
                    let keep =
                        { ModelCheckpoint.into folder with
                            Monitor = Some "val_loss"
                            SaveTopK = -1
                            FileName = "{epoch}-{step}"
                        }

                    use whole =
                        Application.fit
                            { within data (options 3) with Callbacks = [ ModelCheckpoint.callback keep ] }
                            data
                            spec

                    let path = Path.Combine(folder, "epoch=1-step=7.safetensors")

                    Assert.equal
                        [ 0, 3L; 1, 7L; 2, 11L ]
                        (List.sort [ for one in whole.Saved -> one.Epoch, one.Step ])

                    use loaded = Application.load "cpu" path
                    Assert.equal 1 loaded.History.Epochs.Length
                    Application.fitMore (within data (options 2)) data loaded
                    Assert.equal (weights whole) (weights loaded)))

            testCase "loggers write a row for each" (fun () ->
                use data = points ()

                inFolder (fun folder ->
                    let logger = CsvLogger.callback { CsvLogger.into folder with LogEveryNSteps = 100 }
                    use _run = Application.fit { within data (options 2) with Callbacks = [ logger ] } data spec
                    let lines = File.ReadAllLines(Path.Combine(_run.LogDirs.Head, "metrics.csv"))
                    let cells = [ for line in lines -> line.Split ',' ]
                    let column name = Array.findIndex ((=) name) cells.Head

                    let rows =
                        [
                            for row in cells.Tail ->
                                row[column "step"], row[column "val_loss"] <> "", row[column "train_loss"] <> ""
                        ]

                    Assert.equal [ "2", true, false; "3", false, true; "6", true, false; "7", false, true ] rows))

            testCase "what can't be is refused" (fun () ->
                use data = points ()
                let options' = { options 1 with Validation = Some data }
                let at interval = { options' with ValidateWithin = Some interval }

                for wrong, expected in
                    [
                        at (ValidationInterval.EpochPart 0.0), "a part of an epoch above 0 and at most 1"
                        at (ValidationInterval.EpochPart 1.5), "a part of an epoch above 0 and at most 1"
                        at (ValidationInterval.Batches 0L), "a number of batches between validations of at least 1"
                        at (ValidationInterval.Batches 5L), "a validation after at most 4 batches, which an epoch has"
                        { at (ValidationInterval.RunBatches 5L) with ValidateEvery = 2 }, "1 epoch between validations"
                        { at (ValidationInterval.Batches 2L) with Validation = None }, "data to validate with"
                    ] do
                    Assert.containsText expected (Recorded.problem (fun () -> Application.fit wrong data spec)))
        ]
