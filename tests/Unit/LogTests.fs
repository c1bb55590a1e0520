/// What a built model keeps while it runs: `logInput`, `logOutput`, `FromLogs`.
module Deeplay.Tests.LogTests

open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Torch
open TorchSharp
open Expecto
open Deeplay.Tests

let private options = { Build.defaults with Device = "cpu" }

let private build logs spec =
    Build.run { options with Logs = Some logs } spec :?> torch.nn.Module<torch.Tensor, torch.Tensor>

/// Multiplies, so that what goes in and what comes out are known by hand.
let private scale (factor: float) =
    Definition.create $"Scale{factor}" [] (fun _ -> init { return forward (fun x -> x * factor) })
    |> Module.create []

let private numbers (tensor: torch.Tensor) = tensor.data<float32>().ToArray() |> List.ofArray

[<Tests>]
let tests =
    torchTests
        "LogTests"
        [
            testCase "a log keeps what a module is given and what it gives" (fun () ->
                use logs = new Logs()

                use model =
                    Layers.sequential [ scale 2.0; scale 3.0 ]
                    |> Module.select "1" (Module.logInput "between")
                    |> Module.select "1" (Module.logOutput "after")
                    |> build logs

                use x = torch.tensor [| 1f; 2f |]
                use y = model.call x
                Assert.equal [ 6f; 12f ] (numbers y)
                Assert.equal [ 2f; 4f ] (numbers logs["between"])
                Assert.equal [ 6f; 12f ] (numbers logs["after"]))

            testCase "what was logged can be taken up again further on" (fun () ->
                use logs = new Logs()

                use model =
                    Layers.sequential [ scale 2.0; scale 100.0; Layers.fromLogs "early"; scale 5.0 ]
                    |> Module.select "0" (Module.logOutput "early")
                    |> build logs

                use x = torch.tensor [| 1f; 2f |]
                use y = model.call x
                Assert.equal [ 10f; 20f ] (numbers y))

            testCase "shapes are inferred through what was logged" (fun () ->
                let spec =
                    Layers.sequential
                        [ Layers.linear 4 7; Layers.linear 7 2; Layers.fromLogs "wide"; Layers.linear 7 3 ]
                    |> Module.select "0" (Module.logOutput "wide")

                Assert.equal [ 5L; 3L ] (Module.inferShape [ 5; 4 ] spec))

            testCase "a log that nobody wrote is an error that names those there are" (fun () ->
                use logs = new Logs()

                use model =
                    Layers.sequential [ scale 2.0; Layers.fromLogs "erly" ]
                    |> Module.select "0" (Module.logOutput "early")
                    |> build logs

                use x = torch.tensor [| 1f |]
                let error = Assert.throws<DeeplayException>(fun () -> model.call x |> ignore)
                Assert.equal "the root has no log 'erly'. Did you mean 'early'? It has: early." error.Message)

            testCase "a log holds one tensor per key, however often the model runs" (fun () ->
                use logs = new Logs()

                use model = Layers.sequential [ scale 2.0 ] |> Module.select "0" (Module.logOutput "y") |> build logs

                use x = torch.ones 3L
                use _noGrad = torch.no_grad ()
                model.call(x).Dispose()
                let before = DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount

                for _ in 1..100 do
                    model.call(x).Dispose()

                Assert.equal before DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount
                logs.Clear()

                Assert.equal (before - 1L) DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount)

            testCase "logging is a step that is saved with the spec" (fun () ->
                let spec =
                    Layers.sequential [ scale 2.0; Layers.fromLogs "y" ] |> Module.select "1" (Module.logInput "x")

                let registry =
                    Registry.add
                        (spec.Arguments["layers"]
                         |> fun layers ->
                             match layers with
                             | Value.List(Module first :: _) -> first.Definition
                             | other -> failwith $"{other}")
                        Registries.standard

                let back = Codec.encode spec |> Fail.unwrap |> Codec.decode registry |> Fail.unwrap
                Assert.equal spec back)

            testCase "of several outputs each is kept under its place, and can be taken up again" (fun () ->
                let both =
                    Definition.create "Both" [] (fun _ ->
                        init { return forwardMany [ "input" ] (fun xs -> [ xs.Head * 2.0; xs.Head * 3.0 ]) })
                    |> Module.create []

                let spec =
                    Definition.create "Holder" [] (fun _ ->
                        init {
                            let! both = child "both" (both |> Module.logInput "x" |> Module.logOutput "y")
                            let! second = child "second" (Layers.fromLogs "y.1")

                            return
                                forward (fun x ->
                                    let outputs = callMany 2 both [ x ]
                                    outputs.Head + call second x)
                        })
                    |> Module.create []

                use logs = new Logs()
                use model = build logs spec
                use x = torch.tensor [| 1f; 2f |]
                use y = model.call x
                Assert.equal [ 5f; 10f ] (numbers y)
                Assert.equal [ "x"; "y.0"; "y.1" ] (List.sort (List.ofSeq logs.Keys))
                Assert.equal [ 2f; 4f ] (numbers logs["y.0"])
                Assert.equal [ 3f; 6f ] (numbers logs["y.1"])
                Assert.equal [ 4L; 7L ] (Module.inferShape [ 4; 7 ] spec))

            testCase "of several inputs each is kept under its place" (fun () ->
                let spec =
                    Definition.create "Holder" [] (fun _ ->
                        init {
                            let! sum = child "sum" (Layers.add |> Module.logInput "x" |> Module.logOutput "y")
                            return forward (fun x -> callOn sum [ x; x * 10.0 ])
                        })
                    |> Module.create []

                use logs = new Logs()
                use model = build logs spec
                use x = torch.tensor [| 1f; 2f |]
                use _ = model.call x
                Assert.equal [ "x.0"; "x.1"; "y" ] (List.sort (List.ofSeq logs.Keys))
                Assert.equal [ 10f; 20f ] (numbers logs["x.1"]))

            testCase "named tensors are kept under their names" (fun () ->
                let spec =
                    Layers.sequential [ scale 2.0 |> Module.outputsTo [ "double" ] ]
                    |> Module.select "0" (Module.logOutput "inside")
                    |> Module.logOutput "y"

                use logs = new Logs()
                let options = { options with Logs = Some logs }
                use model = Build.run options spec :?> torch.nn.Module<torch.Tensor, NamedTensors>
                use x = torch.tensor [| 1f; 2f |]
                let y = model.call x
                use double = y["double"]
                Assert.equal [ "inside"; "y.double" ] (List.sort (List.ofSeq logs.Keys))
                Assert.equal (numbers double) (numbers logs["y.double"]))
        ]
