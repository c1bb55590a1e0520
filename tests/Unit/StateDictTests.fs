/// The weights of a module alone, against files that PyTorch wrote and what it gives for them (reference/statedicts.py).
module Deeplay.Tests.StateDictTests

open System
open System.IO
open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Library
open Deeplay.Torch
open TorchSharp
open Expecto
open Deeplay.Tests
open Deeplay.Tests.LoweringHelp
open Deeplay.Tests.TrainingHelp
open Deeplay.Tests.StateDictHelp

let private models =
    Map.ofList
        [
            "mlp",
            (Components.multiLayerPerceptron 3 [ 5; 4 ] 2
             |> Module.select "blocks/:-1" (Block.normalized Layers.batchNorm1d),
             [ 4L; 3L ])
            "conv",
            (Layers.sequential
                [
                    Layers.conv2d 2 3 3
                    Layers.batchNorm2d
                    Layers.relu
                    Layers.maxPool2d 2
                    Layers.flatten
                    Layers.linear 12 2
                ],
             [ 2L; 2L; 6L; 6L ])
        ]

let private pythons name = Path.Combine(AppContext.BaseDirectory, "checkpoints", $"statedict-{name}.safetensors")

let private made name =
    let spec, input = models[name]
    build1 input spec

let private predicted (name: string) (model: torch.nn.Module<torch.Tensor, torch.Tensor>) =
    use _scope = torch.NewDisposeScope()
    use _noGrad = torch.no_grad ()
    model.eval ()
    numbers (model.call (fill (snd models[name]) 0.5))

let private outputs (recorded: Text.Json.JsonElement) =
    [ for value in Recorded.items (recorded.GetProperty "outputs") -> value.GetDouble() ]

let private tied =
    Definition.create "Tied" [] (fun _ ->
        init {
            let! second = child "second" (Layers.linear 2 2)
            let! first = alias "first" second
            return forward (call second >> call first)
        })
    |> Module.create []

[<Tests>]
let tests =
    torchTests
        "StateDictTests"
        [
            testTheory "what PyTorch wrote is read, and gives what it gives there" [ "mlp"; "conv" ] (fun name ->
                let recorded = (Recorded.read "reference" "statedicts").GetProperty name
                use model = made name
                let report = StateDict.load (pythons name) model
                // In PyTorch's order.
                Assert.equal (Recorded.texts (recorded.GetProperty "keys")) report.Loaded
                Assert.isTrue report.IsExact

                for expected, found in List.zip (outputs recorded) (predicted name model) do
                    Assert.inRange (expected - 1e-6) (expected + 1e-6) found)

            testTheory "what is written is what PyTorch's file is, to the byte" [ "mlp"; "conv" ] (fun name ->
                inFile (fun path ->
                    use model = made name
                    StateDict.load (pythons name) model |> ignore
                    StateDict.save path model
                    Assert.equal (File.ReadAllBytes(pythons name)) (File.ReadAllBytes path)))

            testCase "an application's are its model's, and the optimizer's memory stays" (fun () ->
                inFile (fun path ->
                    use data = points ()
                    use application = fitted 1 (classifier [ Layers.linear 2 2 ]) data
                    Application.saveStateDict path application
                    let saved = weights application
                    Application.fitMore (options 1) data application
                    Assert.notEqual saved (weights application)
                    let state = [ for name, tensor in application.Optimizer.Stepping.State -> name, numbers tensor ]
                    let report = application |> Application.loadStateDict path
                    Assert.equal [ "0.weight"; "0.bias" ] report.Loaded
                    Assert.equal saved (weights application)

                    Assert.equal
                        state
                        [ for name, tensor in application.Optimizer.Stepping.State -> name, numbers tensor ]))

            testCase "what is missing, left over or of another shape is told, and nothing is loaded" (fun () ->
                inFile (fun path ->
                    use _scope = torch.NewDisposeScope()

                    Safetensors.save
                        path
                        Map.empty
                        [ "0.weight", torch.zeros (2L, 1L); "0.bia", torch.zeros 1L; "1.running", torch.zeros 1L ]

                    use model = layer ()

                    Assert.equal
                        [
                            $"{path}, 0.weight: expected (1, 2) float32, found (2, 1) float32."
                            $"{path}: expected the tensor '0.bias', found a file without it (near it: 0.bia)."
                            $"{path}: expected tensors of the module alone, found '0.bia' (near it: 0.bias)."
                            $"{path}: expected tensors of the module alone, found '1.running'."
                        ]
                        (refusedBy (StateDict.load path) model)

                    // As in PyTorch, another shape is an error in any case.
                    let lenient = { StateDict.loading with Strict = false }
                    Assert.equal 1 (refusedBy (StateDict.loadWith lenient path) model).Length
                    let report = StateDict.compare StateDict.loading path model

                    Assert.equal
                        ([], [ "0.bias" ], [ "0.bia"; "1.running" ])
                        (report.Loaded, report.Missing, report.Unexpected)

                    Assert.equal
                        [ { Name = "0.weight"; Expected = "(1, 2) float32"; Found = "(2, 1) float32" } ]
                        report.Mismatched

                    Assert.equal
                        [
                            "0 tensors loaded"
                            "missing in the file:"
                            "  0.bias (near it: 0.bia)"
                            "left over in the file:"
                            "  0.bia (near it: 0.bias)"
                            "  1.running"
                            "of another shape:"
                            "  0.weight: (1, 2) float32 in the module, (2, 1) float32 in the file"
                        ]
                        (List.ofArray ((string report).Split '\n'))))

            testCase "what is missing stays where it may, and a file with nothing of the module is an error" (fun () ->
                layerFile "0.weight" "bias" (fun path ->
                    use model = layer ()
                    let before = List.last (values model)
                    let lenient = { StateDict.loading with Strict = false }
                    let report = StateDict.loadWith lenient path model

                    Assert.equal
                        ([ "0.weight" ], [ "0.bias" ], [ "bias" ])
                        (report.Loaded, report.Missing, report.Unexpected)

                    Assert.equal [ "0.weight", [ 1.0; 2.0 ]; before ] (values model))

                layerFile "weight" "bias" (fun path ->
                    use model = layer ()
                    let lenient = { StateDict.loading with Strict = false }

                    Assert.equal
                        [ $"{path}: expected at least one tensor of the module, found none." ]
                        (refusedBy (StateDict.loadWith lenient path) model)))

            testCase "numbers of another dtype are converted, and complex ones to no real ones" (fun () ->
                inFile (fun path ->
                    use _scope = torch.NewDisposeScope()
                    use model = layer ()

                    Safetensors.save
                        path
                        Map.empty
                        [
                            "0.weight", torch.tensor([| 0.1; 0.2 |], dtype = torch.float64).reshape(1L, 2L)
                            "0.bias", torch.tensor ([| 3L |])
                        ]

                    let report = StateDict.load path model

                    Assert.equal
                        [
                            { Name = "0.weight"; Expected = "(1, 2) float32"; Found = "(1, 2) float64" }
                            { Name = "0.bias"; Expected = "(1,) float32"; Found = "(1,) int64" }
                        ]
                        report.Converted

                    Assert.equal [ "0.weight", [ float 0.1f; float 0.2f ]; "0.bias", [ 3.0 ] ] (values model)

                    Safetensors.save
                        path
                        Map.empty
                        [ "0.weight", torch.zeros (1L, 2L); "0.bias", torch.zeros (1L, dtype = torch.complex64) ]

                    Assert.equal
                        [ $"{path}, 0.bias: expected (1,) float32, found (1,) complex64." ]
                        (refusedBy (StateDict.load path) model)))

            testCase "a tensor of two names is written once, under the first of them, and read under either" (fun () ->
                inFile (fun path ->
                    use _scope = torch.NewDisposeScope()
                    use model = build1 [ 1L; 2L ] tied
                    StateDict.save path model
                    let texts, tensors = Safetensors.load path
                    Assert.equal [ "first.bias"; "first.weight" ] (List.ofSeq tensors.Keys)

                    Assert.equal
                        [ "format", "pt"; "second.bias", "first.bias"; "second.weight", "first.weight" ]
                        (Map.toList texts)

                    use other = build1 [ 1L; 2L ] tied
                    Assert.isTrue (StateDict.load path other).IsExact
                    Assert.equal (values model) (values other)
                    let weight, bias = tensorOf [ 2L; 2L ] [ 1.0; 2.0; 3.0; 4.0 ], tensorOf [ 2L ] [ 5.0; 6.0 ]

                    let all =
                        [
                            for name in [ "first"; "second" ] do
                                $"{name}.weight", weight
                                $"{name}.bias", bias
                        ]

                    Safetensors.save path Map.empty all
                    Assert.isTrue (StateDict.load path other).IsExact
                    Assert.equal [ 1.0; 2.0; 3.0; 4.0 ] (numbers (other.get_parameter "second.weight"))
                    // Of two, which would it be?
                    Safetensors.save path Map.empty (("first.weight", torch.zeros (2L, 2L)) :: all.Tail)

                    Assert.containsText
                        "the same numbers under all names of one tensor"
                        (refusedBy (StateDict.load path) other).Head))
        ]
