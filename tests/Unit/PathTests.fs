/// Paths that are none, and files that are not there.
module Deeplay.Tests.PathTests

open System
open System.IO
open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Torch
open TorchSharp
open Expecto
open Deeplay.Tests
open Deeplay.Tests.LoweringHelp
open Deeplay.Tests.TrainingHelp
open Deeplay.Tests.StateDictHelp

[<Tests>]
let tests =
    torchTests
        "PathTests"
        [
            testCase "a path that is none is a typed error" (fun () ->
                use model = layer ()
                use data = points ()
                use application = fitted 0 (classifier [ Layers.linear 2 2 ]) data

                for path in [ ""; " "; "a\000b"; Path.Combine(Path.GetTempPath(), "none", "a\000b") ] do
                    for work in
                        [
                            fun () -> StateDict.save path model
                            fun () -> StateDict.saveWith { StateDict.saving with MaxShardSize = Some 1L } path model
                            fun () -> StateDict.load path model |> ignore
                            fun () -> Application.save path application
                            fun () -> Application.load "cpu" path |> ignore
                            fun () -> Safetensors.load path |> ignore
                            fun () -> NameMap.load path |> ignore
                            fun () -> History.saveCsv path History.empty
                            fun () -> ModelCheckpoint.callback (ModelCheckpoint.into path) |> ignore
                        ] do
                        match errorsOf work with
                        | [ Malformed(_, _, found) ] -> Assert.isFalse (found.Contains '\000')
                        | other -> failtest $"%A{other} for '{path}'"

                for work in
                    [
                        fun () ->
                            Safetensors.load "none.safetensors" |> ignore
                            fun () -> StateDict.load "none" model |> ignore
                    ] do
                    match errorsOf work with
                    | [ Malformed("load", "a file", _) ] -> ()
                    | other -> failtest $"%A{other}")
        ]
