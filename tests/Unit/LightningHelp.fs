/// Runs as PyTorch Lightning's were that are recorded in reference/lightning.json.
module Deeplay.Tests.LightningHelp

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

let cases (table: string) = Recorded.read "reference" "lightning" |> _.GetProperty(table) |> Recorded.items

/// What a row has under a name; None where it has none, or null.
let field (row: JsonElement) (name: string) : JsonElement option =
    match row.TryGetProperty name with
    | true, value when value.ValueKind <> JsonValueKind.Null -> Some value
    | _ -> None

let number (json: JsonElement) =
    match json.ValueKind with
    | JsonValueKind.String ->
        match json.GetString() with
        | "nan" -> nan
        | "inf" -> infinity
        | "-inf" -> -infinity
        | other -> failtest other
    | _ -> json.GetDouble()

let numbersOf (row: JsonElement) (name: string) = Recorded.items (row.GetProperty name) |> List.map number

let whole (row: JsonElement) (name: string) = field row name |> Option.map _.GetInt32()
let sizeOf (row: JsonElement) (name: string) = (row.GetProperty name).GetInt32()

let modeOf (rule: JsonElement) =
    match field rule "mode" |> Option.map _.GetString() with
    | Some "max" -> MonitorMode.Max
    | _ -> MonitorMode.Min

/// The examples of the recorded runs.
let examples count =
    let column (value: int -> float32) = torch.tensor([| for i in 0 .. count - 1 -> value i |]).reshape(-1L, 1L)
    new Dataset(column (fun i -> float32 (1 + i % 5) / 4.0f), column (fun i -> float32 (2 - i % 3)))

let course = Metric.define "Course" []

/// A slope that is fitted to numbers, and what validation measures as `val_course`.
let line rate =
    Applications.regressor (Layers.linear 1 1 |> Module.configure "bias" false)
    |> Module.configure "loss" Losses.mse
    |> Module.configure "val_metrics" [ Module.create [] course ]
    |> steppedBy (Optimizers.sgd rate)

/// Trains it in runs of so many epochs, each on what the one before saved. `values` is the course of what is measured, by the epochs
/// in which it may be. What stops a run stops all.
let fitInRuns
    (runs: int list)
    (start: float)
    (values: float list)
    (change: FitOptions -> FitOptions)
    count
    spec
    : Application =
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
    let options = { options with Callbacks = options.Callbacks @ [ next ] }

    let goOn (application: Application) epochs =
        if application.Stopped.IsSome then
            application
        else
            inFile (fun path ->
                Checkpoint.save path application
                (application :> IDisposable).Dispose()
                let loaded = Checkpoint.load "" (Registries.standard |> Registry.add course) build path
                Trainer.continueWith { options with MaxEpochs = epochs } data loaded
                loaded)

    Trainer.continueWith { options with MaxEpochs = runs.Head } data application
    List.fold goOn application runs.Tail

/// Trains it in one run.
let fit start values (change: FitOptions -> FitOptions) =
    fitInRuns [ (change Fit.defaults).MaxEpochs ] start values change

let monitorOf name = if name = "val_loss" then "val_course" else name

/// A test for each row of a table.
let each (title: string) (table: string) (work: JsonElement -> unit) =
    testList title [ for i, row in List.indexed (cases table) -> testCase (string i) (fun () -> work row) ]
