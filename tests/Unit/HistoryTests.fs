/// Histories as texts and files, and back.
module Deeplay.Tests.HistoryTests

open System
open System.IO
open System.Text.Json
open Deeplay.Core
open Deeplay.Torch
open Expecto
open Deeplay.Tests
open Deeplay.Tests.LoweringHelp
open Deeplay.Tests.TrainingHelp

let private epoch number step metrics : EpochRecord = { Epoch = number; Step = step; Metrics = Map.ofList metrics }

// Numbers that need all their digits, some that are none, and an epoch without validation.
let private history =
    {
        Epochs =
            [
                epoch 0 45L [ "train_loss", 0.1 + 0.2; "val_loss", nan ]
                epoch 1 90L [ "train_loss", infinity ]
                epoch 2 5000000000L [ "train_loss", -infinity; "val_loss", 1e-300; "a \"b\", c", -0.0 ]
            ]
    }

// NaN is not equal to itself.
let private bits (history: History) =
    [
        for epoch in history.Epochs do
            epoch.Epoch,
            epoch.Step,
            [ for KeyValue(name, value) in epoch.Metrics -> name, BitConverter.DoubleToInt64Bits value ]
    ]

[<Tests>]
let tests =
    testList
        "HistoryTests"
        [
            test "a history as CSV has a column for each metric, and empty cells" {
                Assert.equal
                    "epoch,step,train_loss,val_loss,\"a \"\"b\"\", c\"\n\
                     0,45,0.30000000000000004,NaN,\n\
                     1,90,Infinity,,\n\
                     2,5000000000,-Infinity,1E-300,-0\n"
                    (History.toCsv history)

                Assert.equal "epoch,step\n" (History.toCsv History.empty)
            }

            test "a history as JSON is what a reader of JSON finds" {
                use json = JsonDocument.Parse(History.toJson history)
                let first, second = json.RootElement[0], json.RootElement[1]
                Assert.equal 45 (first.GetProperty("step").GetInt32())
                Assert.equal 0.30000000000000004 (first.GetProperty("metrics").GetProperty("train_loss").GetDouble())
                Assert.equal "NaN" (first.GetProperty("metrics").GetProperty("val_loss").GetString())
                Assert.equal "Infinity" (second.GetProperty("metrics").GetProperty("train_loss").GetString())
                Assert.isFalse (fst (second.GetProperty("metrics").TryGetProperty "val_loss"))
            }

            test "a history comes back from both, every number the same" {
                for history in [ history; History.empty ] do
                    Assert.equal (bits history) (bits (History.ofCsv (History.toCsv history)))
                    Assert.equal (bits history) (bits (History.ofJson (History.toJson history)))
            }

            test "a history comes back from files, and what others write is read" {
                inFolder (fun folder ->
                    let csv, json = Path.Combine(folder, "h.csv"), Path.Combine(folder, "h.json")
                    History.saveCsv csv history
                    History.saveJson json history
                    Assert.equal (bits history) (bits (History.loadCsv csv))
                    Assert.equal (bits history) (bits (History.loadJson json))
                    // As spreadsheets write it.
                    File.WriteAllText(csv, "\uFEFFepoch,step,\"x\"\r\n0,1,2.5\r\n1,2,\r\n")
                    Assert.equal [ epoch 0 1L [ "x", 2.5 ]; epoch 1 2L [] ] (History.loadCsv csv).Epochs)
            }

            test "what is no history is an error that tells where" {
                for text, expected, found in
                    [
                        "", "a table with a header", "an empty text"
                        "step,epoch\n", "columns that begin with epoch, step", "step, epoch"
                        "epoch,step,a,a\n", "columns of different names", "'a' twice"
                        "epoch,step,a\n0,1,2\n1,x,2\n", "a whole number as step", "'x' in line 3"
                        "epoch,step,a\n-1,1,2\n", "a whole number as epoch", "'-1' in line 2"
                        "epoch,step,a\n0,1,two\n", "a number as a", "'two' in line 2"
                    ] do
                    Assert.equal
                        [ Malformed("history", expected, found) ]
                        (errorsOf (fun () -> History.ofCsv text |> ignore))

                for wrong in [ null; "epoch,step,a\n0,1\n" ] do
                    Assert.equal 1 (errorsOf (fun () -> History.ofCsv wrong |> ignore)).Length

                for wrong in
                    [
                        null
                        ""
                        "{}"
                        "[1]"
                        """[{"epoch":0,"step":1}]"""
                        """[{"epoch":0,"step":1,"metrics":{"a":"x"}}]"""
                    ] do
                    Assert.equal 1 (errorsOf (fun () -> History.ofJson wrong |> ignore)).Length

                for load in [ History.loadCsv; History.loadJson ] do
                    for path in [ ""; Path.GetTempPath(); "/none/at/all.csv" ] do
                        match errorsOf (fun () -> load path |> ignore) with
                        | [ Malformed(found, "a file that can be read", _) ] -> Assert.equal path found
                        | other -> failtest $"%A{other}"
            }
        ]
