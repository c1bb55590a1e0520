/// How long a program takes to its first step, from its start, beside one by hand.
module Deeplay.Bench.StartUp

open System
open System.Diagnostics
open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Torch
open TorchSharp
open Deeplay.Bench.Measure

let private data () = new Dataset(torch.randn (32L, 64L), torch.randint (10L, [| 32L |], dtype = torch.int64))

/// What a program does until its first step is made: by `Fit`, or by hand.
let firstStep (byHand: bool) : unit =
    if byHand then
        Native.load ()
        use data = data ()
        use model = torch.nn.Sequential(torch.nn.Linear(64L, 64L), torch.nn.ReLU(), torch.nn.Linear(64L, 10L))
        use optimizer = torch.optim.Adam(model.parameters (), 1e-3)
        use loss = torch.nn.CrossEntropyLoss()
        loss.call(model.call data.Inputs, data.Targets).backward()
        optimizer.step () |> ignore
    else
        let spec = Applications.classifier 10 (Components.multiLayerPerceptron 64 [ 64 ] 10)
        Native.load ()
        use data = data ()

        use _application =
            Trainer.fit { Fit.defaults with MaxEpochs = 1; Build = { Build.defaults with Device = "cpu" } } data spec

        ()

let private run (argument: string) () =
    use child = Process.Start(ProcessStartInfo("dotnet", [ Environment.GetCommandLineArgs()[0]; argument ]))
    child.WaitForExit()
    if child.ExitCode <> 0 then failwith $"{argument} failed"

/// The whole process, of nine starts each in turn: shown.
let figures () =
    [
        let pairs = [ for _ in 1..9 -> seconds (run "first-step"), seconds (run "first-step-by-hand") ]
        let ours, hand = median (List.map fst pairs), median (List.map snd pairs)
        ours |> atMost infinity "seconds_from_start_to_first_step"
        ours / hand |> atMost infinity "start_to_first_step_over_by_hand"
    ]
