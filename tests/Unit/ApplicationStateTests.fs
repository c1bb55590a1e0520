/// What training, predicting and saving leave as it was: the user's data, modes, frozen parameters, files.
module Deeplay.Tests.ApplicationStateTests

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

let private part name (application: Application) =
    application.Module.named_modules ()
    |> Seq.pick (fun struct (known, m) -> if known = name then Some m else None)

[<Tests>]
let tests =
    torchTests
        "ApplicationStateTests"
        [
            testCase "a first layer that works in place leaves the data alone" (fun () ->
                let spec =
                    classifier [ Layers.leakyReLU 0.5 |> Module.configure LeakyReLU.inplace true; Layers.linear 2 2 ]

                use data = new Dataset(torch.ones(4L, 2L).neg(), torch.zeros (4L, dtype = torch.int64))
                use application = fitted 0 spec data
                let first = application.Test data
                Assert.equal first (application.Test data)
                use outputs = application.Predict data.Inputs
                Assert.equal first (application.Test data)
                Assert.equal (List.replicate 8 -1f) (List.ofArray (data.Inputs.data<float32>().ToArray())))

            testCase "a parameter that is frozen stays, whatever the optimizer remembers" (fun () ->
                for optimizer in
                    [
                        Optimizers.adam 0.001
                        Optimizers.adamW 0.001
                        Optimizers.sgd 0.1 |> Module.configure Optimizers.momentum 0.9
                        Optimizers.rmsProp 0.01 |> Module.configure Optimizers.momentum 0.9
                    ] do
                    let spec = classifier [ Layers.linear 2 3; Layers.linear 3 2 ] |> steppedBy optimizer

                    use data = points ()
                    use application = fitted 1 spec data
                    let frozen = application.Module.get_parameter "model.0.weight"
                    let other = application.Module.get_parameter "model.0.bias"
                    frozen.requires_grad <- false
                    let before, otherBefore = numbers frozen, numbers other
                    Application.fitMore (options 2) data application
                    Assert.equal before (numbers frozen)
                    Expect.notEqual (numbers other) otherBefore $"{optimizer}: the others are trained")

            testCase "a part that was put into evaluation mode stays in it" (fun () ->
                let freeze = Action.afterBuild "freeze_mode" [] (fun _ built -> (built :?> torch.nn.Module).eval())

                let spec =
                    classifier [ Layers.batchNorm1d |> Module.hook freeze []; Layers.dropout 0.5; Layers.linear 2 2 ]

                use data = points ()
                use application = fitted 1 spec data
                let norm, dropout = part "model.0" application, part "model.1" application
                let mean = application.Module.get_buffer "model.0.running_mean"
                Assert.equal [ 0.0; 0.0 ] (numbers mean)
                Assert.equal (false, true) (norm.training, dropout.training)

                use outputs = application.Predict data.Inputs
                Assert.equal (false, true) (norm.training, dropout.training)

                // A part in training mode in a whole that is not.
                application.Module.eval ()
                dropout.train ()
                use again = application.Predict data.Inputs
                Assert.equal (numbers outputs) (numbers again)
                Assert.equal (false, false, true) (application.Module.training, norm.training, dropout.training)

                // However a run ends.
                let failing = { options 1 with Progress = fun _ -> failwith "stop" }
                Expect.throws (fun () -> Application.fitMore failing data application) "it is stopped"
                Assert.equal (false, false, true) (application.Module.training, norm.training, dropout.training))

            testCase "a model in evaluation mode is trained as one in training mode" (fun () ->
                let spec = classifier [ Layers.dropout 0.5; Layers.linear 2 2 ]
                use data = points ()

                let weightsAfter (prepare: Application -> unit) =
                    use application = fitted 1 spec data
                    prepare application
                    Application.fitMore (options 1) data application
                    [ for name, p in parametersOf application.Module -> name, numbers p ]

                Assert.equal (weightsAfter ignore) (weightsAfter (fun application -> application.Module.eval ())))

            testCase "as many epochs as an int holds run until somebody stops them" (fun () ->
                use data = points ()
                use application = fitted 2 (classifier [ Layers.linear 2 2 ]) data
                let mutable ran = 0

                let progress _ =
                    ran <- ran + 1
                    if ran = 3 then raise (OperationCanceledException())

                Expect.throwsT<OperationCanceledException>
                    (fun () ->
                        Application.fitMore { options Int32.MaxValue with Progress = progress } data application)
                    "it is stopped"

                Assert.equal 3 ran)

            testCase "what was disposed of is neither saved nor used" (fun () ->
                inFile (fun path ->
                    use data = points ()
                    let application = fitted 1 (classifier [ Layers.linear 2 2 ]) data
                    Application.save path application
                    let before = File.ReadAllBytes path
                    (application :> IDisposable).Dispose()

                    for use' in
                        [
                            fun () -> Application.save path application
                            fun () -> application.Predict data.Inputs |> ignore
                            fun () -> application.Test data |> ignore
                            fun () -> Application.fitMore (options 1) data application
                        ] do
                        Expect.throwsT<ObjectDisposedException> use' "it is said"

                    Assert.equal before (File.ReadAllBytes path)))

            testCase "a model of another type is validated and tested with data of the program's type" (fun () ->
                use data = points ()
                let build = { optionsFor [] with DType = Some torch.float64 }
                let options = { options 1 with Build = build; Validation = Some data }
                use application = Application.fit options data (classifier [ Layers.linear 2 2 ])
                use outputs = application.Predict data
                Assert.equal torch.float64 outputs.dtype
                let byHand = torch.nn.functional.cross_entropy (outputs, data.Targets) |> Numbers.read
                let isNear (found: float) = Expect.isLessThan (abs (found - byHand)) 1e-12 $"{found} and {byHand}"
                isNear ((application.Test data)["loss"])
                isNear (application.History.Series "val_loss").Head)

            testCase "what was moved to another type is not saved, and is not trained on" (fun () ->
                inFile (fun path ->
                    use data = points ()
                    use application = fitted 1 (classifier [ Layers.linear 2 2 ]) data
                    application.Module.``to`` torch.float64 |> ignore

                    Assert.containsText
                        "float32, as the spec builds it"
                        (Recorded.problem (fun () -> Application.save path application))

                    Assert.equal false (File.Exists path)
                    use wide = new Dataset(data.Inputs.``to`` torch.float64, data.Targets.clone ())

                    Assert.containsText
                        "its parameters are others since it was moved"
                        (Recorded.problem (fun () -> Application.fitMore (options 1) wide application))))
        ]
