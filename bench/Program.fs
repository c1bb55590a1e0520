/// Prints one line a figure, `name value bound ok|short`, and exits non-zero when one falls short. Arguments choose
/// groups: `running`, `memory`, `configuration`, `building`; without arguments all run.
module Deeplay.Bench.Program

open Deeplay.Bench.Measure

let private groups =
    [
        "running", Running.figures
        "memory", Memory.figures
        "configuration", Configuration.figures
        "building", Configuration.buildingFigures
    ]

[<EntryPoint>]
let main arguments =
    let unknown = arguments |> Array.filter (fun name -> not (List.exists (fun (known, _) -> known = name) groups))

    if unknown.Length > 0 then
        let known = groups |> List.map fst |> String.concat ", "
        eprintfn "There is no group '%s'. Groups: %s." unknown[0] known
        2
    else
        let mutable short = 0

        for name, figures in groups do
            if arguments.Length = 0 || Array.contains name arguments then
                for figure in figures () do
                    print figure

                    if figure.IsShort then short <- short + 1

        if short > 0 then 1 else 0
