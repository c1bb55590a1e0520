/// How runs end, what they keep, when they step, validate and change the step size, against what PyTorch Lightning did in the same
/// cases (reference/lightning.py). Where something is otherwise on purpose, the test says why.
module Deeplay.Tests.LightningTests

open System
open System.IO
open System.Text.Json
open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Torch
open TorchSharp
open Expecto
open Deeplay.Tests
open Deeplay.Tests.LoweringHelp
open Deeplay.Tests.TrainingHelp

let private cases (table: string) = Recorded.read "reference" "lightning" |> _.GetProperty(table) |> Recorded.items

/// What a row has under a name; None where it has none, or null.
let private field (row: JsonElement) (name: string) : JsonElement option =
    match row.TryGetProperty name with
    | true, value when value.ValueKind <> JsonValueKind.Null -> Some value
    | _ -> None

let private number (json: JsonElement) =
    match json.ValueKind with
    | JsonValueKind.String ->
        match json.GetString() with
        | "nan" -> nan
        | "inf" -> infinity
        | "-inf" -> -infinity
        | other -> failtest other
    | _ -> json.GetDouble()

let private numbersOf (row: JsonElement) (name: string) = Recorded.items (row.GetProperty name) |> List.map number

let private whole (row: JsonElement) (name: string) = field row name |> Option.map _.GetInt32()
let private sizeOf (row: JsonElement) (name: string) = (row.GetProperty name).GetInt32()

let private modeOf (rule: JsonElement) =
    match field rule "mode" |> Option.map _.GetString() with
    | Some "max" -> MonitorMode.Max
    | _ -> MonitorMode.Min

/// The examples of the recorded runs.
let private examples count =
    let column (value: int -> float32) = torch.tensor([| for i in 0 .. count - 1 -> value i |]).reshape(-1L, 1L)
    new Dataset(column (fun i -> float32 (1 + i % 5) / 4.0f), column (fun i -> float32 (2 - i % 3)))

let private course = Metric.define "Course" []

/// A slope that is fitted to numbers, and what validation measures as `val_course`.
let private line rate =
    Applications.regressor (Layers.linear 1 1 |> Module.configure "bias" false)
    |> Module.configure "loss" Losses.mse
    |> Module.configure "val_metrics" [ Module.create [] course ]
    |> steppedBy (Optimizers.sgd rate)

/// Trains it. `values` is the course of what is measured, by the epochs in which it may be.
let private fit (start: float) (values: float list) (change: FitOptions -> FitOptions) count spec =
    let mutable epoch = 0

    let measured _ _ =
        let value = if values.IsEmpty then 0.0 else values[epoch]
        torch.tensor (value, dtype = torch.float64)

    let lowerings = Lowering.standard |> Lowering.add course (fun _ -> Metric.ofAll measured)
    let build = { optionsFor [] with Lowerings = lowerings }
    use data = examples count
    use validation = examples 1
    let application = Application.build build [ 1L ] spec
    use noGrad = torch.no_grad ()
    use first = Numbers.real start
    application.Module.get_parameter("model.weight").fill_ first |> ignore
    noGrad.Dispose()
    let next = Callback.onEpochEnd (fun _ _ -> epoch <- epoch + 1)
    let options = change { options 1 with BatchSize = 1L; Shuffle = false; Validation = Some validation }
    Trainer.continueWith { options with Callbacks = options.Callbacks @ [ next ] } data application
    application

let private monitorOf name = if name = "val_loss" then "val_course" else name

/// A test for each row of a table.
let private each (title: string) (table: string) (work: JsonElement -> unit) =
    testList title [ for i, row in List.indexed (cases table) -> testCase (string i) (fun () -> work row) ]

[<Tests>]
let tests =
    torchTests
        "LightningTests"
        [
            each "early stopping" "stopping" (fun row ->
                let reasons =
                    Map.ofList
                        [
                            "check_finite", "is no finite number"
                            "stopping_threshold", "is better than"
                            "divergence_threshold", "is worse than"
                            "patience", "was no better than"
                        ]

                let rule = row.GetProperty "rule"
                let flag name = field rule name |> Option.map _.GetBoolean() |> Option.defaultValue true
                let values = numbersOf row "course"

                let early =
                    { EarlyStopping.defaults with
                        Monitor = monitorOf ((row.GetProperty "monitor").GetString())
                        Mode = modeOf rule
                        Patience = whole rule "patience" |> Option.defaultValue 3
                        MinDelta = field rule "min_delta" |> Option.map number |> Option.defaultValue 0.0
                        CheckFinite = flag "check_finite"
                        Strict = flag "strict"
                        StoppingThreshold = field rule "stopping_threshold" |> Option.map number
                        DivergenceThreshold = field rule "divergence_threshold" |> Option.map number
                    }

                let watch (options: FitOptions) =
                    { options with MaxEpochs = values.Length; Callbacks = [ EarlyStopping.callback early ] }

                use application = line 0.0 |> fit 0.0 values watch 1
                let told = row.GetRawText()
                Expect.equal application.History.Epochs.Length (sizeOf row "epochs") told

                match field row "reason" |> Option.map _.GetString(), application.Stopped with
                | None, None -> ()
                | Some reason, Some found -> Expect.stringContains found reasons[reason] told
                | _, found -> failtest $"{told}: %A{found}")

            each "the best and the last checkpoints" "checkpoints" (fun row ->
                let rule = row.GetProperty "rule"
                let values = numbersOf row "course"

                inFolder (fun folder ->
                    let isMonitored = fst (rule.TryGetProperty "monitor") |> not

                    let keep =
                        { ModelCheckpoint.into folder with
                            FileName = "{epoch}"
                            Monitor = if isMonitored then Some "val_course" else None
                            Mode = modeOf rule
                            SaveTopK = whole rule "save_top_k" |> Option.defaultValue 1
                            SaveLast = (field rule "save_last").IsSome
                            EveryEpochs = whole rule "every_n_epochs" |> Option.defaultValue 1
                        }

                    let watch (options: FitOptions) =
                        { options with MaxEpochs = values.Length; Callbacks = [ ModelCheckpoint.callback keep ] }

                    use application = line 0.0 |> fit 0.0 values watch 1
                    let told = row.GetRawText()

                    let expected =
                        [
                            for file in (row.GetProperty "files").EnumerateObject() ->
                                file.Name, file.Value.GetInt32()
                        ]

                    // The epoch that a file was written after is the last one of its history.
                    let epochIn (path: string) =
                        let texts, tensors = Safetensors.load path

                        for tensor in tensors.Values do
                            tensor.Dispose()

                        (HistoryJson.read path texts["deeplay.history"]).Epochs |> List.last |> _.Epoch

                    let found =
                        [
                            for path in Directory.GetFiles folder ->
                                Path.GetFileNameWithoutExtension path, epochIn path
                        ]

                    Expect.equal (List.sort found) (List.sort expected) told

                    Expect.equal
                        (application.Saved |> List.tryHead |> Option.map _.Epoch)
                        (whole row "best")
                        $"best: {told}"))

            each "steps over several batches, with a rest" "accumulation" (fun row ->
                let steps = ResizeArray()
                let mutable made = 0L

                let watch =
                    Callback.onBatchEnd (fun run batch ->
                        if batch.Step > made then
                            made <- batch.Step
                            let weight = numbers (run.Application.Module.get_parameter "model.weight")
                            steps.Add(batch.Epoch, int batch.Batch, weight.Head))

                let change (options: FitOptions) =
                    { options with
                        MaxEpochs = sizeOf row "max_epochs"
                        BatchSize = int64 (sizeOf row "batch")
                        AccumulateBatches = sizeOf row "accumulate"
                        MaxSteps = whole row "max_steps" |> Option.map int64
                        Callbacks = [ watch ]
                    }

                use _application = line 0.25 |> fit 0.5 [] change (sizeOf row "examples")
                let told = row.GetRawText()
                let expected = [ for step in Recorded.items (row.GetProperty "steps") -> Recorded.items step ]
                Expect.equal steps.Count expected.Length told

                for (epoch, batch, weight), step in Seq.zip steps expected do
                    Expect.equal (epoch, batch) (step[0].GetInt32(), step[1].GetInt32()) told
                    Expect.isTrue (abs (weight - step[2].GetDouble()) < 1e-6) $"{weight} in {told}")

            each "when validation is run, and how long a run is" "validation" (fun row ->
                let mutable batches = 0
                let validated = ResizeArray()
                let count, epochs = sizeOf row "examples", sizeOf row "max_epochs"

                // Early stopping wants it to end after this epoch.
                let stops = whole row "stops"
                let values = [ for epoch in 0 .. epochs - 1 -> if Some epoch = stops then 2.0 else 0.0 ]

                let early =
                    { EarlyStopping.defaults with
                        Monitor = "val_course"
                        DivergenceThreshold = Some 1.0
                        Patience = 99
                    }

                let change (options: FitOptions) =
                    { options with
                        MaxEpochs = epochs
                        MaxSteps = whole row "max_steps" |> Option.map int64
                        MinEpochs = whole row "min_epochs"
                        MinSteps = whole row "min_steps" |> Option.map int64
                        ValidateEvery = whole row "check_val_every_n_epoch" |> Option.defaultValue 1
                        Callbacks =
                            [
                                Callback.onBatchEnd (fun _ _ -> batches <- batches + 1)
                                Callback.onEpochEnd (fun _ epoch ->
                                    if epoch.Metrics.ContainsKey "val_loss" then validated.Add batches)
                                if stops.IsSome then EarlyStopping.callback early
                            ]
                    }

                use application = line 0.0 |> fit 0.0 values change count
                let told = row.GetRawText()
                let expected = Recorded.items (row.GetProperty "validated") |> List.map _.GetInt32()
                let ran = sizeOf row "batches"
                Expect.equal batches ran told
                let isCut = ran % count <> 0

                let expected =
                    match field row "max_steps" with
                    // A run that has all its steps is over, within an epoch too: what it leaves is validated, which Lightning
                    // does not, as after any epoch in which it is due.
                    | Some _ when isCut && (ran / count + 1) % (change Fit.defaults).ValidateEvery = 0 ->
                        expected @ [ ran ]
                    // What is stopped within an epoch goes on there when it is trained on: its epoch is not over, and it is not
                    // validated, which Lightning does.
                    | None when isCut -> expected |> List.filter (fun batches -> batches % count = 0)
                    | _ -> expected

                Expect.equal (List.ofSeq validated) expected told
                // A wish to end that was never heard is no reason.
                Expect.equal application.Stopped.IsSome (stops.IsSome && ran < count * epochs) told)

            each "the step size of each step" "schedules" (fun row ->
                let arguments = (row.GetProperty "arguments").EnumerateObject()

                let schedule =
                    Module.create
                        [ for argument in arguments -> argument.Name, valueOf argument.Value ]
                        (Registries.standard.Definitions[(row.GetProperty "kind").GetString()])

                let spec =
                    line 0.5
                    |> Module.configure "lr_scheduler" schedule
                    |> Module.configure "lr_scheduler_interval" ((row.GetProperty "interval").GetString())
                    |> Module.configure "lr_scheduler_frequency" (sizeOf row "frequency")
                    |> Module.configure "lr_scheduler_monitor" "val_course"

                let rates = ResizeArray()
                let mutable made = 0L

                let watch =
                    Callback.onBatchEnd (fun run batch ->
                        if batch.Step > made then
                            made <- batch.Step
                            rates.Add run.Application.Optimizer.LearningRate)

                let change (options: FitOptions) =
                    { options with
                        MaxEpochs = sizeOf row "max_epochs"
                        AccumulateBatches = sizeOf row "accumulate"
                        ValidateEvery = sizeOf row "every"
                        Callbacks = [ watch ]
                    }

                use _application = spec |> fit 0.0 (numbersOf row "course") change (sizeOf row "examples")
                let expected = numbersOf row "rates"
                Expect.equal rates.Count expected.Length (row.GetRawText())

                for rate, wanted in Seq.zip rates expected do
                    // PyTorch's chains of products and our closed forms differ by rounding.
                    let close = abs (rate - wanted) <= 1e-12
                    Expect.isTrue close $"{rate} for {wanted} in {row.GetRawText()}")
        ]
