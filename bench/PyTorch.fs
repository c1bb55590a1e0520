/// A step of `Fit` beside PyTorch eager (pytorch.py), where there is a Python that has it.
module Deeplay.Bench.PyTorch

open System
open System.Diagnostics
open System.IO
open Deeplay.Bench.Measure

/// A script that lies beside the program.
let script (name: string) = Path.Combine(AppContext.BaseDirectory, name)

/// Starts a Python.
let start (python: string) (arguments: string list) =
    Process.Start(
        ProcessStartInfo(
            python,
            arguments,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true
        )
    )

/// The first Python of the path that has PyTorch.
let python =
    lazy
        (Environment.GetEnvironmentVariable("PATH").Split Path.PathSeparator
         |> Seq.map (fun folder -> Path.Combine(folder, "python3"))
         |> Seq.filter File.Exists
         |> Seq.tryFind (fun python ->
             use found = start python [ "-c"; "import torch" ]
             found.WaitForExit()
             found.ExitCode = 0))

/// Asks a script by a line for work that is done when this returns.
let ask (child: Process) (line: string) () =
    child.StandardInput.WriteLine line
    child.StandardInput.Flush()

    if child.StandardOutput.ReadLine() <> "done" then failwith (child.StandardError.ReadToEnd())

/// `Fit` over PyTorch for each network: its time for the perceptrons at most, the others are shown.
let figures () =
    [
        match python.Value with
        | None -> printfn "no python3 with torch: nothing is compared with PyTorch"
        | Some python ->
            use child = start python [ script "pytorch.py" ]

            let epoch (network: Training.Network) adam = ask child $"{network.Name} {adam} {network.Batches}"

            for network in Training.networks do
                let bound = if network.IsPerceptron then 1.0 else infinity

                let over =
                    [
                        for adam in [ "foreach"; "plain" ] do
                            use fit = Training.fitted network
                            ratio 51 fit.Epoch (epoch network adam)
                    ]

                // Beside its faster one.
                yield List.max over |> atMost bound $"fit_{network.Name}_step_over_pytorch"

            child.StandardInput.Close()
            child.WaitForExit()
    ]
