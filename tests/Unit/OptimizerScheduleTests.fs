/// Schedules of several optimizers in one application, and how step sizes are logged. References: the rates worked out here from
/// PyTorch's formulas; Lightning's documentation of LearningRateMonitor for the names.
module Deeplay.Tests.OptimizerScheduleTests

open System
open System.IO
open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Torch
open TorchSharp
open Expecto
open Deeplay.Tests
open Deeplay.Tests.LoweringHelp
open Deeplay.Tests.TrainingHelp

let private schedules = Param.specs "schedules" |> Param.withDefault []

/// Two layers, each with an optimizer of its own; the schedules are children `s0`, `s1`, …, but one that is no configuration is
/// `lr_scheduler`.
let private two =
    Application.define "Two" [ schedules ] (fun a ->
        init {
            let! first = child "first" (Layers.linear 2 2)
            let! second = child "second" (Layers.linear 2 2)
            let! _ = child "a" (Optimizers.sgd 0.5 |> Module.configure Optimizers.parameters "first")
            let! _ = child "b" (Optimizers.sgd 0.25 |> Module.configure Optimizers.parameters "second")

            for i, schedule in List.indexed (a.Get schedules) do
                let isConfig = schedule.Definition.Is Schedules.configDefinition
                let! _ = child (if isConfig then $"s{i}" else "lr_scheduler") schedule
                ()

            return forward (call first >> call second)
        })

let private with' (all: ModuleSpec list) =
    Module.create [ "schedules" => Value.List [ for one in all -> Value.Module one ] ] two

// The second one steps with every other batch only.
let private steps =
    TrainingSteps.train (fun step ->
        let loss () = step.Call("second", step.Call("first", step.Inputs)).abs().mean()
        step.Minimize("a", loss ())
        if step.Batch % 2L = 0L then step.Minimize("b", loss ()))

let private built = { optionsFor [] with Lowerings = Lowering.standard |> Lowering.addTraining two steps }
let private run epochs = { options epochs with Build = built }
let private halving = Schedules.exponentialLR 0.5

let private config name schedule = Schedules.lrSchedulerConfig schedule |> Module.configure Schedules.optimizer name
let private bySteps spec = Module.configure Schedules.interval "step" spec

/// With which step size each optimizer stands after each batch.
let private ratesOf epochs spec =
    use data = points ()
    let seen = ResizeArray()

    let watch =
        Callback.onBatchEnd (fun run _ ->
            let at name = run.Application.Optimizers[name].LearningRate
            seen.Add(at "a", at "b"))

    use _application = Application.fit { run epochs with Callbacks = [ watch ] } data spec
    List.ofSeq seen

let private problemOf (spec: ModuleSpec) =
    use data = points ()
    Recorded.problem (fun () -> Application.fit (run 1) data spec)

/// The step sizes that are logged in a run, by name.
let private logged (options: FitOptions) (spec: ModuleSpec) : Map<string, string list> =
    use data = points ()

    inFolder (fun folder ->
        let logger = CsvLogger.callback { CsvLogger.into folder with LogEveryNSteps = 1 }
        let callbacks = [ LearningRateMonitor.callback LearningRateMonitor.defaults; logger ]
        use application = Application.fit { options with Callbacks = callbacks } data spec

        let lines =
            [
                for line in File.ReadAllLines(Path.Combine(application.LogDirs.Head, "metrics.csv")) -> line.Split ','
            ]

        Map.ofList
            [
                for i, name in Array.indexed lines.Head do
                    if name.StartsWith("lr-", StringComparison.Ordinal) then
                        name,
                        [
                            for line in lines.Tail do
                                if line[i] <> "" then line[i]
                        ]
            ])

[<Tests>]
let tests =
    torchTests
        "OptimizerScheduleTests"
        [
            testCase "each optimizer goes by its own schedule, in its own time" (fun () ->
                // Two of four batches step the second: its time is that of its own steps.
                Assert.equal
                    [
                        0.5, 0.25
                        0.5, 0.25
                        0.5, 0.125
                        0.5, 0.125
                        0.25, 0.0625
                        0.25, 0.0625
                        0.25, 0.03125
                        0.25, 0.03125
                    ]
                    (ratesOf 2 (with' [ config "b" halving |> bySteps; config "a" halving ]))

                // `lr_scheduler` is that of who has none.
                Assert.equal
                    [ 0.5, 0.25; 0.5, 0.25; 0.5, 0.25; 0.5, 0.25; 0.05, 0.125; 0.05, 0.125; 0.05, 0.125; 0.05, 0.125 ]
                    (ratesOf 2 (with' [ Schedules.exponentialLR 0.1; config "b" halving ]))

                // So is a configuration that names none, and one alone leaves the other as it is.
                Assert.equal
                    [ 0.5, 0.25; 0.5, 0.25; 0.25, 0.25; 0.25, 0.25 ]
                    (ratesOf 1 (with' [ config "a" halving |> bySteps |> Module.configure Schedules.frequency 2 ]))

                Assert.equal
                    (ratesOf 2 (with' [ halving ]))
                    (ratesOf 2 (with' [ Schedules.lrSchedulerConfig halving ])))

            testCase "a schedule is a child that can be changed, and the history has each rate" (fun () ->
                use data = points ()

                let spec =
                    with' [ config "a" halving; config "b" (Schedules.stepLR 1) ]
                    |> Module.select "s1/scheduler" (Module.configure Schedules.gamma 0.5)

                use application = Application.fit (run 3) data spec
                Assert.equal [ 0.5; 0.25; 0.125 ] (application.History.Series "lr_a")
                Assert.equal [ 0.25; 0.125; 0.0625 ] (application.History.Series "lr_b"))

            testCase "a run that goes on from a file steps as the run that was not left" (fun () ->
                use data = points ()

                let plateau =
                    Schedules.reduceLROnPlateau
                    |> Module.configure Schedules.patience 0
                    |> Module.configure Schedules.threshold 0.5
                    |> config "a"
                    |> Module.configure Schedules.monitor "val_fit"

                let measured =
                    TrainingSteps.withValidation
                        (fun step -> step.Log("fit", step.Call("first", step.Inputs).mean()))
                        steps

                let build = { optionsFor [] with Lowerings = Lowering.standard |> Lowering.addTraining two measured }
                let run epochs = { options epochs with Build = build; Validation = Some data }
                let spec = with' [ plateau; config "b" (Schedules.cosineAnnealingLR 7) |> bySteps ]
                use whole = Application.fit (run 5) data spec

                // After the second epoch, and within the third.
                let within =
                    Callback.onBatchEnd (fun run batch -> if batch.Epoch = 2 && batch.Batch = 1L then run.Stop "Here.")

                for options in [ run 2; { run 5 with Callbacks = [ within ] } ] do
                    use part = Application.fit options data spec
                    Assert.equal 2 part.History.Epochs.Length

                    inFile (fun path ->
                        Application.save path part
                        let registry = Registries.standard |> Registry.add two
                        use loaded = Application.loadWith registry build path

                        for name in [ "a"; "b" ] do
                            Assert.equal part.Optimizers[name].Steps loaded.Optimizers[name].Steps

                        Application.fitMore (run 3) data loaded
                        Assert.equal (weights whole) (weights loaded)
                        Assert.equal (whole.History.Series "lr_a") (loaded.History.Series "lr_a")
                        Assert.equal (whole.History.Series "lr_b") (loaded.History.Series "lr_b"))

                Expect.isLessThan (List.last (whole.History.Series "lr_a")) 0.5 "it fell")

            testCase "a file from before tells of all steps together, and one with a wrong number is refused" (fun () ->
                use data = points ()
                use trained = Application.fit (run 1) data (with' [ config "b" halving |> bySteps ])
                Assert.equal (4L, 2L, 6L) (trained.Optimizers["a"].Steps, trained.Optimizers["b"].Steps, trained.Steps)

                inFile (fun path ->
                    Application.save path trained
                    use _scope = torch.NewDisposeScope()
                    let texts, tensors = Safetensors.load path
                    let key = "deeplay.steps.b"
                    Assert.equal "2" texts[key]
                    let load () = Application.loadWith (Registries.standard |> Registry.add two) built path
                    Safetensors.save path (Map.remove key texts) (Map.toList tensors)
                    use loaded = load ()
                    Assert.equal (4L, 6L) (loaded.Optimizers["a"].Steps, loaded.Optimizers["b"].Steps)
                    Safetensors.save path (Map.add key "-2" texts) (Map.toList tensors)
                    Assert.containsText $"{key}: expected a number of steps, found -2" (Recorded.problem load)))

            testCase "the only optimizer of a model with a loss may have one too" (fun () ->
                use data = points ()
                let spec schedule = classifier [ Layers.linear 2 2 ] |> Module.configure "lr_scheduler" schedule

                let rates (spec: ModuleSpec) =
                    use application = Application.fit (options 2) data spec
                    application.History.Series "lr"

                let told = spec (Schedules.lrSchedulerConfig halving |> bySteps)
                let apart = spec halving |> Module.configure "lr_scheduler_interval" "step"
                Assert.equal (rates apart) (rates told)

                Assert.containsText
                    "'lr_scheduler_frequency' must be 1 where lr_scheduler is an LRSchedulerConfig, which says it itself, but is 2"
                    (Recorded.problem (fun () -> rates (told |> Module.configure "lr_scheduler_frequency" 2))))

            testCase "what goes with no optimizer, or with one that has another, is refused" (fun () ->
                for all, expected in
                    [
                        [ config "c" halving ], "'optimizer' must be one of the optimizers: a, b, but is 'c'"
                        [ config "a" halving; config "a" halving ],
                        "s1 (LRSchedulerConfig): 'a' has another schedule already"
                        [ halving; Schedules.lrSchedulerConfig halving ],
                        "all optimizers have another schedule already"
                        [ halving; config "a" halving; config "b" halving ],
                        "lr_scheduler (ExponentialLR): no optimizer goes by it"
                        [ config "a" Layers.relu ], "s0.scheduler (ReLU): it is no schedule"
                        [ config "b" (Schedules.oneCycleLR 0.1 9) ], "'cycle_momentum' must be False"
                    ] do
                    Assert.containsText expected (problemOf (with' all)))

            testCase "step sizes are logged by Lightning's names" (fun () ->
                let both = logged (run 2) (with' [ halving; config "b" halving |> bySteps ])

                // One for each epoch, and one for each step that is logged.
                Assert.equal
                    (Map.ofList
                        [
                            "lr-SGD", [ "0.5"; "0.25" ]
                            "lr-SGD-1", [ "0.25"; "0.25"; "0.125"; "0.125"; "0.0625"; "0.0625"; "0.03125"; "0.03125" ]
                        ])
                    both

                let group selector settings =
                    let configure spec (name: string, value: Value) = Module.configure name value spec
                    Value.Module(List.fold configure (Optimizers.parameterGroup selector) settings)

                let grouped groups =
                    classifier [ Layers.linear 2 2; Layers.linear 2 2; Layers.linear 2 2 ]
                    |> steppedBy (Optimizers.adam 0.5 |> Module.configure "param_groups" (Value.List groups))
                    |> Module.configure "lr_scheduler" halving
                    |> logged (options 2)

                Assert.equal
                    (Map.ofList
                        [
                            "lr-Adam/pg1", [ "0.125"; "0.0625" ]
                            "lr-Adam/pg2", [ "0.5"; "0.25" ]
                            "lr-Adam/pg3", [ "0.5"; "0.25" ]
                        ])
                    (grouped
                        [
                            group "model/0/weight" [ "lr" => 0.125 ]
                            group "model/1" [ "frozen" => true ]
                            group ".../bias" [ "weight_decay" => 0.1 ]
                        ])

                // All of them are in a group.
                Assert.equal
                    (Map.ofList [ "lr-Adam", [ "0.125"; "0.0625" ] ])
                    (grouped [ group "model" [ "lr" => 0.125 ] ]))
        ]
