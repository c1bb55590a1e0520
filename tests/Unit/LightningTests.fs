/// When runs step, validate and change the step size, against what PyTorch Lightning did in the same cases (reference/lightning.py).
/// Where something is otherwise on purpose, the test says why.
module Deeplay.Tests.LightningTests

open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Torch
open Expecto
open Deeplay.Tests
open Deeplay.Tests.LightningHelp
open Deeplay.Tests.LoweringHelp
open Deeplay.Tests.TrainingHelp

[<Tests>]
let tests =
    torchTests
        "LightningTests"
        [
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

                let within = field row "val_check_interval"

                let overEpochs =
                    field row "check_val_every_n_epoch" = None && fst (row.TryGetProperty "check_val_every_n_epoch")

                let change (options: FitOptions) =
                    { options with
                        MaxEpochs = epochs
                        MaxSteps = whole row "max_steps" |> Option.map int64
                        AccumulateBatches = whole row "accumulate_grad_batches" |> Option.defaultValue 1
                        ValidateWithin =
                            within
                            |> Option.map (fun interval ->
                                if interval.GetRawText().Contains '.' then
                                    ValidationInterval.EpochPart(interval.GetDouble())
                                elif overEpochs then
                                    ValidationInterval.RunBatches(interval.GetInt64())
                                else
                                    ValidationInterval.Batches(interval.GetInt64()))
                        MinEpochs = whole row "min_epochs"
                        MinSteps = whole row "min_steps" |> Option.map int64
                        ValidateEvery = whole row "check_val_every_n_epoch" |> Option.defaultValue 1
                        Callbacks =
                            [
                                Callback.onBatchEnd (fun _ _ -> batches <- batches + 1)
                                Callback.onValidationEnd (fun _ _ -> validated.Add batches)
                                if stops.IsSome then EarlyStopping.callback early
                            ]
                    }

                use application = line 0.0 |> fit 0.0 values change count
                let told = row.GetRawText()
                let expected = Recorded.items (row.GetProperty "validated") |> List.map _.GetInt32()
                let ran = sizeOf row "batches"
                Expect.equal batches ran told
                let isCut = within.IsNone && ran % count <> 0

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
                let recorded = numbersOf row "rates"
                let frequency = sizeOf row "frequency"
                let isByStep = (row.GetProperty "interval").GetString() = "step"

                let expected =
                    if isByStep && sizeOf row "examples" % frequency <> 0 then
                        // Lightning looks at the number of the batch in its epoch, so that counting begins anew with each; its
                        // documentation says "how many steps should pass between calls", which is what is done here.
                        let halvings = [ for step in 0 .. recorded.Length - 1 -> step / frequency ]
                        let expected = halvings |> List.map (fun times -> 0.5 ** float (1 + times))
                        Expect.notEqual expected recorded "it is otherwise"
                        expected
                    else
                        recorded

                Expect.equal rates.Count expected.Length (row.GetRawText())

                for rate, wanted in Seq.zip rates expected do
                    // PyTorch's chains of products and our closed forms differ by rounding.
                    let close = abs (rate - wanted) <= 1e-12
                    Expect.isTrue close $"{rate} for {wanted} in {row.GetRawText()}")
        ]
