/// The natives of TorchSharp, in this program, in scripts, and where there are none. Where the system has a libtorch of
/// its own (libtorch-dev), these tests show that it is never taken.
module Deeplay.Tests.NativeTests

open System
open System.Diagnostics
open System.IO
open Expecto
open Deeplay.Tests
open Deeplay.Torch

let private folder = AppContext.BaseDirectory

// What a script referencing these assemblies prints.
let private script (references: string) (lines: string list) =
    let file = Path.Combine(Directory.CreateTempSubdirectory().FullName, "script.fsx")

    [ "TorchSharp"; "Deeplay.Core"; "Deeplay.Library"; "Deeplay.Torch" ]
    |> List.map (fun name -> $"#r @\"{Path.Combine(references, name)}.dll\"")
    |> fun head -> File.WriteAllLines(file, head @ lines)

    let start =
        ProcessStartInfo("dotnet", [ "fsi"; file ], RedirectStandardOutput = true, RedirectStandardError = true)

    use fsi = Process.Start start
    let errors = fsi.StandardError.ReadToEndAsync()
    let output = fsi.StandardOutput.ReadToEnd()
    fsi.WaitForExit()
    Directory.Delete(Path.GetDirectoryName file, true)
    (output + errors.Result).Trim()

// The versions that this project pins.
let private versions = "TorchSharp 0.107.0, libtorch 2.10"

// The files that a process of Linux has mapped, of libtorch.
let private mapped () =
    File.ReadAllLines "/proc/self/maps"
    |> Array.map (fun line -> line.Split(' ') |> Array.last)
    |> Array.filter (fun path ->
        Path.GetFileName(path).StartsWith "libtorch" || Path.GetFileName(path).StartsWith "libc10")
    |> Array.distinct

[<Tests>]
let tests =
    torchTests
        "NativeTests"
        [
            testCase "this program runs on the natives of its package alone" (fun () ->
                Assert.startsWith versions (Native.describe ())

                if OperatingSystem.IsLinux() then
                    Assert.notEmpty (mapped ())

                    for path in mapped () do
                        Assert.startsWith folder path)

            testCase "a script runs on the natives beside TorchSharp" (fun () ->
                let printed =
                    script
                        folder
                        [
                            "Deeplay.Torch.Native.load ()"
                            "let x = TorchSharp.torch.ones(2L, 3L)"
                            "printfn $\"{x.sum().item<float32>()} {Deeplay.Torch.Native.describe ()}\""
                        ]

                Assert.startsWith $"6 {versions}" printed)

            testCase "without natives the error says in one sentence what to add" (fun () ->
                let bare = Directory.CreateTempSubdirectory().FullName

                for file in Directory.GetFiles(folder, "*.dll") do
                    File.Copy(file, Path.Combine(bare, Path.GetFileName file))

                let printed =
                    script
                        bare
                        [
                            "try Deeplay.Torch.Device.best () |> ignore"
                            "with :? Deeplay.DeeplayException as failure -> printfn $\"{failure.Message}\""
                        ]

                Directory.Delete(bare, true)

                Assert.equal "no native libtorch: add TorchSharp-cpu or TorchSharp-cuda-linux to this project" printed)
        ]
