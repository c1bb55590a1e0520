/// Logs of runs. Which rows there are: Lightning's documentation of CSVLogger, TensorBoardLogger, LearningRateMonitor and of the
/// Trainer's log_every_n_steps.
module Deeplay.Tests.LoggerTests

open System
open System.IO
open System.Text
open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Torch
open TorchSharp
open Expecto
open Deeplay.Tests
open Deeplay.Tests.LoweringHelp
open Deeplay.Tests.TrainingHelp

let private spec = classifier [ Layers.linear 2 2 ]

// Four steps an epoch; the loss of each batch is noted.
let private run (losses: ResizeArray<float>) epochs callbacks (spec: ModuleSpec) =
    use data = points ()
    let note = Callback.onBatchEnd (fun _ batch -> losses.Add batch.Loss)
    Application.fit { options epochs with Callbacks = note :: callbacks } data spec

let private lines (path: string) =
    File.ReadAllText(path).Split('\n', StringSplitOptions.RemoveEmptyEntries) |> List.ofArray

let private metricsIn folder version = Path.Combine(folder, "lightning_logs", $"version_{version}", "metrics.csv")

// What a callback stops a run with.
let private refused callbacks =
    let stopped =
        Assert.throws<TrainingStoppedException>(fun () ->
            (run (ResizeArray()) 1 callbacks spec :> IDisposable).Dispose())

    use _application = stopped.Application
    (stopped.InnerException :?> DeeplayException).All

// CRC-32C bit by bit.
let private crc (bytes: byte[]) =
    let step crc _ = if crc &&& 1u = 1u then (crc >>> 1) ^^^ 0x82F63B78u else crc >>> 1
    ~~~(bytes |> Array.fold (fun crc byte -> Seq.fold step (crc ^^^ uint32 byte) (seq { 1..8 })) ~~~0u)

let private masked (bytes: byte[]) =
    let value = crc bytes
    ((value >>> 15) ||| (value <<< 17)) + 0xa282ead8u

// The messages of a TFRecord file, whose checksums are looked at.
let private records (bytes: byte[]) =
    let rec next at found =
        if at = bytes.Length then
            List.rev found
        else
            let length = int (BitConverter.ToUInt64(bytes, at))
            let data = Array.sub bytes (at + 12) length
            Assert.equal (masked (Array.sub bytes at 8)) (BitConverter.ToUInt32(bytes, at + 8))
            Assert.equal (masked data) (BitConverter.ToUInt32(bytes, at + 12 + length))
            next (at + 16 + length) (data :: found)

    next 0 [] |> List.map Tensorboard.Event.Parser.ParseFrom

let private eventsIn folder version =
    let file = Directory.GetFiles(Path.Combine(folder, "lightning_logs", $"version_{version}")) |> Array.exactlyOne
    Assert.startsWith "events.out.tfevents." (Path.GetFileName file)
    records (File.ReadAllBytes file)

[<Tests>]
let tests =
    torchTests
        "LoggerTests"
        [
            testCase "a CSV log has rows of steps and rows of epochs" (fun () ->
                inFolder (fun folder ->
                    let losses = ResizeArray()
                    let logger = CsvLogger.callback { CsvLogger.into folder with LogEveryNSteps = 3 }
                    use application = run losses 2 [ logger ] spec
                    let number (value: float) = value.ToString("R", Globalization.CultureInfo.InvariantCulture)

                    let metrics (epoch: EpochRecord) =
                        number epoch.Metrics["train_accuracy"] + "," + number epoch.Metrics["train_loss"]

                    let epochs = application.History.Epochs

                    Assert.equal
                        [
                            "epoch,step,train_loss_step,train_accuracy,train_loss"
                            $"0,2,{number losses[2]},,"
                            $"0,3,,{metrics epochs[0]}"
                            $"1,5,{number losses[5]},,"
                            $"1,7,,{metrics epochs[1]}"
                        ]
                        (lines (metricsIn folder 0))))

            testCase "each run has a version; one that is given goes on in its file" (fun () ->
                inFolder (fun folder ->
                    let logger = CsvLogger.callback { CsvLogger.into folder with LogEveryNSteps = 1 }
                    use data = points ()
                    use application = run (ResizeArray()) 1 [ logger ] spec
                    Trainer.continueWith { options 1 with Callbacks = [ logger ] } data application
                    Assert.equal [ Path.GetDirectoryName(metricsIn folder 1) ] application.LogDirs

                    Assert.equal
                        [ "1,4"; "1,5"; "1,6"; "1,7"; "1,7" ]
                        [ for line in List.tail (lines (metricsIn folder 1)) -> line.Substring(0, 3) ]

                    let same = CsvLogger.callback { CsvLogger.into folder with Version = Some 1 }

                    Trainer.continueWith
                        { options 1 with Callbacks = [ same ]; Validation = Some data }
                        data
                        application

                    Assert.equal [ Path.GetDirectoryName(metricsIn folder 1) ] application.LogDirs
                    let after = lines (metricsIn folder 1)

                    Assert.equal
                        "epoch,step,train_loss_step,train_accuracy,train_loss,val_accuracy,val_loss"
                        after.Head

                    Assert.equal 7 after.Length
                    Assert.startsWith "2,11,," (List.last after)
                    // The file is a table that can be read.
                    Assert.equal 6 (History.loadCsv (metricsIn folder 1)).Epochs.Length
                    Assert.equal 2 (Directory.GetDirectories(Path.Combine(folder, "lightning_logs"))).Length))

            testCase "whoever reads a log meanwhile, or after a run was killed, finds whole lines" (fun () ->
                inFolder (fun folder ->
                    let mutable seen = 0

                    let look =
                        Callback.onBatchEnd (fun _ batch ->
                            let text = File.ReadAllText(metricsIn folder 0)
                            Assert.endsWith "\n" text
                            // The header, a row of each step, and those of the epochs before.
                            let rows = int batch.Step + batch.Epoch
                            Assert.equal (1 + rows) (lines (metricsIn folder 0)).Length
                            seen <- seen + 1)

                    let csv = CsvLogger.callback { CsvLogger.into folder with LogEveryNSteps = 1 }
                    use _application = run (ResizeArray()) 3 [ csv; look ] spec
                    Assert.equal 12 seen))

            testCase "gradients that are only gathered make no row" (fun () ->
                inFolder (fun folder ->
                    use data = points ()
                    let logger = CsvLogger.callback { CsvLogger.into folder with LogEveryNSteps = 1; Name = "" }

                    use _application =
                        Trainer.fit { options 1 with AccumulateBatches = 3; Callbacks = [ logger ] } data spec

                    let rows = lines (Path.Combine(folder, "version_0", "metrics.csv")) |> List.tail

                    Assert.equal
                        [ "0,0,"; "0,1,"; "0,1,," ]
                        (List.map2 (fun (row: string) length -> row.Substring(0, length)) rows [ 4; 4; 5 ])))

            testCase "an event file is what TensorBoard reads" (fun () ->
                // The check value of CRC-32C.
                Assert.equal 0xE3069283u (crc (Encoding.ASCII.GetBytes "123456789"))

                inFolder (fun folder ->
                    let losses = ResizeArray()
                    let logger = TensorBoardLogger.callback { TensorBoardLogger.into folder with LogEveryNSteps = 2 }
                    use application = run losses 1 [ logger ] spec
                    let before = DateTimeOffset.UtcNow.ToUnixTimeSeconds()
                    let events = eventsIn folder 0
                    Assert.equal "brain.Event:2" events.Head.FileVersion

                    for event in events do
                        Assert.inRange (float (before - 600L)) (float (before + 600L)) event.WallTime

                    let metrics = application.History.Epochs.Head.Metrics

                    Assert.equal
                        [
                            1L, [ "train_loss_step", float32 losses[1]; "epoch", 0.0f ]
                            3L, [ "train_loss_step", float32 losses[3]; "epoch", 0.0f ]
                            3L,
                            [
                                "train_accuracy", float32 metrics["train_accuracy"]
                                "train_loss", float32 metrics["train_loss"]
                                "epoch", 0.0f
                            ]
                        ]
                        [
                            for event in events.Tail do
                                event.Step, [ for value in event.Summary.Value -> value.Tag, value.SimpleValue ]
                        ]))

            testCase "a record damaged by one bit has another checksum" (fun () ->
                let whole = EventFile.record [| 1uy; 2uy; 3uy |]
                Assert.equal 19 whole.Length
                Assert.equal (masked [| 1uy; 2uy; 3uy |]) (BitConverter.ToUInt32(whole, 15))
                Assert.notEqual (masked [| 1uy; 2uy; 2uy |]) (BitConverter.ToUInt32(whole, 15)))

            testCase "the learning rate is logged as often as it changes, wherever the monitor stands" (fun () ->
                let halved = spec |> Module.configure "lr_scheduler" (Schedules.exponentialLR 0.5)
                let bySteps = halved |> Module.configure "lr_scheduler_interval" "step"
                let always = Some LoggingInterval.Step

                for interval, spec, ofSteps, ofEpochs in
                    [
                        None, halved, [], [ "0.001"; "0.0005" ]
                        None, bySteps, [ "0.0005"; "0.000125"; "3.125E-05"; "7.8125E-06" ], []
                        None, spec, [ "0.001"; "0.001"; "0.001"; "0.001" ], [ "0.001"; "0.001" ]
                        always, halved, [ "0.001"; "0.001"; "0.0005"; "0.0005" ], []
                        Some LoggingInterval.Epoch, spec, [], [ "0.001"; "0.001" ]
                    ] do
                    inFolder (fun folder ->
                        let logger = CsvLogger.callback { CsvLogger.into folder with LogEveryNSteps = 2 }
                        let monitor = LearningRateMonitor.callback { LoggingInterval = interval }
                        use _application = run (ResizeArray()) 2 [ monitor; logger ] spec
                        let table = [ for line in lines (metricsIn folder 0) -> List.ofArray (line.Split ',') ]
                        let column name = table.Head |> List.findIndex ((=) name)
                        let at = column "lr-Adam"
                        let isOfStep (row: string list) = row[column "train_loss_step"] <> ""
                        let steps, epochs = table.Tail |> List.partition isOfStep
                        let rates rows = rows |> List.map (List.item at) |> List.filter ((<>) "")
                        Assert.equal ofSteps (rates steps)
                        Assert.equal ofEpochs (rates epochs)))

            testCase "what is no setting is an error, as is a monitor without a logger" (fun () ->
                let into = CsvLogger.into "x"

                for wrong in
                    [
                        fun () -> CsvLogger.callback { into with SaveDir = " " }
                        fun () -> CsvLogger.callback { into with LogEveryNSteps = 0 }
                        fun () -> CsvLogger.callback { into with Version = Some -1 }
                        fun () -> TensorBoardLogger.callback { TensorBoardLogger.into "" with Name = "y" }
                    ] do
                    Assert.equal 1 (errorsOf (wrong >> ignore)).Length

                let monitor = LearningRateMonitor.callback LearningRateMonitor.defaults

                match refused [ monitor ] with
                | [ Malformed("LearningRateMonitor", _, "none among the callbacks") ] -> ()
                | other -> failtest $"%A{other}"

                // A file where a folder should be.
                inFolder (fun folder ->
                    let file = Path.Combine(folder, "file")
                    File.WriteAllText(file, "")

                    for logger in
                        [
                            CsvLogger.callback (CsvLogger.into file)
                            TensorBoardLogger.callback (TensorBoardLogger.into file)
                        ] do
                        match refused [ logger ] with
                        | [ Malformed(_, "a place that can be written", _) ] -> ()
                        | other -> failtest $"%A{other}"))
        ]
