/// Training steps of one's own in the library's applications, and what parts give while the whole runs. References: the library's own
/// step, written out here; the parts called by hand.
module Deeplay.Tests.OwnStepTests

open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Torch
open TorchSharp
open Expecto
open Deeplay.Tests
open Deeplay.Tests.LoweringHelp
open Deeplay.Tests.TrainingHelp

let private layers = [ Layers.linear 2 4; Layers.relu; Layers.linear 4 2 ]
let private spec = classifier layers

let private within steps (options: FitOptions) =
    let lowerings = Lowering.standard |> Lowering.addTraining spec.Definition steps
    { options with Build = { options.Build with Lowerings = lowerings } }

let private learn (step: StepContext) =
    let outputs = step.Call("model", step.Inputs)
    let loss = step.Call("loss", outputs, step.Targets)
    step.Minimize("optimizer", loss)
    step.Measure(loss, outputs)

let private fails (parts: string list) (work: unit -> unit) =
    let error = Assert.throws<DeeplayException> work

    for part in parts do
        Assert.containsText part error.Message

let private metrics (application: Application) = [ for epoch in application.History.Epochs -> Map.toList epoch.Metrics ]

[<Tests>]
let tests =
    testSequenced
    <| testList
        "OwnStep"
        [
            testCase "the library's step, written out, learns and measures the same" (fun () ->
                use data = points ()
                let options = { options 3 with Validation = Some data }
                use usual = Application.fit options data spec
                use own = Application.fit (within (TrainingSteps.train learn) options) data spec
                Expect.equal (weights own) (weights usual) "to the bit"
                Expect.equal (metrics own) (metrics usual) "training and validation"
                Expect.equal (Application.test data own) (Application.test data usual) "the library's test")

            testCase "what is not measured is not told, and what is logged is" (fun () ->
                use data = points ()

                let learn (step: StepContext) =
                    step.Minimize("optimizer", step.Call("loss", step.Call("model", step.Inputs), step.Targets))
                    step.Log("seven", torch.tensor 7.0)

                use own = Application.fit (within (TrainingSteps.train learn) (options 1)) data spec
                Expect.equal (metrics own) [ [ "train_seven", 7.0 ] ] "logged alone"

                let validated =
                    TrainingSteps.train learn
                    |> TrainingSteps.withValidation (fun step -> step.Log("eight", torch.tensor 8.0))

                use own = Application.fit (within validated (options 1)) data spec
                Expect.equal (Application.test data own) (Map.ofList [ "eight", 8.0 ]) "validation of one's own")

            testCase "an application without a loss of its own measures none" (fun () ->
                use data = points ()

                let own =
                    Application.define "Lossless" [] (fun _ ->
                        init {
                            let! layer = child "layer" (Layers.linear 2 2)
                            let! _ = child "optimizer" (Optimizers.sgd 0.1)
                            return forward (call layer)
                        })

                let learn (step: StepContext) =
                    let outputs = step.Call("layer", step.Inputs)
                    step.Measure(outputs.mean (), outputs)

                let build =
                    { optionsFor [] with
                        Lowerings = Lowering.standard |> Lowering.addTraining own (TrainingSteps.train learn)
                    }

                fails [ "an application with a loss of its own" ] (fun () ->
                    (Application.fit { options 1 with Build = build } data (Module.create [] own)
                    :> System.IDisposable)
                        .Dispose()))

            testCase "what a part gives while the whole runs is what it gives by itself, in batches too" (fun () ->
                use data = points ()
                use trained = fitted 1 spec data
                let part name = trained.Module.named_modules () |> Seq.find (fun struct (known, _) -> known = name)
                let struct (_, first) = part "model.0"
                use _noGrad = torch.no_grad ()
                let hidden = (first :?> torch.nn.Module<torch.Tensor, torch.Tensor>).call data.Inputs
                let equals name expected (found: torch.Tensor) = Expect.equal (numbers found) (numbers expected) name
                equals "a layer" hidden (trained |> Application.predictPart "model.0" data.Inputs)
                equals "in batches" hidden (trained.PredictPart("model.0", Inputs.one data.Inputs, 5L))
                equals "behind it" (hidden.relu ()) (trained |> Application.predictPart "model.1" data.Inputs)

                equals
                    "all"
                    (Application.predict data.Inputs trained)
                    (trained |> Application.predictPart "model" data.Inputs)

                Expect.isFalse (Application.predictPart "model.0" data.Inputs trained).requires_grad "no gradient")

            testCase "a part that is not there, or that nothing calls, is an error" (fun () ->
                use data = points ()
                use trained = fitted 1 spec data
                let of' name = Application.predictPart name data.Inputs trained |> ignore
                fails [ "model.9"; "model.0" ] (fun () -> of' "model.9")
                fails [ "which nothing calls" ] (fun () -> of' "loss"))
        ]
