/// When runs end early, and what they keep, against what PyTorch Lightning did in the same cases (reference/lightning.py).
module Deeplay.Tests.LightningCallbackTests

open System.IO
open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Torch
open Expecto
open Deeplay.Tests
open Deeplay.Tests.LightningHelp
open Deeplay.Tests.LoweringHelp
open Deeplay.Tests.TrainingHelp

// All epochs at once, and in two parts.
let private inRuns epochs =
    [
        [ epochs ]
        for first in [ 1; 4 ] do
            if first < epochs then [ first; epochs - first ]
    ]

[<Tests>]
let tests =
    torchTests
        "LightningCallbackTests"
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

                let told = row.GetRawText()

                // A run that is gone on with is the run.
                for runs in inRuns values.Length do
                    use application = line 0.0 |> fitInRuns runs 0.0 values watch 1
                    Expect.equal application.History.Epochs.Length (sizeOf row "epochs") told

                    match field row "reason" |> Option.map _.GetString(), application.Stopped with
                    | None, None -> ()
                    | Some reason, Some found -> Expect.stringContains found reasons[reason] told
                    | _, found -> failtest $"{told}: %A{found}")

            each "the best and the last checkpoints" "checkpoints" (fun row ->
                let rule = row.GetProperty "rule"
                let values = numbersOf row "course"

                let check runs folder =
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

                    use application = line 0.0 |> fitInRuns runs 0.0 values watch 1
                    let told = row.GetRawText()

                    let expected =
                        [ for file in (row.GetProperty "files").EnumerateObject() -> file.Name, file.Value.GetInt32() ]

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
                        $"best: {told}"

                for runs in inRuns values.Length do
                    inFolder (check runs))
        ]
