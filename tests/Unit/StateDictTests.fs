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

let private values (model: torch.nn.Module) =
    [ for KeyValue(name, tensor) in model.state_dict () -> name, numbers tensor ]

let private outputs (recorded: Text.Json.JsonElement) =
    [ for value in Recorded.items (recorded.GetProperty "outputs") -> value.GetDouble() ]

/// The words of the errors of a load that is refused, with the module as it was.
let private refusedBy load (model: torch.nn.Module) =
    let before, live = values model, liveTensors ()
    let errors = errorsOf (fun () -> load model)
    Assert.equal before (values model)
    Assert.equal live (liveTensors ())
    [ for error in errors -> Error.describe error ]

let private naming names : StateDictLoad = { StateDict.loading with Names = names }

/// A file of a linear layer under these names, with 1, 2, … in the weights, of (1, 2), and 3 in the bias.
let private layerFile weight bias (work: string -> unit) =
    inFile (fun path ->
        use _scope = torch.NewDisposeScope()

        Safetensors.save path Map.empty [ weight, tensorOf [ 1L; 2L ] [ 1.0; 2.0 ]; bias, tensorOf [ 1L ] [ 3.0 ] ]

        work path)

let private layer () = build1 [ 1L; 2L ] (Layers.sequential [ Layers.linear 2 1 ])

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
                    let state = [ for name, tensor in application.Optimizer.State -> name, numbers tensor ]
                    let report = application |> Application.loadStateDict path
                    Assert.equal [ "0.weight"; "0.bias" ] report.Loaded
                    Assert.equal saved (weights application)
                    Assert.equal state [ for name, tensor in application.Optimizer.State -> name, numbers tensor ]))

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

            testTheory
                "names become others by rules"
                [
                    "module.fc.weight", "module.fc.bias", [ ReplacePrefix("module.fc.", "0.") ]
                    "fc.gamma", "fc.beta", [ Rename("fc.gamma", "0.weight"); Rename("fc.beta", "0.bias") ]
                    // One after another.
                    "a.0.gamma", "a.0.bias", [ ReplacePrefix("a.", ""); ReplacePattern("*.gamma", "*.weight") ]
                    "layers7weight", "layers7bias", [ ReplaceRegex(@"layers\d([a-z]+)", "0.$1") ]
                    "weight", "bias", [ ReplacePrefix("", "0.") ]
                    "0.weight.x.y", "0.bias.x.y", [ ReplacePattern("*.*.*.y", "*.*") ]
                ]
                (fun (weight, bias, rules) ->
                    layerFile weight bias (fun path ->
                        use model = layer ()
                        let report = StateDict.loadWith (naming rules) path model
                        Assert.equal [ "0.weight"; "0.bias" ] report.Loaded
                        Assert.equal [ "0.weight", [ 1.0; 2.0 ]; "0.bias", [ 3.0 ] ] (values model)
                        // And through a file.
                        inFile (fun map ->
                            NameMap.save map rules
                            Assert.equal rules (NameMap.load map))))

            testCase "what is dropped is not missed, and may be of any dtype" (fun () ->
                inFile (fun path ->
                    use model = layer ()
                    StateDict.saveWith { StateDict.saving with Names = [ DropNames "*.bias" ] } path model
                    let lenient = { naming [ DropNames "0.weight" ] with Strict = false }
                    // Nothing is left.
                    Assert.equal 1 (refusedBy (StateDict.loadWith lenient path) model).Length

                    let header =
                        """{"head":{"dtype":"F8_E4M3","shape":[1],"data_offsets":[4,5]},"0.bias":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"""

                    File.WriteAllBytes(
                        path,
                        Array.concat
                            [
                                BitConverter.GetBytes(int64 header.Length)
                                Text.Encoding.UTF8.GetBytes header
                                BitConverter.GetBytes 5f
                                [| 1uy |]
                            ]
                    )

                    StateDict.loadWith { naming [ DropNames "head" ] with Strict = false } path model |> ignore
                    Assert.equal ("0.bias", [ 5.0 ]) (List.last (values model))))

            testCase "rules that are wrong are errors" (fun () ->
                layerFile "a.weight" "b.weight" (fun path ->
                    use model = layer ()
                    let refused rules = refusedBy (StateDict.loadWith (naming rules) path) model

                    Assert.equal
                        [ $"{path}, names: expected one tensor for '0.weight', found 'a.weight', 'b.weight'." ]
                        (refused [ ReplacePattern("*.weight", "0.weight") ])

                    Assert.equal
                        [
                            "names, pattern '*.weight' → '*.*': expected at most 1 times '*' in what it becomes, found '*.*'."
                        ]
                        (refused [ ReplacePattern("*.weight", "*.*") ])

                    Assert.containsText
                        "names, regex '(' → '': expected a regular expression"
                        (refused [ ReplaceRegex("(", "") ]).Head

                    Assert.equal
                        [ $"{path}: expected rules that speak of a name in it, found prefix 'module.' → ''." ]
                        (refused
                            [
                                ReplacePrefix("module.", "")
                                Rename("a.weight", "0.weight")
                                Rename("b.weight", "0.bias")
                            ]
                         |> List.filter (fun error -> error.Contains "rules")))

                for json in
                    [
                        ""
                        "{}"
                        "null"
                        "[1]"
                        """[{"prefix":"a"}]"""
                        """[{"prefix":"a","becomes":1}]"""
                        """[{"drop":"a","becomes":"b"}]"""
                        """[{"prefix":"a","becomes":"b","becomes":"c"}]"""
                        """[{"drop":"\ud800"}]"""
                    ] do
                    match errorsOf (fun () -> NameMap.ofJson json) with
                    | [ Malformed _ ] -> ()
                    | other -> failtest $"%A{other} for {json}")

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

            testCase "a path that is none is a typed error" (fun () ->
                use model = layer ()
                use data = points ()
                use application = fitted 0 (classifier [ Layers.linear 2 2 ]) data

                for path in [ ""; " "; "a\000b"; Path.Combine(Path.GetTempPath(), "none", "a\000b") ] do
                    for work in
                        [
                            fun () -> StateDict.save path model
                            fun () -> StateDict.saveWith { StateDict.saving with MaxShardSize = Some 1L } path model
                            fun () -> StateDict.load path model |> ignore
                            fun () -> Application.save path application
                            fun () -> Application.load "cpu" path |> ignore
                            fun () -> Safetensors.load path |> ignore
                            fun () -> NameMap.load path |> ignore
                            fun () -> History.save path History.empty
                            fun () -> ModelCheckpoint.callback (ModelCheckpoint.into path) |> ignore
                        ] do
                        match errorsOf work with
                        | [ Malformed(_, _, found) ] -> Assert.isFalse (found.Contains '\000')
                        | other -> failtest $"%A{other} for '{path}'"

                for work in
                    [
                        fun () ->
                            Safetensors.load "none.safetensors" |> ignore
                            fun () -> StateDict.load "none" model |> ignore
                    ] do
                    match errorsOf work with
                    | [ Malformed("load", "a file", _) ] -> ()
                    | other -> failtest $"%A{other}")
        ]
