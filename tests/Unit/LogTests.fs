/// What a built model keeps while it runs: `logInput`, `logOutput`, `FromLogs`.
module Deeplay.Tests.LogTests

open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Torch
open TorchSharp
open Xunit

let private options =
    {
        Device = Device.parse "cpu"
        Inputs = []
        AllowUnused = false
        Lowerings = Lowering.standard
    }

let private build logs spec =
    Build.runLogged logs options spec :?> torch.nn.Module<torch.Tensor, torch.Tensor>

/// Multiplies, so that what goes in and what comes out are known by hand.
let private scale (factor: float) =
    Definition.create $"Scale{factor}" [] (fun _ -> init { return forward (fun x -> x * factor) })
    |> Module.create []

let private numbers (tensor: torch.Tensor) =
    tensor.data<float32>().ToArray() |> List.ofArray

[<Fact>]
let ``a log keeps what a module is given and what it gives`` () =
    use logs = new Logs()

    use model =
        Layers.sequential [ scale 2.0; scale 3.0 ]
        |> Module.select "1" (Module.logInput "between")
        |> Module.select "1" (Module.logOutput "after")
        |> build logs

    use x = torch.tensor [| 1f; 2f |]
    use y = model.call x
    Assert.Equal<float32 list>([ 6f; 12f ], numbers y)
    Assert.Equal<float32 list>([ 2f; 4f ], numbers logs["between"])
    Assert.Equal<float32 list>([ 6f; 12f ], numbers logs["after"])

[<Fact>]
let ``what was logged can be taken up again further on`` () =
    use logs = new Logs()

    use model =
        Layers.sequential [ scale 2.0; scale 100.0; Layers.fromLogs "early"; scale 5.0 ]
        |> Module.select "0" (Module.logOutput "early")
        |> build logs

    use x = torch.tensor [| 1f; 2f |]
    use y = model.call x
    Assert.Equal<float32 list>([ 10f; 20f ], numbers y)

[<Fact>]
let ``shapes are inferred through what was logged`` () =
    let spec =
        Layers.sequential
            [
                Layers.linear 4 7
                Layers.linear 7 2
                Layers.fromLogs "wide"
                Layers.linear 7 3
            ]
        |> Module.select "0" (Module.logOutput "wide")

    Assert.Equal<int list>([ 5; 3 ], Module.inferShape [ 5; 4 ] spec)

[<Fact>]
let ``a log that nobody wrote is an error that names those there are`` () =
    use logs = new Logs()

    use model =
        Layers.sequential [ scale 2.0; Layers.fromLogs "erly" ]
        |> Module.select "0" (Module.logOutput "early")
        |> build logs

    use x = torch.tensor [| 1f |]
    let error = Assert.Throws<SpecException>(fun () -> model.call x |> ignore)
    Assert.Equal("the root has no log 'erly'. Did you mean 'early'? It has: early.", error.Message)

[<Fact>]
let ``a log holds one tensor per key, however often the model runs`` () =
    use logs = new Logs()

    use model =
        Layers.sequential [ scale 2.0 ]
        |> Module.select "0" (Module.logOutput "y")
        |> build logs

    use x = torch.ones 3L
    use _noGrad = torch.no_grad ()
    model.call(x).Dispose()
    let before = DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount

    for _ in 1..100 do
        model.call(x).Dispose()

    Assert.Equal(before, DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount)
    logs.Clear()
    Assert.Equal(before - 1L, DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount)

[<Fact>]
let ``logging is a step that is saved with the spec`` () =
    let spec =
        Layers.sequential [ scale 2.0; Layers.fromLogs "y" ]
        |> Module.select "1" (Module.logInput "x")

    let registry =
        Registry.add
            (spec.Arguments["layers"]
             |> fun layers ->
                 match layers with
                 | Value.List(Module first :: _) -> first.Definition
                 | other -> failwith $"{other}")
            Registries.standard

    let back = Codec.encode spec |> Fail.unwrap |> Codec.decode registry |> Fail.unwrap
    Assert.Equal(spec, back)
