/// Applications: what they are made of, what they are given, and the course of a training.
module Deeplay.Tests.ApplicationTests

open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Torch
open TorchSharp
open Expecto
open Deeplay.Tests
open Deeplay.Tests.LoweringHelp
open Deeplay.Tests.TrainingHelp

let private spec = Applications.classifier 2 (Layers.linear 2 2)

/// The problem of one child, with nothing left behind.
let private refusedChild name (spec: ModuleSpec) =
    let before = liveTensors ()

    match errorsOf (fun () -> Application.build (optionsFor []) [ 2L ] spec) with
    | [ WrongStructure(tag, kind, problem) ] ->
        Assert.equal name (string tag)
        Assert.equal before (liveTensors ())
        kind, problem
    | other -> failtest $"%A{other}"

let private replaced child other = spec |> Module.select child (Module.replace other)

/// Dropout draws random numbers, and Adam remembers the steps before.
let private dropping =
    Applications.classifier 2 (Layers.sequential [ Layers.linear 2 8; Layers.dropout 0.5; Layers.linear 8 2 ])

[<Tests>]
let tests =
    torchTests
        "ApplicationTests"
        [
            testCase "a loss that is none is refused by its name" (fun () ->
                Assert.equal
                    ("ReLU", "it is no loss, which takes a prediction and a target and gives one number.")
                    (refusedChild "loss" (replaced "loss" Layers.relu))

                Assert.equal
                    ("SGD", "it is an optimizer, and no loss.")
                    (refusedChild "loss" (replaced "loss" (Optimizers.sgd 0.1))))

            testCase "an optimizer that is none is refused by its name" (fun () ->
                for other, kind in [ Module.create [] Losses.mseDefinition, "MSELoss"; Layers.relu, "ReLU" ] do
                    Assert.equal (kind, "it is no optimizer.") (refusedChild "optimizer" (replaced "optimizer" other)))

            testCase "an optimizer goes with the application that its schedule stops" (fun () ->
                let before = liveTensors ()

                let stopped =
                    spec
                    |> Module.configure "lr_scheduler" (Schedules.stepLR 2)
                    |> Module.configure "lr_scheduler_interval" Unset

                Assert.containsText
                    "'lr_scheduler_interval' is not set"
                    (Recorded.problem (fun () -> Application.build (optionsFor []) [ 2L ] stopped))

                Assert.equal before (liveTensors ()))

            testCase "a regressor learns numbers, by any loss" (fun () ->
                // y = 2 a - b + 1/2.
                use inputs = fill [ 32L; 2L ] 0.3
                use weights = torch.tensor([| 2.0f; -1.0f |]).reshape(2L, 1L)
                let targets = inputs.matmul (weights) + torch.tensor 0.5f

                let learned (spec: ModuleSpec) =
                    let spec = spec |> steppedBy (Optimizers.adam 0.01)
                    use data = new Dataset(inputs.clone (), targets.clone ())
                    use application = fitted 100 spec data
                    Assert.equal [ "loss" ] (Application.test data application |> Map.keys |> List.ofSeq)
                    let loss = (Application.test data application)["loss"]
                    Expect.isLessThan loss 0.05 "it learns"

                    inFile (fun path ->
                        Application.save path application
                        use restored = Application.load "cpu" path
                        Assert.equal application.Spec restored.Spec)

                let regressor = Applications.regressor (Layers.linear 2 1)
                Assert.equal "L1Loss" (Tree.find (Tag.parse "loss") (Module.construct regressor)).Definition.Id
                learned regressor
                learned (regressor |> Module.select "loss" (Module.become Losses.mse)))

            testCase "what is no application is refused" (fun () ->
                match errorsOf (fun () -> Application.build (optionsFor []) [ 2L ] (Layers.linear 2 2)) with
                | [ Malformed("application", "an application, such as a Classifier or a Regressor", "Linear") ] -> ()
                | other -> failtest $"%A{other}")

            testCase "a loss of one's own is one" (fun () ->
                let distance =
                    Definition.create "Distance" [] (fun _ ->
                        init {
                            return
                                forwardMany [ "prediction"; "target" ] (fun xs ->
                                    let difference = xs[0] - xs[1]
                                    [ Op.mean [] (difference * difference) ])
                        })

                // Of the library's kind, but without its reduction: a mean.
                for loss in [ distance; distance |> Definition.withBase Losses.definition ] do
                    use data = new Dataset(fill [ 4L; 2L ] 0.1, torch.zeros (4L, 2L))

                    use trained = Trainer.fit (options 1) data (replaced "loss" (Module.create [] loss))

                    Assert.equal 1L trained.Steps)

            testCase "before-build hooks run once" (fun () ->
                let mutable runs = 0

                let counting =
                    Action.beforeBuild "counting" [] (fun _ node ->
                        runs <- runs + 1
                        node)

                use _application =
                    spec |> Module.select "model" (Module.hook counting []) |> Application.build (optionsFor []) [ 2L ]

                Assert.equal 1 runs)

            testCase "two times two epochs are four, bit for bit" (fun () ->
                use data = points ()
                use atOnce = Trainer.fit (options 4) data dropping
                use inTwo = Trainer.fit (options 2) data dropping
                // Whatever is drawn in between.
                torch.rand(100L).Dispose()
                Trainer.continueWith (options 2) data inTwo
                Assert.equal (weights atOnce) (weights inTwo)
                Assert.equal atOnce.History inTwo.History
                use other = Trainer.fit { options 4 with Seed = Some 8L } data dropping
                Assert.notEqual (weights atOnce) (weights other))

            testCase "each epoch has an order of its own, also one at a time" (fun () ->
                let orders = ResizeArray<float list>()

                let watching =
                    Action.afterBuild "watching" [] (fun _ built ->
                        (built :?> torch.nn.Module<torch.Tensor, torch.Tensor>)
                            .register_forward_pre_hook(fun self x ->
                                if self.training then orders.Add(numbers x)

                                x)
                        |> ignore)

                let watched = spec |> Module.select "model" (Module.hook watching [])
                use data = points ()
                let one = { options 1 with BatchSize = 16L }

                use application = Trainer.fit one data watched

                for _ in 1..3 do
                    Trainer.continueWith one data application

                let alone = List.ofSeq orders
                Assert.equal 4 (List.distinct alone).Length
                orders.Clear()
                use _atOnce = Trainer.fit { one with MaxEpochs = 4 } data watched
                Assert.equal alone (List.ofSeq orders))

            testCase "inputs of another rank than the model was built for are refused" (fun () ->
                use application = Application.build (optionsFor []) [ 2L ] spec

                for shape in [ []; [ 2L ]; [ 3L; 4L; 2L ] ] do
                    use inputs = torch.zeros (Array.ofList shape)

                    match errorsOf (fun () -> application.Predict inputs) with
                    | [ WrongValue(tag, "Linear", "inputs", expected, found) ] ->
                        Assert.equal "model" (string tag)
                        Assert.equal "of shape (?, 2), examples along the first dimension" expected
                        Assert.equal (string (Shape.known shape)) found
                    | other -> failtest $"%A{other}")

            testCase "a model without parameters is not trained, and predicts" (fun () ->
                use data = points ()
                let none = Applications.classifier 2 Layers.relu

                match errorsOf (fun () -> Trainer.fit (options 1) data none) with
                | [ WrongStructure(tag, _, "it has no parameters to train.") ] -> Assert.equal "model" (string tag)
                | other -> failtest $"%A{other}")
        ]
