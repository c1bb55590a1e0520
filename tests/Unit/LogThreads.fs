/// Logs of a model that several threads call at once.
module Deeplay.Tests.LogThreads

open System.Threading
open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Torch
open TorchSharp
open Expecto
open Deeplay.Tests

open Deeplay.Tests.LoweringHelp

let private scale (factor: float) =
    Definition.create $"Scale{factor}" [] (fun _ -> init { return forward (fun x -> x * factor) })
    |> Module.create []

/// Runs the work on so many threads at once, and raises what any of them raised.
let private onThreads count (work: int -> unit) =
    let errors = System.Collections.Concurrent.ConcurrentQueue<exn>()

    let threads =
        [
            for i in 1..count ->
                Thread(fun () ->
                    try
                        work i
                    with error ->
                        errors.Enqueue error)
        ]

    threads |> List.iter _.Start()
    threads |> List.iter _.Join()

    match errors.TryDequeue() with
    | true, error -> raise error
    | _ -> ()

[<Tests>]
let tests =
    torchTests
        "LogThreads"
        [
            testCase "each call takes up what it kept itself, and logs hold those of one call" (fun () ->
                use logs = new Logs()

                use model =
                    Layers.sequential [ scale 2.0; scale 100.0; Layers.fromLogs "early"; scale 3.0 ]
                    |> Module.select "0" (Module.logOutput "early")
                    |> Module.select "3" (Module.logOutput "late")
                    |> Module.buildWith { Build.defaults with Device = "cpu"; Logs = Some logs }

                onThreads 4 (fun thread ->
                    use _noGrad = torch.no_grad ()

                    for _ in 1..300 do
                        use x = torch.full ([| 64L |], Scalar.op_Implicit (float32 thread))
                        use y = model.call x
                        // 2 · 3 times what this call was given, whatever the others are given meanwhile.
                        Assert.equal (6.0 * float thread) (float (y.min().data<float32>().[0L]))
                        Assert.equal (6.0 * float thread) (float (y.max().data<float32>().[0L]))
                        // It stays whole while others take its place.
                        use read = logs["early"]
                        Assert.equal (read.min().data<float32>().[0L]) (read.max().data<float32>().[0L]))

                use early = logs["early"]
                use late = logs["late"]
                Assert.equal (3f * early[0].data<float32>().[0L]) (late[0].data<float32>().[0L]))

            testCase "many threads predict with an application that keeps a log" (fun () ->
                use x = torch.randn (64L, 4L)

                use application =
                    Applications.classifier 2 (Components.multiLayerPerceptron 4 [ 8 ] 2)
                    |> Module.select "model/blocks/0" (Module.logOutput "hidden")
                    |> Application.build { Build.defaults with Device = "cpu" } [ 4L ]

                application.Module.eval ()
                use expected = application.Predict x

                onThreads 8 (fun _ ->
                    for _ in 1..100 do
                        use y = application.Predict(x, 16L)
                        Assert.isTrue (y.equal(expected).all().ToBoolean())
                        use hidden = application.Logs["hidden"]
                        Assert.equal [ 16L; 8L ] (shapeOf hidden))

                use hidden = application.Logs["hidden"]
                Assert.equal [ 16L; 8L ] (shapeOf hidden))

            testCase "a tensor that was read outlives the log" (fun () ->
                let logs = new Logs()

                use model =
                    scale 2.0
                    |> Module.logOutput "y"
                    |> Module.buildWith { Build.defaults with Device = "cpu"; Logs = Some logs }

                use x = torch.ones 3L
                use _y = model.call x
                use read = logs["y"]
                model.call(torch.zeros 3L).Dispose()
                logs.Clear()
                Assert.equal [ 2.0; 2.0; 2.0 ] (numbers read)
                Assert.isFalse (logs.Has "y"))

            testCase "what a call kept before it failed is there, and a part called by itself keeps too" (fun () ->
                use logs = new Logs()

                use model =
                    Layers.sequential [ Layers.linear 4 3; Layers.linear 7 2 ]
                    |> Module.select "0" (Module.logOutput "h")
                    |> Module.buildWith { Build.defaults with Device = "cpu"; Logs = Some logs }

                use x = torch.ones (2L, 4L)
                Assert.notEmpty (errorsOf (fun () -> model.call x))
                use h = logs["h"]
                Assert.equal [ 2L; 3L ] (shapeOf h)
                use one = torch.ones (1L, 4L)
                let first = model.named_children () |> Seq.map (fun struct (_, m) -> m) |> Seq.head
                use _alone = (first :?> torch.nn.Module<torch.Tensor, torch.Tensor>).call one
                use h = logs["h"]
                Assert.equal [ 1L; 3L ] (shapeOf h))
        ]
