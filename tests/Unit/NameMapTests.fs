/// How names of a file become a module's.
module Deeplay.Tests.NameMapTests

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
        "NameMapTests"
        [
            testTheory
                "names become others by rules"
                [
                    "module.fc.weight", "module.fc.bias", [ ReplacePrefix("module.fc.", "0.") ]
                    "fc.gamma", "fc.beta", [ Rename("fc.gamma", "0.weight"); Rename("fc.beta", "0.bias") ]
                    // One after another.
                    "a.0.gamma", "a.0.bias", [ ReplacePrefix("a.", ""); ReplacePattern("*.gamma", "*.weight") ]
                    "layers7weight", "layers7bias", [ ReplaceRegex(@"layers\d([a-z]+)", "0.$1") ]
                    "weight", "bias", [ ReplacePrefix("", "0.") ]
                    "0.weight.x.y", "0.bias.x.y", [ ReplacePattern("*.*.*.y", "*.*") ]
                ]
                (fun (weight, bias, rules) ->
                    layerFile weight bias (fun path ->
                        use model = layer ()
                        let report = StateDict.loadWith (naming rules) path model
                        Assert.equal [ "0.weight"; "0.bias" ] report.Loaded
                        Assert.equal [ "0.weight", [ 1.0; 2.0 ]; "0.bias", [ 3.0 ] ] (values model)
                        // And through a file.
                        inFile (fun map ->
                            NameMap.save map rules
                            Assert.equal rules (NameMap.load map))))

            testCase "what is dropped is not missed, and may be of any dtype" (fun () ->
                inFile (fun path ->
                    use model = layer ()
                    StateDict.saveWith { StateDict.saving with Names = [ DropNames "*.bias" ] } path model
                    let lenient = { naming [ DropNames "0.weight" ] with Strict = false }
                    // Nothing is left.
                    Assert.equal 1 (refusedBy (StateDict.loadWith lenient path) model).Length

                    let header =
                        """{"head":{"dtype":"F8_E4M3","shape":[1],"data_offsets":[4,5]},"0.bias":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"""

                    File.WriteAllBytes(
                        path,
                        Array.concat
                            [
                                BitConverter.GetBytes(int64 header.Length)
                                Text.Encoding.UTF8.GetBytes header
                                BitConverter.GetBytes 5f
                                [| 1uy |]
                            ]
                    )

                    StateDict.loadWith { naming [ DropNames "head" ] with Strict = false } path model |> ignore
                    Assert.equal ("0.bias", [ 5.0 ]) (List.last (values model))))

            testCase "rules that are wrong are errors" (fun () ->
                layerFile "a.weight" "b.weight" (fun path ->
                    use model = layer ()
                    let refused rules = refusedBy (StateDict.loadWith (naming rules) path) model

                    Assert.equal
                        [ $"{path}, names: expected one tensor for '0.weight', found 'a.weight', 'b.weight'." ]
                        (refused [ ReplacePattern("*.weight", "0.weight") ])

                    Assert.equal
                        [
                            "names, pattern '*.weight' → '*.*': expected at most 1 times '*' in what it becomes, found '*.*'."
                        ]
                        (refused [ ReplacePattern("*.weight", "*.*") ])

                    Assert.containsText
                        "names, regex '(' → '': expected a regular expression"
                        (refused [ ReplaceRegex("(", "") ]).Head

                    Assert.equal
                        [ $"{path}: expected rules that speak of a name in it, found prefix 'module.' → ''." ]
                        (refused
                            [
                                ReplacePrefix("module.", "")
                                Rename("a.weight", "0.weight")
                                Rename("b.weight", "0.bias")
                            ]
                         |> List.filter (fun error -> error.Contains "rules")))

                for json in
                    [
                        ""
                        "{}"
                        "null"
                        "[1]"
                        """[{"prefix":"a"}]"""
                        """[{"prefix":"a","becomes":1}]"""
                        """[{"drop":"a","becomes":"b"}]"""
                        """[{"prefix":"a","becomes":"b","becomes":"c"}]"""
                        """[{"drop":"\ud800"}]"""
                    ] do
                    match errorsOf (fun () -> NameMap.ofJson json) with
                    | [ Malformed _ ] -> ()
                    | other -> failtest $"%A{other} for {json}")
        ]
