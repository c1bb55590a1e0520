/// Modules that can't be made: typed errors with the module's tag.
module Deeplay.Tests.MakingErrors

open System
open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Torch
open TorchSharp
open Expecto
open Deeplay.Tests

open Deeplay.Tests.LoweringHelp

[<Tests>]
let tests =
    torchTests
        "MakingErrors"
        [
            testCase "weights that no machine has are an error with the tag, before anything is allocated" (fun () ->
                let problem (layer: ModuleSpec) =
                    match errorsOf (fun () -> Module.build "cpu" (Layers.sequential [ Layers.relu; layer ])) with
                    | [ WrongStructure(tag, _, problem) ] ->
                        Assert.equal "1" (string tag)
                        problem
                    | other -> failtest $"%A{other}"

                // 4·10¹⁸ numbers: their bytes are more than 64 bits count. 10¹² of them: 4 TB.
                Assert.startsWith
                    "its weight (2000000000, 2000000000) would take "
                    (problem (Layers.linear 2_000_000_000 2_000_000_000))

                Assert.startsWith
                    "its weight (1000000, 1000000) would take 3,725.3 GiB"
                    (problem (Layers.linear 1_000_000 1_000_000))

                Assert.startsWith
                    "its weight (2147483647, 2147483647) would take "
                    (problem (Layers.embedding Int32.MaxValue Int32.MaxValue)))

            testCase "weights that fit one by one and not together are an error before any is allocated" (fun () ->
                let made = ref 0

                // Makes nothing: this machine would end where the check fails.
                let options =
                    { Build.defaults with
                        Device = "cpu"
                        Lowerings =
                            Lowering.standard
                            |> Lowering.add libraryLayers["Linear"] (fun _ ->
                                made.Value <- made.Value + 1
                                torch.nn.Identity())
                    }

                // 20 of these are nearly all there is.
                let available = float (GC.GetGCMemoryInfo().TotalAvailableMemoryBytes)
                let width = int (sqrt (available / 80.0)) - 1
                let linear _ = Layers.linear width width
                let before = liveTensors ()

                match errorsOf (fun () -> Module.buildWith options (Layers.sequential (List.init 100 linear))) with
                | [ WrongStructure(tag, "Linear", problem) ] ->
                    Assert.equal "20" (string tag)
                    Assert.startsWith $"its weight ({width}, {width}) would take " problem
                    Assert.endsWith " of memory there are." problem
                | other -> failtest $"%A{other}"

                Assert.equal 0 made.Value
                Assert.equal before (liveTensors ())

                // What is shared is there once.
                let shared =
                    Definition.create "Shared" [] (fun _ ->
                        init {
                            let! first = child "first" (linear ())

                            for i in 1..30 do
                                let! _ = alias $"again{i}" first
                                ()

                            return forward (call first)
                        })

                use _built = Module.buildWith options (Module.create [] shared)
                Assert.equal 1 made.Value)

            testCase "a negative size of an input is refused as shapes refuse it" (fun () ->
                let mlp = Components.multiLayerPerceptron 64 [ 4 ] 3
                let lazy' = Layers.lazyLinear 3

                let named =
                    Layers.sequential [ Layers.linear 2 3 |> Module.inputsFrom [ "x" ] |> Module.outputsTo [ "y" ] ]

                for spec, shape in [ mlp, [ -1L; 64L ]; mlp, [ 4L; -64L ]; lazy', [ -4L; 64L ]; lazy', [ 4L; -64L ] ] do
                    let expected = errorsOf (fun () -> Module.inferShape shape spec)

                    match expected with
                    | [ WrongShape(tag, _, "sizes of at least 0", _) ] -> Assert.equal Tag.root tag
                    | other -> failtest $"%A{other}"

                    Assert.equal expected (errorsOf (fun () -> build [ shape ] spec))
                    Assert.equal expected (errorsOf (fun () -> build [ [ 4L; 64L ]; shape ] spec))

                for shape in [ [ -1L; 2L ]; [ 1L; -2L ] ] do
                    let given = [ "x", shape ]
                    let expected = errorsOf (fun () -> Module.inferNamed given named)
                    Assert.notEmpty expected
                    let options = { optionsFor [] with Named = given }
                    Assert.equal expected (errorsOf (fun () -> Build.run options named)))

            testCase "what TorchSharp refuses to make is an error with the tag" (fun () ->
                let refused =
                    Definition.primitive "Refused" [] (fun _ inputs -> Ok { Outputs = inputs; Inferred = [] })

                let options =
                    { Build.defaults with
                        Device = "cpu"
                        Lowerings =
                            Lowering.standard
                            |> Lowering.add refused (fun _ ->
                                torch.zeros([| 1L <<< 45; 1L <<< 20 |]).Dispose()
                                torch.nn.Identity())
                    }

                match
                    errorsOf (fun () ->
                        Module.buildWith options (Layers.sequential [ Layers.relu; Module.create [] refused ]))
                with
                | [ WrongStructure(tag, "Refused", problem) ] ->
                    Assert.equal "1" (string tag)
                    Assert.startsWith "TorchSharp can't make it: " problem
                    Assert.isFalse (problem.Contains "frame #")
                | other -> failtest $"%A{other}")
        ]
