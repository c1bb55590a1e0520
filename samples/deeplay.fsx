// What a script needs: `#load "deeplay.fsx"`. Build first: ./build.sh build
module Deeplay.Script

// Names Deeplay's assemblies and the engine's; written by the build, for it depends on the engine.
#load "../artifacts/references.fsx"

open System.IO
open System.Runtime.InteropServices

// The native libraries of TorchSharp's packages lie where `dotnet fsi` does not look. Loaded once, they are found.
let private natives =
    Path.Combine(References.folder, "runtimes", RuntimeInformation.RuntimeIdentifier, "native")

if Directory.Exists natives then
    for name in [ "torch_cpu"; "torch_cuda"; "LibTorchSharp" ] do
        for file in Directory.GetFiles(natives, $"*{name}.*") do
            NativeLibrary.Load file |> ignore
