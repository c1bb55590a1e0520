/// How a run goes: when it ends, what it leaves, who may draw random numbers meanwhile. Rules: Lightning's documentation of Trainer,
/// EarlyStopping and ModelCheckpoint.
module Deeplay.Tests.RunTests

open System
open System.IO
open System.Threading
open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Torch
open TorchSharp
open Expecto
open Deeplay.Tests
open Deeplay.Tests.LoweringHelp
open Deeplay.Tests.TrainingHelp

let private spec = classifier [ Layers.dropout 0.5; Layers.linear 2 2 ]

/// How often a rule of early stopping lets a course of values go on: the number of epochs that were run.
let private epochsOf (rule: EarlyStopping) (values: float list) =
    let rec go state (values: float list) ran =
        match values with
        | [] -> ran
        | value :: later ->
            match EarlyStopping.judge rule "epochs" state value with
            | state, None -> go state later (ran + 1)
            | _, Some _ -> ran + 1

    go { Best = (if rule.Mode = MonitorMode.Min then infinity else -infinity); Waited = 0 } values 0

[<Tests>]
let tests =
    torchTests
        "RunTests"
        [
            testCase "a step size is looked for by Lightning's rules, and nothing is left of it" (fun () ->
                // Slopes between neighbours: the fifteenth of these falls fastest, the first ten and the last are left out.
                let course = [ 9.0; 1.0 ] @ List.replicate 10 5.0 @ [ 5.0; 4.9; 4.5; 3.0; 2.9; 2.9; 0.0 ]
                Assert.equal (Some 14) (LearningRateFinder.steepest course)
                Assert.equal None (LearningRateFinder.steepest (List.truncate 12 course))
                let finder = { LearningRateFinder.defaults with NumTraining = 4; MinLr = 0.001; MaxLr = 10.0 }
                let close a b = Expect.floatClose Accuracy.high a b "rate"

                List.iter2
                    close
                    [ for i in 0..4 -> LearningRateFinder.rateOf finder i ]
                    [ 0.001; 0.01; 0.1; 1.0; 10.0 ]

                let linear = { finder with IsExponential = false; MinLr = 1.0; MaxLr = 5.0 }
                List.iter2 close [ for i in 0..4 -> LearningRateFinder.rateOf linear i ] [ 1.0; 2.0; 3.0; 4.0; 5.0 ]

                use data = points ()
                let spec = classifier [ Layers.linear 2 8; Layers.relu; Layers.linear 8 2 ]
                let whole = { LearningRateFinder.defaults with EarlyStopThreshold = None }
                let before = torch.get_rng_state().data<byte>().ToArray()
                let curve = spec |> Application.findLearningRate whole (options 1) data
                Assert.equal before (torch.get_rng_state().data<byte>().ToArray())
                Assert.equal 100 curve.Rates.Length
                close curve.Rates.Head 1e-8
                close (List.last curve.Rates) (1e-8 ** 0.01)
                // Nothing is learned at first: the mean of one batch after another.
                Assert.isTrue (curve.Losses |> List.forall (fun loss -> loss > 0.0))
                let schedule = Module.configure "lr_scheduler" (Schedules.exponentialLR 0.1) spec
                Assert.equal curve (schedule |> Application.findLearningRate whole (options 1) data)
                // SGD blows up before a step size of a million, and the run ends.
                let steep = { LearningRateFinder.defaults with MaxLr = 1e6 }
                let sgd = spec |> steppedBy (Optimizers.sgd 0.1)
                let stopped = sgd |> Application.findLearningRate steep (options 1) data
                Expect.isLessThan stopped.Rates.Length 100 "it ends"
                let least = List.min (List.truncate (stopped.Losses.Length - 1) stopped.Losses)
                let last = List.last stopped.Losses
                Assert.isTrue (last > 4.0 * least || Double.IsNaN last)
                let none = { finder with MinLr = 0.0 }

                Assert.throws<DeeplayException>(fun () ->
                    spec |> Application.findLearningRate none (options 1) data |> ignore)
                |> fun error -> Assert.containsText "positive step size" error.Message)

            testCase "early stopping waits as Lightning does" (fun () ->
                let rule = EarlyStopping.defaults
                let up = { rule with Mode = MonitorMode.Max }

                for rule, values, expected in
                    [
                        // Three in a row that are no better, and none after them.
                        rule, [ 1.0; 0.9; 0.9; 0.9; 0.9; 0.1 ], 5
                        rule, [ 1.0; 0.9; 1.0; 0.8; 0.9; 0.9; 0.9 ], 7
                        rule, [ 1.0; 2.0; 3.0; 0.5; 2.0; 2.0 ], 6
                        { rule with Patience = 1 }, [ 1.0; 1.0; 0.5 ], 2
                        { rule with Patience = 0 }, [ 1.0; 0.9; 1.0; 0.5 ], 3
                        // Better by no more than min_delta is no better.
                        { rule with MinDelta = 0.1; Patience = 2 }, [ 1.0; 0.95; 0.9; 0.5 ], 3
                        { rule with MinDelta = 0.1; Patience = 2 }, [ 1.0; 0.95; 0.8; 0.5 ], 4
                        up, [ 0.1; 0.2; 0.2; 0.2; 0.2; 0.9 ], 5
                        { up with MinDelta = 0.1; Patience = 1 }, [ 0.1; 0.15; 0.9 ], 2
                        rule, [ 1.0; nan; 0.5 ], 2
                        { rule with CheckFinite = false }, [ 1.0; nan; 0.5; 0.4 ], 4
                        rule, [ infinity; 0.5 ], 1
                        { rule with StoppingThreshold = Some 0.3 }, [ 0.5; 0.3; 0.29; 0.1 ], 3
                        { up with StoppingThreshold = Some 0.9 }, [ 0.5; 0.9; 0.91; 0.95 ], 3
                        { rule with DivergenceThreshold = Some 2.0 }, [ 1.0; 2.0; 2.1; 0.1 ], 3
                        { up with DivergenceThreshold = Some 0.2 }, [ 0.3; 0.2; 0.1; 0.9 ], 3
                    ] do
                    Expect.equal (epochsOf rule values) expected $"%A{rule} over %A{values}")

            testCase "a run ends early, and says why" (fun () ->
                use data = points ()
                // It gets no better than a number that nothing reaches.
                let rule = { EarlyStopping.defaults with MinDelta = 1000.0; Patience = 2; Monitor = "train_loss" }
                let options = { options 10 with Callbacks = [ EarlyStopping.callback rule ] }
                use application = Trainer.fit options data spec
                Assert.equal 3 application.History.Epochs.Length
                Assert.containsText "train_loss was no better than" application.Stopped.Value

                // Another run counts on, and one that goes on to its end has no reason.
                Trainer.continueWith options data application
                Assert.equal 4 application.History.Epochs.Length
                Trainer.continueWith { options with Callbacks = [] } data application
                Assert.equal None application.Stopped

                for callback in
                    [
                        EarlyStopping.callback { rule with Monitor = "train_los" }
                        EarlyStopping.callback { rule with Monitor = "val_loss" }
                        ModelCheckpoint.callback { ModelCheckpoint.into "x" with Monitor = Some "accuracy" }
                    ] do
                    Assert.containsText
                        "to monitor one of train_accuracy, train_loss"
                        (Recorded.problem (fun () ->
                            Trainer.continueWith { options with Callbacks = [ callback ] } data application)))

            testCase "validation every so often, and callbacks that wait for it" (fun () ->
                use data = points ()
                let seen = ResizeArray()

                let watch =
                    Callback.onEpochEnd (fun _ epoch -> seen.Add(epoch.Epoch, epoch.Metrics.ContainsKey "val_loss"))

                let early = EarlyStopping.callback { EarlyStopping.defaults with MinDelta = 1000.0; Patience = 1 }

                let options =
                    { options 9 with Validation = Some data; ValidateEvery = 2; Callbacks = [ watch; early ] }

                use application = Trainer.fit options data spec
                Assert.equal [ 0, false; 1, true; 2, false; 3, true ] (List.ofSeq seen)
                Assert.equal 4 application.History.Epochs.Length)

            testCase "a batch may be larger than all there is" (fun () ->
                use data = points ()
                use application = Trainer.fit { options 2 with BatchSize = Int64.MaxValue } data spec
                Assert.equal (2L, 2) (application.Steps, application.History.Epochs.Length)
                Expect.isTrue (Double.IsFinite(application.History.Series("train_loss").Head)) "a number")

            testCase "a run has at most so many steps" (fun () ->
                use data = points ()
                use application = Trainer.fit { options 9 with MaxSteps = Some 6L } data spec
                // Four steps an epoch: it ends within the second, which is in the history.
                Assert.equal (6L, 2) (application.Steps, application.History.Epochs.Length)
                Trainer.continueWith { options 9 with MaxSteps = Some 6L } data application
                Assert.equal 6L application.Steps)

            testCase "gradients of several batches make one step, that of their mean" (fun () ->
                use data = points ()
                let plain = classifier [ Layers.linear 2 2 ] |> steppedBy (Optimizers.sgd 0.5)
                let fit options = Trainer.fit { options with Shuffle = false } data plain
                use atOnce = fit { options 2 with BatchSize = 8L }
                use gathered = fit { options 2 with BatchSize = 4L; AccumulateBatches = 2 }
                Assert.equal 4L gathered.Steps

                for (name, expected), (_, found) in List.zip (weights atOnce) (weights gathered) do
                    Expect.isTrue
                        (List.forall2 (fun a b -> abs (a - b) < 1e-6) expected found)
                        $"{name}: %A{expected} and %A{found}"

                // Three of four batches, then the last one by itself, as a third of what it is: Lightning's rule.
                use uneven = fit { options 1 with BatchSize = 4L; AccumulateBatches = 3 }
                Assert.equal 2L uneven.Steps
                use byHand = Trainer.fit { options 0 with Shuffle = false } data plain
                let optimizer = byHand.Optimizer

                for batches in [ [ 0L; 1L; 2L ]; [ 3L ] ] do
                    optimizer.ZeroGrad()

                    for batch in batches do
                        use outputs = byHand.Network.call (data.Inputs.narrow (0L, 4L * batch, 4L))
                        use loss = byHand.Loss(outputs, data.Targets.narrow (0L, 4L * batch, 4L))
                        (loss / Scalar.op_Implicit 3.0).backward()

                    optimizer.Step()

                Assert.equal (weights byHand) (weights uneven))

            testCase "gradients are kept small as PyTorch keeps them" (fun () ->
                use data = points ()
                let plain = classifier [ Layers.linear 2 2 ]

                let gradients (clip: Optimizer -> unit) =
                    use application = Trainer.fit (options 0) data plain
                    use outputs = application.Network.call data.Inputs
                    use loss = application.Loss(outputs, data.Targets)
                    (loss * Scalar.op_Implicit 100.0).backward()
                    clip application.Optimizer
                    [ for _, p in parametersOf application.Module -> numbers p.grad ] |> List.concat

                let free = gradients ignore
                let norm = free |> List.sumBy (fun g -> g * g) |> sqrt
                Expect.isGreaterThan norm 1.0 "there is something to clip"
                let close a b = abs (a - b) <= 1e-5 * max 1.0 (abs b)
                let clipped = gradients _.ClipGradNorm(0.5)

                Expect.isTrue
                    (List.forall2 close clipped (free |> List.map (fun g -> g * 0.5 / (norm + 1e-6))))
                    "by norm"

                Expect.isTrue (List.forall2 close (gradients _.ClipGradNorm(2.0 * norm)) free) "smaller ones stay"
                let limit = (free |> List.map abs |> List.max) / 2.0

                Expect.isTrue
                    (List.forall2 close (gradients _.ClipGradValue(limit)) (free |> List.map (max -limit >> min limit)))
                    "by value"

                // And in a run.
                let sgd = plain |> steppedBy (Optimizers.sgd 1.0)
                use before = Trainer.fit (options 0) data sgd

                for clip, size in
                    [
                        ByNorm 1e-3, (fun moved -> moved |> List.sumBy (fun x -> x * x) |> sqrt)
                        ByValue 1e-3, List.map abs >> List.max
                    ] do
                    use after = Trainer.fit { options 1 with BatchSize = 16L; GradientClip = clip } data sgd
                    let flat application = weights application |> List.collect snd
                    let moved = List.map2 (-) (flat after) (flat before)
                    Expect.floatClose { absolute = 1e-6; relative = 1e-3 } (size moved) 1e-3 $"%A{clip}")

            testCase "a run that is cancelled goes on where it was, bit for bit" (fun () ->
                use data = points ()
                use whole = Trainer.fit (options 3) data spec

                inFile (fun path ->
                    use cancellation = new CancellationTokenSource()
                    // After the second of four batches of the second epoch.
                    let cancel = Callback.onBatchEnd (fun _ batch -> if batch.Step = 6L then cancellation.Cancel())
                    let cancelled = { options 3 with Callbacks = [ cancel ]; Cancellation = cancellation.Token }
                    use part = Trainer.fit cancelled data spec
                    Assert.equal (6L, 1) (part.Steps, part.History.Epochs.Length)
                    Assert.equal (Some "It was cancelled.") part.Stopped
                    Application.save path part
                    use loaded = Application.load "cpu" path

                    for application in [ part; loaded ] do
                        Trainer.continueWith (options 2) data application
                        Assert.equal (12L, 3) (application.Steps, application.History.Epochs.Length)
                        Assert.equal (weights whole) (weights application)
                        Assert.equal None (Option.map ignore application.Position)
                        Assert.equal whole.History application.History))

            testCase "what is saved between the steps of an epoch goes on from there, bit for bit" (fun () ->
                use data = points ()

                inFile (fun path ->
                    // After the third of four batches of the second epoch; with two batches for a step, after the second.
                    for options, batches in [ options 3, 3L; { options 3 with AccumulateBatches = 2 }, 2L ] do
                        let save =
                            Callback.onBatchEnd (fun run batch ->
                                if batch.Epoch = 1 && batch.Batch = batches - 1L then
                                    Application.save path run.Application)

                        use whole = Trainer.fit { options with Callbacks = [ save ] } data spec
                        use loaded = Application.load "cpu" path
                        Assert.equal 1 loaded.History.Epochs.Length
                        Trainer.continueWith { options with MaxEpochs = 2 } data loaded
                        Assert.equal (whole.Steps, weights whole) (loaded.Steps, weights loaded)

                        // Within a step there is no such place: the epoch begins anew.
                        let within =
                            Callback.onBatchEnd (fun run batch ->
                                if batch.Epoch = 1 && batch.Batch = 0L then Application.save path run.Application)

                        use _again = Trainer.fit { options with Callbacks = [ within ] } data spec
                        use loaded = Application.load "cpu" path
                        Assert.equal (options.AccumulateBatches = 1) loaded.Position.IsSome))

            testCase "a broken position of an epoch is an error that names it" (fun () ->
                use data = points ()
                use cancellation = new CancellationTokenSource()
                let cancel = Callback.onBatchEnd (fun _ _ -> cancellation.Cancel())

                use part =
                    Trainer.fit { options 1 with Callbacks = [ cancel ]; Cancellation = cancellation.Token } data spec

                inFile (fun path ->
                    Application.save path part
                    use _scope = torch.NewDisposeScope()
                    let texts, tensors = Safetensors.load path
                    let batches, random, sum = "deeplay.batches", "random.state", "measured/train/loss/sum"
                    Assert.equal "1,4,16,7,1" texts[batches]

                    for change, named in
                        [
                            (fun () -> Map.remove batches texts, tensors), batches
                            (fun () -> Map.add batches "0,4,16,7,1" texts, tensors), batches
                            (fun () -> Map.add batches "1,4,16,7" texts, tensors), batches
                            (fun () -> texts, Map.remove random tensors), random
                            (fun () -> texts, Map.add sum (torch.zeros 3L) tensors), sum
                            (fun () -> texts, Map.add random (torch.zeros 3L) tensors), random
                            (fun () ->
                                texts,
                                Map.add random (torch.full_like (tensors[random], Scalar.op_Implicit 255)) tensors),
                            random
                        ] do
                        let texts, tensors = change ()
                        Safetensors.save path texts (Map.toList tensors)
                        let before = liveTensors ()

                        match errorsOf (fun () -> Application.load "cpu" path) with
                        | [ Malformed _ as error ] -> Assert.containsText named (Error.describe error)
                        | other -> failtest $"%A{other}"

                        Assert.equal before (liveTensors ())

                    // More batches than there are: the epoch begins anew.
                    Safetensors.save path (Map.add batches "9,4,16,7,1" texts) (Map.toList tensors)
                    use loaded = Application.load "cpu" path
                    Trainer.continueWith (options 1) data loaded
                    Assert.equal 5L loaded.Steps))

            testCase "Ctrl-C stops a run after a step, and what was trained is there" (fun () ->
                if not (OperatingSystem.IsWindows()) then
                    use data = points ()

                    let interrupt =
                        Callback.onBatchEnd (fun _ batch ->
                            if batch.Step = 6L then
                                let id = string Environment.ProcessId
                                use sent = Diagnostics.Process.Start("kill", [ "-INT"; id ])
                                sent.WaitForExit())

                    // It is heard on a thread of its own: sooner or later.
                    use application =
                        Trainer.fit
                            { options 1_000_000 with MaxSteps = Some 4_000_000L; Callbacks = [ interrupt ] }
                            data
                            spec

                    Assert.equal (Some "It was interrupted.") application.Stopped
                    Expect.isGreaterThanOrEqual application.Steps 6L "after the signal")

            testCase "an epoch goes on from a position in its own order alone" (fun () ->
                use data = points ()

                let cancelled () =
                    use cancellation = new CancellationTokenSource()
                    let cancel = Callback.onBatchEnd (fun _ _ -> cancellation.Cancel())
                    Trainer.fit { options 1 with Callbacks = [ cancel ]; Cancellation = cancellation.Token } data spec

                for other, steps in
                    [
                        // Three of four batches were left; in another order all of them.
                        options 1, 4L
                        { options 1 with BatchSize = 8L }, 3L
                        { options 1 with Seed = Some 8L }, 5L
                        { options 1 with Seed = None }, 5L
                        { options 1 with Shuffle = false }, 5L
                    ] do
                    use application = cancelled ()
                    Assert.equal (1L, 0) (application.Steps, application.History.Epochs.Length)
                    Trainer.continueWith other data application
                    Assert.equal (steps, 1) (application.Steps, application.History.Epochs.Length))

            testCase "a loss that is no number stops the run, with where it comes from" (fun () ->
                let stopped (prepare: Application -> unit) (inputs: Tensor) =
                    use data = new Dataset(inputs, ints [ 0L; 1L; 0L; 1L ])

                    use application =
                        Trainer.fit (options 0) data (classifier [ Layers.linear 2 2; Layers.linear 2 2 ])

                    prepare application

                    match
                        errorsOf (fun () -> Trainer.continueWith { options 1 with Shuffle = false } data application)
                    with
                    | [ WrongValue(tag, "CrossEntropyLoss", "loss", "a finite number", found) ] ->
                        Assert.equal "loss" (string tag)
                        found
                    | other -> failtest $"%A{other}"

                let fine () = fill [ 4L; 2L ] 0.1

                Assert.equal
                    "NaN at step 0, batch 0 of epoch 0: the inputs of the batch hold such numbers"
                    (stopped ignore (torch.full ([| 4L; 2L |], Scalar.op_Implicit nan)))

                let set (name: string) (value: float32) (application: Application) =
                    use _noGrad = torch.no_grad ()
                    application.Module.get_parameter(name).fill_(Scalar.op_Implicit value) |> ignore

                Assert.equal
                    "NaN at step 0, batch 0 of epoch 0: an earlier step made such numbers of model.0.weight"
                    (stopped (set "model.0.weight" nanf) (fine ()))

                // A product that is too large for float32, of numbers that are not.
                Assert.equal
                    "NaN at step 0, batch 0 of epoch 0: 'model.1' gave the first such number"
                    (stopped
                        (fun a ->
                            set "model.0.weight" 1e30f a
                            set "model.1.weight" 1e30f a)
                        (torch.ones (4L, 2L)))

                // Who takes it as it is may.
                use data = new Dataset(torch.full ([| 4L; 2L |], Scalar.op_Implicit nan), ints [ 0L; 1L; 0L; 1L ])
                use _taken = Trainer.fit { options 1 with CheckFinite = false } data (classifier [ Layers.linear 2 2 ])
                ())

            testCase "the best are kept, and the last one" (fun () ->
                use data = points ()

                inFolder (fun folder ->
                    let course = [| 0.5; 0.9; 0.3; 0.4; nan; 0.2 |]

                    // A metric that is what the test says: its course over the epochs.
                    let metric = Metric.define "Course" []
                    let mutable measured = 0

                    let lowerings =
                        Lowering.standard
                        |> Lowering.add metric (fun _ ->
                            Metric.ofAll (fun _ _ ->
                                measured <- measured + 1
                                torch.tensor (course[measured - 1], dtype = torch.float64)))

                    let spec = spec |> Module.configure "val_metrics" [ Module.create [] metric ]
                    let rule = ModelCheckpoint.into folder
                    let names () = [ for path in Directory.GetFiles folder |> Array.sort -> Path.GetFileName path ]

                    let fit rule =
                        measured <- 0

                        for path in Directory.GetFiles folder do
                            File.Delete path

                        Trainer.fit
                            { options 6 with
                                Validation = Some data
                                Callbacks = [ ModelCheckpoint.callback rule ]
                                Build = { optionsFor [] with Lowerings = lowerings }
                            }
                            data
                            spec

                    let best =
                        { rule with
                            Monitor = Some "val_course"
                            SaveTopK = 2
                            SaveLast = true
                            FileName = "{epoch}-{val_course:.1f}"
                        }

                    use application = fit best

                    Assert.equal
                        [
                            "epoch=2-val_course=0.3.safetensors"
                            "epoch=5-val_course=0.2.safetensors"
                            "last.safetensors"
                        ]
                        (names ())

                    Assert.equal [ Some 0.2; Some 0.3 ] [ for saved in application.Saved -> saved.Score ]
                    Assert.equal [ 5, 24L; 2, 12L ] [ for saved in application.Saved -> saved.Epoch, saved.Step ]

                    // What was saved is what was trained until then.
                    let registry = Registry.add metric Registries.standard
                    let build = { optionsFor [] with Lowerings = lowerings }
                    use last = Application.loadWith registry build (Path.Combine(folder, "last.safetensors"))
                    Assert.equal (weights application) (weights last)

                    use _largest = fit { best with Mode = MonitorMode.Max; SaveTopK = 1; SaveLast = false }
                    Assert.equal [ "epoch=1-val_course=0.9.safetensors" ] (names ())
                    use _newest = fit rule
                    Assert.equal [ "epoch=5-step=24.safetensors" ] (names ())
                    use _none = fit { rule with SaveTopK = 0; SaveLast = true; EveryEpochs = 4 }
                    Assert.equal [ "last.safetensors" ] (names ())
                    use _all = fit { rule with SaveTopK = -1; EveryEpochs = 2; FileName = "model" }
                    Assert.equal [ "model-v1.safetensors"; "model-v2.safetensors"; "model.safetensors" ] (names ())))

            testCase "what watches a run and fails does not lose what was trained" (fun () ->
                use data = points ()
                let failing = { options 5 with Progress = fun epoch -> if epoch.Epoch = 1 then failwith "no more" }

                let stopped =
                    try
                        Trainer.fit failing data spec |> ignore
                        failtest "it is stopped"
                    with :? TrainingStoppedException as stopped ->
                        stopped

                use application = stopped.Application
                Assert.equal (8L, 2) (application.Steps, application.History.Epochs.Length)
                Assert.containsText "no more" stopped.Message
                // Whoever has the application gets the error as it is.
                Expect.throwsC
                    (fun () ->
                        Trainer.continueWith { failing with Progress = fun _ -> failwith "no more" } data application)
                    (fun error -> Assert.equal "no more" error.Message))

            testCase "random numbers of the program go on as if no run had been" (fun () ->
                use data = points ()
                let draw () = (torch.rand 1L).item<float32>()
                torch.manual_seed 5L |> ignore
                let first, second = draw (), draw ()
                torch.manual_seed 5L |> ignore
                Assert.equal first (draw ())
                use application = Trainer.fit (options 2) data spec
                Trainer.continueWith (options 1) data application
                Assert.equal second (draw ()))

            testCase "runs with a seed go on one at a time" (fun () ->
                use data = points ()

                let beside (other: FitOptions) (within: FitOptions) =
                    let mutable outcome = Ok()

                    let start _ =
                        if outcome = Ok() then
                            let other =
                                Thread(fun () ->
                                    use more = points ()

                                    outcome <-
                                        Fail.catch (fun () -> (Trainer.fit other more spec :> IDisposable).Dispose()))

                            other.Start()
                            other.Join()

                    use application = Trainer.fit { within with Progress = start } data spec
                    outcome

                let unseeded = { options 1 with Seed = None }
                Assert.equal (Ok()) (beside unseeded unseeded)

                for other, within in [ options 1, options 1; options 1, unseeded; unseeded, options 1 ] do
                    match beside other within with
                    | Error [ Malformed("fit", expected, _) ] -> Assert.startsWith "one run at a time" expected
                    | other -> failtest $"%A{other}"

                // A run within a run is a part of it, and changes nothing of it.
                use alone = Trainer.fit (options 2) data spec
                let within _ = (Trainer.fit (options 1) data spec :> IDisposable).Dispose()
                use around = Trainer.fit { options 2 with Progress = within } data spec
                Assert.equal (weights alone) (weights around))

            testCase "predicting meanwhile changes nothing, and nothing changes it" (fun () ->
                use data = points ()
                use alone = Trainer.fit (options 40) data spec
                use application = Trainer.fit (options 0) data spec
                use first = application.Predict data.Inputs
                let mutable isOver = false

                let others =
                    [
                        for _ in 1..2 ->
                            Thread(fun () ->
                                while not (Volatile.Read &isOver) do
                                    use outputs = application.Predict data.Inputs
                                    ())
                    ]

                for other in others do
                    other.Start()

                Trainer.continueWith (options 40) data application
                Volatile.Write(&isOver, true)

                for other in others do
                    other.Join()

                Assert.equal (weights alone) (weights application)
                Assert.equal true application.Module.training

                // Several that predict at once leave the mode as it was, and none is in training.
                let expected = numbers (application.Predict data.Inputs)

                let predict =
                    [
                        for _ in 1..4 ->
                            Thread(fun () ->
                                for _ in 1..200 do
                                    use outputs = application.Predict data.Inputs
                                    if numbers outputs <> expected then Volatile.Write(&isOver, false))
                    ]

                for other in predict do
                    other.Start()

                for other in predict do
                    other.Join()

                Assert.equal (true, true) (isOver, application.Module.training))

            testCase "a dataset keeps its tensors whatever scope they were made in" (fun () ->
                use data =
                    (use _scope = torch.NewDisposeScope()
                     new Dataset(torch.ones (2L, 3L), torch.zeros 2L))

                Assert.equal [ 2L; 3L ] (shapeOf data.Inputs)
                let struct (a, b) = data.Split(0.5, 1L)
                use a = a
                use b = b
                Assert.equal (1L, 1L) (a.Count, b.Count))

            testCase "a metric that was never measured is no course" (fun () ->
                use data = points ()
                use application = Trainer.fit (options 1) data spec
                Assert.equal 1 (application.History.Series "train_loss").Length

                Assert.containsText
                    "(near it: train_loss)"
                    (Recorded.problem (fun () -> application.History.Series "train_los" |> ignore))

                Assert.equal [] (History.empty.Series "train_loss"))

            testCase "options that are none are refused" (fun () ->
                use data = points ()

                for wrong, expected in
                    [
                        { options 1 with MaxEpochs = -1 }, "a number of epochs of at least 0"
                        { options 1 with MaxSteps = Some -1L }, "a number of steps of at least 0"
                        { options 1 with BatchSize = 0L }, "a batch size of at least 1"
                        { options 1 with ValidateEvery = 0 }, "a number of epochs between validations of at least 1"
                        { options 1 with AccumulateBatches = 0 }, "a number of batches for a step of at least 1"
                        { options 1 with GradientClip = ByNorm 0.0 }, "a positive limit for gradients"
                        { options 1 with GradientClip = ByValue nan }, "a positive limit for gradients"
                    ] do
                    match errorsOf (fun () -> Trainer.fit wrong data spec) with
                    | [ Malformed("fit", found, _) ] -> Assert.equal expected found
                    | other -> failtest $"%A{other}"

                for make in
                    [
                        fun () -> EarlyStopping.callback { EarlyStopping.defaults with MinDelta = -1.0 }
                        fun () -> EarlyStopping.callback { EarlyStopping.defaults with Patience = -1 }
                        fun () -> ModelCheckpoint.callback (ModelCheckpoint.into " ")
                        fun () -> ModelCheckpoint.callback { ModelCheckpoint.into "x" with SaveTopK = -2 }
                        fun () -> ModelCheckpoint.callback { ModelCheckpoint.into "x" with SaveTopK = 2 }
                        fun () -> ModelCheckpoint.callback { ModelCheckpoint.into "x" with EveryEpochs = 0 }
                    ] do
                    Assert.equal 1 (errorsOf make).Length)
        ]
