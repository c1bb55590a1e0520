/// What constructing costs, printed as `milliseconds bytes` for one block: compiled with the core and the library of
/// either commit by `bench/before.sh`. It says only what every commit understands: a spec in JSON.
module Deeplay.Bench.Probe

open System
open System.Diagnostics
open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Library

let private blocks = 3_000

let private json =
    let widths = Seq.replicate (blocks - 1) "64" |> String.concat ","
    let arguments = $"\"in_features\": 64, \"hidden_features\": [{widths}], \"out_features\": 10"

    "{\"schema\": 1, \"spec\": {\"definition\": \"MultiLayerPerceptron\", \"arguments\": {"
    + arguments
    + "}}}"

/// A new spec each time: a tree is remembered by the spec it is of.
let private spec () =
    match Codec.decode Library.registry json with
    | Ok spec -> spec
    | Error errors -> failwithf "%A" errors

let private measure () =
    let spec = spec ()
    let bytes = GC.GetAllocatedBytesForCurrentThread()
    let watch = Stopwatch.StartNew()
    Construct.root spec |> ignore
    watch.Elapsed.TotalMilliseconds, GC.GetAllocatedBytesForCurrentThread() - bytes

let private median values = values |> Array.sort |> Array.item (Array.length values / 2)

[<EntryPoint>]
let main _ =
    // Tiered compilation replaces code while it runs.
    for _ in 1..40 do
        measure () |> ignore

    let times, bytes = Array.init 41 (fun _ -> measure ()) |> Array.unzip
    printfn "%.6f %.1f" (median times / float blocks) (float (median bytes) / float blocks)
    0
