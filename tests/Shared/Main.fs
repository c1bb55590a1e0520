/// Runs the tests of the program: `--help` tells the options, docs/testing.md those that matter.
module Deeplay.Tests.Main

open Expecto

[<EntryPoint>]
let main arguments = runTestsInAssemblyWithCLIArgs [ No_Spinner ] arguments
