/// How step sizes change with time, against what PyTorch's schedules give (reference/schedules.py).
module Deeplay.Tests.ScheduleTests

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

let private linear = classifier [ Layers.linear 2 2 ]

let private paced (schedule: ModuleSpec) (spec: ModuleSpec) = spec |> Module.configure "lr_scheduler" schedule

/// A recorded schedule: its class and arguments, of which some are schedules in turn.
let rec private scheduleOf (kind: string) (arguments: JsonElement) : ModuleSpec =
    let value (json: JsonElement) =
        let isSchedule (item: JsonElement) = item.ValueKind = JsonValueKind.Array

        if json.ValueKind = JsonValueKind.Array && Seq.forall isSchedule (json.EnumerateArray()) then
            List [ for item in json.EnumerateArray() -> Value.Module(scheduleOf (item[0].GetString()) item[1]) ]
        else
            valueOf json

    Module.create
        [ for argument in arguments.EnumerateObject() -> argument.Name, value argument.Value ]
        (Registries.standard.Definitions[kind])

let private rates (application: Application) = [ for epoch in application.History.Epochs -> epoch.Metrics["lr"] ]

let private close (a: float) (b: float) = abs (a - b) <= 1e-9 * max 1e-3 (abs b)

[<Tests>]
let tests =
    torchTests
        "ScheduleTests"
        [
            testCase "schedules give what PyTorch's give" (fun () ->
                use document =
                    JsonDocument.Parse(
                        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "reference", "schedules.json"))
                    )

                let kinds = ResizeArray<string>()
                let momentum = Optimizers.sgd 0.1 |> Module.configure Optimizers.momentum 0.9

                for row in document.RootElement.EnumerateArray() do
                    let kind = row.GetProperty("kind").GetString()
                    let numbers (name: string) = [ for n in row.GetProperty(name).EnumerateArray() -> n.GetDouble() ]
                    let schedule = scheduleOf kind (row.GetProperty "arguments")
                    let spec = linear |> steppedBy momentum |> paced schedule
                    use application = Application.build (optionsFor []) [ 2L ] spec

                    let history (epochs: int) : History =
                        let record epoch value =
                            { Epoch = epoch; Step = 0L; Metrics = Map.ofList [ "val_loss", value ] }

                        { Epochs = List.mapi record (List.truncate epochs (numbers "course")) }

                    let lr = application.Optimizer.LearningRate
                    let found = [ for time in 0..13 -> (snd application.Paces.Head).At (int64 time, history time) lr ]
                    let told = $"{kind} {row.GetRawText()}"

                    Expect.isTrue
                        (List.forall2 close [ for rate in found -> rate.LearningRate ] (numbers "rates"))
                        $"{told}: %A{[ for rate in found -> rate.LearningRate ]}"

                    match numbers "momenta" with
                    | [] -> Expect.isTrue (found |> List.forall (fun rate -> rate.Momentum = ValueNone)) told
                    | momenta ->
                        Expect.isTrue
                            (List.forall2 close [ for rate in found -> ValueOption.get rate.Momentum ] momenta)
                            $"{told}: %A{[ for rate in found -> rate.Momentum ]}"

                    kinds.Add kind

                Assert.equal
                    (set
                        [
                            for definition in Registries.standard.Definitions.Values do
                                if definition.Is Schedules.definition && definition.Id <> "LRScheduler" then
                                    definition.Id
                        ])
                    (set kinds))

            testCase "a run steps with what its schedule says, by epochs or by steps" (fun () ->
                use data = points ()
                let halving = Schedules.stepLR 2 |> Module.configure Schedules.gamma 0.5
                let spec = linear |> steppedBy (Optimizers.sgd 0.4)
                use byEpochs = Trainer.fit (options 5) data (paced halving spec)
                Assert.equal [ 0.4; 0.4; 0.2; 0.2; 0.1 ] (rates byEpochs)

                // Four steps an epoch, whose last one is logged.
                let bySteps = paced halving spec |> Module.configure "lr_scheduler_interval" "step"
                use application = Trainer.fit (options 2) data bySteps
                Assert.equal [ 0.2; 0.05 ] (rates application)

                // By hand: the same steps with the same rates.
                use byHand = Trainer.fit (options 0) data spec
                use scheduled = Trainer.fit { options 1 with Shuffle = false } data bySteps

                for batch, rate in [ 0L, 0.4; 1L, 0.4; 2L, 0.2; 3L, 0.2 ] do
                    byHand.Optimizer.LearningRate <- rate
                    byHand.Optimizer.ZeroGrad()
                    use outputs = byHand.Network.call (data.Inputs.narrow (0L, 4L * batch, 4L))
                    use loss = byHand.Loss(outputs, data.Targets.narrow (0L, 4L * batch, 4L))
                    loss.backward ()
                    byHand.Optimizer.Step()

                Assert.equal (weights byHand) (weights scheduled))

            testCase "a run that goes on, from a file too, steps as the run that was not left" (fun () ->
                use data = points ()

                let cycle = Schedules.oneCycleLR 0.5 24 |> Module.configure Schedules.pctStart 0.25

                let plateau =
                    Schedules.reduceLROnPlateau
                    |> Module.configure Schedules.patience 0
                    |> Module.configure Schedules.threshold 0.5

                for schedule, interval in [ cycle, "step"; plateau, "epoch"; Schedules.exponentialLR 0.5, "epoch" ] do
                    let spec = paced schedule linear |> Module.configure "lr_scheduler_interval" interval
                    let options epochs = { options epochs with Validation = Some data }
                    use whole = Trainer.fit (options 6) data spec
                    use part = Trainer.fit (options 2) data spec
                    Trainer.continueWith (options 1) data part

                    inFile (fun path ->
                        Application.save path part
                        use loaded = Application.load "cpu" path
                        Trainer.continueWith (options 3) data loaded
                        Assert.equal (rates whole) (rates loaded)
                        Assert.equal (weights whole) (weights loaded)))

            testCase "a schedule is a child like any other, and one of one's own" (fun () ->
                use data = points ()
                let warmUp = Schedules.sequentialLR [ Schedules.linearLR; Schedules.cosineAnnealingLR 4 ] [ 2 ]
                let spec = linear |> steppedBy (Optimizers.sgd 0.1) |> paced warmUp

                let slower = spec |> Module.select "lr_scheduler/0" (Module.configure Schedules.startFactor 0.5)
                use application = Trainer.fit (options 3) data slower
                Assert.equal [ 0.05; 0.06; 0.1 ] [ for rate in rates application -> Math.Round(rate, 12) ]

                let own = Schedule.define "Tenth" []

                let lowerings =
                    Lowering.standard
                    |> Lowering.add own (fun _ -> Schedule.ofTime (fun rate time -> rate / 10.0 ** float time))

                use tenth =
                    Trainer.fit
                        { options 3 with Build = { optionsFor [] with Lowerings = lowerings } }
                        data
                        (linear |> steppedBy (Optimizers.sgd 1.0) |> paced (Module.create [] own))

                Assert.equal [ 1.0; 0.1; 0.01 ] (rates tenth))

            testCase "what is no schedule, or can't follow, is refused" (fun () ->
                use data = points ()

                let refused (spec: ModuleSpec) =
                    match errorsOf (fun () -> Trainer.fit (options 1) data spec) with
                    | [ error ] -> Error.describe error
                    | other -> failtest $"%A{other}"

                Assert.containsText "lr_scheduler (ReLU): it is no schedule" (refused (paced Layers.relu linear))

                Assert.containsText
                    "'cycle_momentum' must be False where the optimizer has no momentum"
                    (refused (linear |> steppedBy (Optimizers.sgd 0.1) |> paced (Schedules.oneCycleLR 0.1 10)))

                Assert.containsText
                    "one fewer than the 1 schedulers"
                    (String.concat
                        ""
                        [
                            for error in errorsOf (fun () -> Schedules.sequentialLR [ Schedules.linearLR ] [ 2 ]) ->
                                Error.describe error
                        ])

                use application = Trainer.fit (options 0) data (paced Schedules.reduceLROnPlateau linear)

                Assert.containsText
                    "ReduceLROnPlateau: expected to monitor one of lr, train_accuracy, train_loss, found 'val_loss'"
                    (Recorded.problem (fun () -> Trainer.continueWith (options 1) data application)))
        ]
