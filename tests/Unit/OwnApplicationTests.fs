/// Applications that say themselves how they learn, and averages of what is learned. References: the sums worked out here,
/// torch.optim.swa_utils' formula of exponential moving averages.
module Deeplay.Tests.OwnApplicationTests

open System
open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Torch
open TorchSharp
open Expecto
open Deeplay.Tests
open Deeplay.Tests.LoweringHelp
open Deeplay.Tests.TrainingHelp

// Two models that learn from each other, as those of a GAN do.
let private noise = Param.spec "generator"
let private judge = Param.spec "discriminator"

let private pair =
    let stepped rate name = Optimizers.sgd rate |> Module.configure Optimizers.parameters name

    Application.define "Pair" [ noise; judge ] (fun a ->
        init {
            let! generator = child "generator" (a.Get noise)
            let! _ = child "discriminator" (a.Get judge)
            let! _ = child "generator_optimizer" (stepped 0.1 "generator")
            let! _ = child "discriminator_optimizer" (stepped 0.2 "discriminator")
            return forward (call generator)
        })

let private spec =
    pair
    |> Module.create
        [
            noise => Layers.linear 2 2
            // Nothing calls it that its width could be inferred from.
            judge
            => Layers.sequential
                [ Layers.linear 2 4; Layers.batchNorm1d |> Module.configure "num_features" 4; Layers.linear 4 1 ]
        ]

let private learn (step: StepContext) =
    let made = step.Call("generator", step.Inputs)
    let judged = step.Call("discriminator", made.detach ()).mean()
    step.Minimize("discriminator_optimizer", judged)
    step.Log("judged", judged)
    let fooled = step.Call("discriminator", made).mean().neg()
    step.Minimize("generator_optimizer", fooled)
    step.Log("fooled", fooled)

let private measure (step: StepContext) = step.Log("made", step.Call("generator", step.Inputs).mean())

let private own = TrainingSteps.train learn |> TrainingSteps.withValidation measure

let private within steps (options: FitOptions) =
    { options with
        Build = { options.Build with Lowerings = Lowering.standard |> Lowering.addTraining pair steps }
    }

let private fit options data = Application.fit (within own options) data spec

let private at name (application: Application) = numbers (application.Module.get_parameter name)

let private fails (parts: string list) (work: unit -> unit) =
    let error = Assert.throws<DeeplayException> work

    for part in parts do
        Assert.containsText part error.Message

[<Tests>]
let tests =
    torchTests
        "OwnApplicationTests"
        [
            testCase "each optimizer steps its own parameters against its own loss" (fun () ->
                use data = points ()
                let one = { options 1 with BatchSize = 16L; Shuffle = false }
                use before = Application.fit (within own { one with MaxEpochs = 0 }) data spec
                use after = fit one data
                Assert.equal 2L after.Steps
                Assert.equal [ "discriminator_optimizer"; "generator_optimizer" ] (List.ofSeq after.Optimizers.Keys)

                // By hand, with autograd alone: the discriminator first, then the generator against the new one.
                before.Module.train ()

                let part name =
                    before.Module.named_modules () |> Seq.pick (fun struct (n, m) -> if n = name then Some m else None)

                let generator = part "generator" :?> torch.nn.Module<Tensor, Tensor>
                let judge = part "discriminator" :?> torch.nn.Module<Tensor, Tensor>

                let step (m: torch.nn.Module) rate (loss: Tensor) =
                    let all = Array.ofSeq (m.parameters ())
                    let gradients = torch.autograd.grad ([| loss |], all |> Array.map (fun p -> p :> Tensor))
                    use _noGrad = torch.no_grad ()

                    for p, g in Seq.zip all gradients do
                        p.sub_ (g.mul (torch.tensor (rate: float32))) |> ignore

                let made = generator.call data.Inputs
                step judge 0.2f ((judge.call (made.detach ())).mean())
                step generator 0.1f ((judge.call made).mean().neg())

                for (name, wanted), (_, found) in Seq.zip (weights before) (weights after) do
                    for a, b in Seq.zip wanted found do
                        Expect.isTrue (abs (a - b) < 1e-6) $"{name}: {a}, {b}")

            testCase "what is logged of an epoch that was left is the mean over all its examples" (fun () ->
                inFile (fun path ->
                    use data = points ()
                    use whole = fit (options 2) data
                    let stop = Callback.onBatchEnd (fun run batch -> if batch.Batch = 1L then run.Stop "enough")
                    use part = fit { options 2 with Callbacks = [ stop ] } data
                    Application.save path part
                    let registry = Registries.standard |> Registry.add pair
                    use loaded = Application.loadWith registry (within own (options 1)).Build path

                    for application in [ part; loaded ] do
                        Application.fitMore (within own (options 2)) data application
                        Assert.equal whole.History application.History))

            testCase "what is logged is the mean over examples, and a validation does not train" (fun () ->
                let sizes = ResizeArray()

                let count =
                    TrainingSteps.train (fun step ->
                        sizes.Add(step.Epoch, step.Batch, step.Inputs.shape[0])
                        step.Log("first", step.Inputs.select(1L, 0L).mean()))
                    |> TrainingSteps.withValidation measure

                use data = points ()
                let options = { options 2 with BatchSize = 6L; Shuffle = false; Validation = Some data }
                use application = Application.fit (within count options) data spec
                let mean = data.Inputs.select(1L, 0L).to_type(torch.float64).mean() |> Numbers.read
                let logged = application.History.Series "train_first"
                Assert.equal 2 logged.Length

                for value in logged do
                    Expect.floatClose Accuracy.medium value mean "mean"

                Assert.equal [ 0, 0L, 6L; 0, 1L, 6L; 0, 2L, 4L; 1, 0L, 6L; 1, 1L, 6L; 1, 2L, 4L ] (List.ofSeq sizes)
                let made = application.Predict(data).to_type(torch.float64).mean() |> Numbers.read
                Expect.floatClose Accuracy.medium (application.Test(data)["made"]) made "validation"
                Expect.floatClose Accuracy.medium (application.History.Series "val_made").Head made "validation")

            testCase "it is saved, and goes on bit for bit" (fun () ->
                inFile (fun path ->
                    use data = points ()
                    use whole = fit (options 4) data
                    use half = fit (options 2) data
                    Application.save path half
                    let registry = Registries.standard |> Registry.add pair
                    use loaded = Application.loadWith registry (within own (options 1)).Build path
                    Assert.equal (weights half) (weights loaded)
                    Application.fitMore (within own (options 2)) data loaded
                    Assert.equal (weights whole) (weights loaded)
                    Assert.equal whole.History loaded.History))

            testCase "what can't be is an error that says why" (fun () ->
                use data = points ()
                let run steps () = (Application.fit (within steps (options 1)) data spec :> IDisposable).Dispose()
                let train work = TrainingSteps.train work

                fails
                    [ "optimizers"; "generator_optimizer" ]
                    (run (train (fun step -> step.Minimize("genrator_optimizer", step.Inputs.mean ()))))

                fails [ "modules"; "generator" ] (run (train (fun step -> step.Module "genrator" |> ignore)))
                fails [ "one number" ] (run (train (fun step -> step.Log("all", step.Inputs))))

                fails
                    [ "one number" ]
                    (run (
                        train (fun step -> step.Minimize("generator_optimizer", step.Call("generator", step.Inputs)))
                    ))

                fails
                    [ "loss"; "finite"; "batch 0 of epoch 0" ]
                    (run (
                        train (fun step ->
                            let broken = step.Call("generator", step.Inputs).mean().abs().neg().sqrt()
                            step.Minimize("generator_optimizer", broken))
                    ))

                fails [ "training steps" ] (fun () -> (Application.fit (options 1) data spec :> IDisposable).Dispose())

                fails [ "a step of validation" ] (fun () ->
                    let options = { options 1 with Validation = Some data }
                    (Application.fit (within (train learn) options) data spec :> IDisposable).Dispose())

                fails [ "1 batch" ] (fun () ->
                    (fit { options 1 with AccumulateBatches = 2 } data :> IDisposable).Dispose())

                fails [ "validation"; "discriminator_optimizer" ] (fun () ->
                    let wrong = own |> TrainingSteps.withValidation learn
                    use application = Application.fit (within wrong (options 1)) data spec
                    application.Test data |> ignore)

                fails [ "one optimizer" ] (fun () ->
                    use application = fit (options 0) data
                    application.Optimizer |> ignore)

                fails [ "loss of its own" ] (fun () ->
                    use application = fit (options 0) data
                    application.Measure(Metrics.meanAbsoluteError, data) |> ignore)

                let without = Application.define "Without" [] (fun _ -> init { return NoForward })

                fails [ "none of its children is an optimizer" ] (fun () ->
                    (Application.fit (options 1) data (Module.create [] without) :> IDisposable).Dispose())

                fails [ "expected a kind of application" ] (fun () ->
                    Lowering.standard |> Lowering.addTraining (Layers.linear 1 1).Definition own |> ignore))

            testCase "averages follow what is learned by the formula, and are what is left in the model" (fun () ->
                use data = points ()
                let model = classifier [ Layers.linear 2 4; Layers.batchNorm1d; Layers.linear 4 2 ]
                let spec = model |> steppedBy (Optimizers.sgd 0.1)
                let course = ResizeArray()

                let state (application: Application) =
                    Map.ofSeq
                        [
                            for KeyValue(name, tensor) in application.Module.state_dict () do
                                if torch.is_floating_point tensor then name, numbers tensor
                        ]

                let watch = Callback.onBatchEnd (fun run _ -> course.Add(state run.Application))
                let rule = { Fit.weightAveraging with Decay = 0.75; UpdateEverySteps = 2; UpdateStartingAtStep = 2L }
                let averaged = { options 2 with WeightAveraging = Some rule; Callbacks = [ watch ] }
                use application = Application.fit averaged data spec
                use plain = Application.fit (options 2) data spec
                // Training itself is as it would be.
                Assert.equal (state plain) course[7]

                // Steps are counted from 0: the third begins the average, the fifth and the seventh update it.
                for KeyValue(name, found) in state application do
                    let at place = course[place][name]

                    let wanted =
                        List.zip3 (at 2) (at 4) (at 6)
                        |> List.map (fun (a, b, c) ->
                            let first = 0.75 * a + 0.25 * b
                            0.75 * first + 0.25 * c)

                    for a, b in Seq.zip wanted found do
                        Expect.isTrue (abs (a - b) < 1e-6) $"{name}: {a}, {b}")

            testCase
                "validation and what is saved see the averages, and training goes on from what is not averaged"
                (fun () ->
                    inFile (fun path ->
                        use data = points ()

                        let spec =
                            classifier
                                [ Layers.linear 2 4; Layers.batchNorm1d; Layers.dropout 0.5; Layers.linear 4 2 ]

                        let averaged epochs =
                            { options epochs with
                                WeightAveraging = Some { Fit.weightAveraging with Decay = 0.9 }
                                Validation = Some data
                            }

                        use whole = Application.fit (averaged 4) data spec
                        use half = Application.fit (averaged 2) data spec

                        Expect.floatClose
                            Accuracy.high
                            (half.Test(data)["loss"])
                            (half.History.Series("val_loss")[1])
                            "seen"

                        Application.save path half
                        use loaded = Application.load "cpu" path
                        Assert.equal (numbers (half.Predict data)) (numbers (loaded.Predict data))
                        Application.fitMore (averaged 2) data loaded
                        Assert.equal (weights whole) (weights loaded)
                        Assert.equal whole.History loaded.History
                        // The trained ones, too.
                        let trained (application: Application) =
                            [
                                for p in application.Module.parameters () ->
                                    numbers (application.Averages.Value.Trained p)
                            ]

                        Assert.equal (trained whole) (trained loaded)
                        Assert.notEqual (trained whole) (List.map snd (weights whole))

                        // In the middle of an epoch, after the sixth step.
                        let stop = Callback.onBatchEnd (fun run batch -> if batch.Step = 6L then run.Stop "enough")
                        use stopped = Application.fit { averaged 4 with Callbacks = [ stop ] } data spec
                        Application.save path stopped
                        use again = Application.load "cpu" path
                        Application.fitMore (averaged 3) data again
                        Assert.equal (weights whole) (weights again)))

            testCase "a run without averages goes on from those there were" (fun () ->
                use data = points ()
                let spec = classifier [ Layers.linear 2 2 ]

                use application =
                    Application.fit { options 2 with WeightAveraging = Some Fit.weightAveraging } data spec

                let before = weights application
                Application.fitMore (options 0) data application
                Assert.equal before (weights application)
                Assert.isTrue application.Averages.IsNone

                fails [ "decay" ] (fun () ->
                    let rule = { Fit.weightAveraging with Decay = 1.5 }
                    Application.fitMore { options 1 with WeightAveraging = Some rule } data application))
        ]
