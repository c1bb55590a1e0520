/// Prints one line a figure, `name value bound ok|short`, and exits non-zero when one falls short. Arguments choose
/// groups: `running`, `training`, `loading`, `pytorch`, `optimizers`, `start`, `memory`, `configuration`, `building`, `models`; without arguments all run.
module Deeplay.Bench.Program

open System
open System.Diagnostics
open Deeplay.Bench.Measure

let private groups =
    [
        "running", Running.figures
        "training", Training.figures
        "loading", Loading.figures
        "pytorch", PyTorch.figures
        "optimizers", Optimizers.figures
        "start", StartUp.figures
        "memory", Memory.figures
        "configuration", Configuration.figures
        "building", Configuration.buildingFigures
    ]
    |> List.map (fun (name, figures) -> name, figures >> Seq.ofList)
    // Many, and each is shown as soon as it is there.
    |> List.append
    <| [ "models", Models.figures ]

// The collector keeps large objects apart, in memory that is fresh each time: a text of a large model would cost more than
// those of many small ones, whatever is done to make it. `configuration` runs where all objects lie together, which only
// a process of its own can have; all else runs as a user's program does.
let private together = "DOTNET_GCLOHThreshold"

let private runApart name =
    let start = ProcessStartInfo("dotnet", [ Environment.GetCommandLineArgs()[0]; name ])
    start.Environment[together] <- "0x5F5E100"
    use child = Process.Start start
    child.WaitForExit()
    child.ExitCode

[<EntryPoint>]
let main arguments =
    let unknown = arguments |> Array.filter (fun name -> not (List.exists (fun (known, _) -> known = name) groups))

    if arguments = [| "first-step" |] || arguments = [| "first-step-by-hand" |] then
        StartUp.firstStep (arguments[0] = "first-step-by-hand")
        0
    elif unknown.Length > 0 then
        let known = groups |> List.map fst |> String.concat ", "
        eprintfn "There is no group '%s'. Groups: %s." unknown[0] known
        2
    else
        let mutable short = 0

        for name, figures in groups do
            if arguments.Length = 0 || Array.contains name arguments then
                if name = "configuration" && isNull (Environment.GetEnvironmentVariable together) then
                    short <- short + runApart name
                else
                    for figure in figures () do
                        print figure

                        if figure.IsShort then short <- short + 1

        if short > 0 then 1 else 0
