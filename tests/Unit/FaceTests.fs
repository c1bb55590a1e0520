/// What the F# face has beside changing specs: building, texts, applications.
module Deeplay.Tests.FaceTests

open System.IO
open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Torch
open TorchSharp
open Expecto
open Deeplay.Tests

open Deeplay.Tests.LoweringHelp

let private perceptron = Components.multiLayerPerceptron 2 [ 4 ] 3

[<Tests>]
let tests =
    torchTests
        "FaceTests"
        [
            testCase "a spec is built on a device by name, and called as it is" (fun () ->
                use model = Module.build "cpu" perceptron
                use x = torch.zeros (5L, 2L)
                use y = model.call x
                Assert.equal [ 5L; 3L ] (shapeOf y)

                match errorsOf (fun () -> Module.build "cpux" perceptron) with
                | [ Malformed("device", _, "'cpux'") ] -> ()
                | other -> failtest $"%A{other}")

            testCase "options start from defaults, and widths follow from inputs" (fun () ->
                use model =
                    Layers.sequential [ Layers.lazyLinear 4 ]
                    |> Module.buildWith { Build.defaults with Device = "cpu"; Inputs = [ [ 1L; 7L ] ] }

                Assert.equal [ 4L; 7L ] (shapeOf (model.get_parameter "0.weight")))

            testCase "another form than the spec's is an error that leaves nothing behind" (fun () ->
                let before = liveTensors ()

                match
                    errorsOf (fun () ->
                        Module.buildWith { Build.defaults with Inputs = [ [ 1L ]; [ 1L ] ] } Losses.mse)
                with
                | [ WrongStructure(_, "MSELoss", _) ] -> Assert.equal before (liveTensors ())
                | other -> failtest $"%A{other}")

            testCase "a spec goes into JSON and comes back; what is wrong with a text is raised" (fun () ->
                let spec = perceptron |> Module.select "blocks/0/layer" (Module.configure Linear.bias false)

                Assert.equal spec (Module.ofJson (Module.toJson spec))

                for text in [ null; ""; "{}"; "[1" ] do
                    match errorsOf (fun () -> Module.ofJson text) with
                    | [ Malformed _ ] -> ()
                    | other -> failtest $"%A{other}"

                let own = Definition.create "MyOwn" [] (fun _ -> init { return forward (fun x -> x + 1.0) })

                let json = Module.toJson (Module.create [] own)
                Assert.notEmpty (errorsOf (fun () -> Module.ofJson json))

                Assert.equal (Module.create [] own) (Module.ofJsonWith (Registry.add own Registries.standard) json)

                let opaque = Action.afterBuild "mine" [] (fun _ _ -> ()) |> Action.opaque

                match errorsOf (fun () -> Module.toJson (perceptron |> Module.hook opaque [])) with
                | [ NotSaveable _ ] -> ()
                | other -> failtest $"%A{other}")

            testCase "an application is trained, tested, saved and loaded" (fun () ->
                use data = new Dataset(fill [ 8L; 2L ] 0.2, torch.tensor [| for i in 0L .. 7L -> i % 3L |])

                let options = { Fit.defaults with MaxEpochs = 2; Build = { Build.defaults with Device = "cpu" } }

                use application = Applications.classifier 3 perceptron |> Application.fit options data

                application |> Application.fitMore { options with MaxEpochs = 1 } data
                Assert.equal 3 application.History.Epochs.Length

                Assert.equal [ "accuracy"; "loss" ] (Application.test data application |> Map.keys |> List.ofSeq)

                use expected = application |> Application.predict data.Inputs
                let path = Path.GetTempFileName()

                try
                    Application.save path application
                    use loaded = Application.load "cpu" path
                    use found = loaded |> Application.predict data.Inputs
                    Assert.equal (numbers expected) (numbers found)
                finally
                    File.Delete path)
        ]
