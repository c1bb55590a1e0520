/// What callbacks remember beyond a run, and who of them comes last.
module Deeplay.Tests.CallbackMemoryTests

open System
open System.IO
open System.Text.Json
open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Torch
open TorchSharp
open Expecto
open Deeplay.Tests
open Deeplay.Tests.LoweringHelp
open Deeplay.Tests.TrainingHelp

let private model = classifier [ Layers.linear 2 2 ]
let private key = "deeplay.callbacks"

// The memory of a checkpoint of a run with this callback, changed, and what is done with the file.
let private changed callback (change: string -> string) (work: string -> Dataset -> 'a) : 'a =
    inFile (fun path ->
        use _ = torch.NewDisposeScope()
        use data = points ()
        use application = Application.fit { options 1 with Callbacks = [ callback ] } data model
        Application.save path application
        let metadata, tensors = Safetensors.load path
        Safetensors.save path (Map.add key (change metadata[key]) metadata) (Map.toList tensors)
        work path data)

// The same with another text under each of its keys.
let private withText (text: string) (memory: string) : string =
    Map.ofList [ for entry in JsonDocument.Parse(memory).RootElement.EnumerateObject() -> entry.Name, text ]
    |> JsonText.write

let private goneOnWith callback path data : Error list =
    errorsOf (fun () ->
        use application: Application = Application.load "cpu" path
        Application.fitMore { options 1 with Callbacks = [ callback ] } data application)

let private stopping = EarlyStopping.callback { EarlyStopping.defaults with Monitor = "train_loss" }

[<Tests>]
let tests =
    torchTests
        "CallbackMemoryTests"
        [
            testCase "what saves is told last, wherever it stands" (fun () ->
                use data = points ()
                let told = ResizeArray<string>()
                let tells name _ = { Callback.idle with EpochEnd = fun _ -> told.Add name }

                let callbacks =
                    [
                        Callback.createSaving "saves" (tells "saves")
                        // Its name does not matter.
                        Callback.create "ModelCheckpoint" (tells "first")
                        Callback.create "second" (tells "second")
                    ]

                use _ = Application.fit { options 1 with Callbacks = callbacks } data model
                Assert.equal [ "first"; "second"; "saves" ] (List.ofSeq told))

            testTheory
                "a damaged memory of a file is an error where it is read"
                [ "["; "[]"; "null"; """{"a":null}"""; """{"a":1}"""; """{"a":{}}""" ]
                (fun text ->
                    changed stopping (fun _ -> text) (fun path _ ->
                        match errorsOf (fun () -> Application.load "cpu" path) with
                        | [ Malformed(where, "a text for each key", _) ] -> Assert.equal $"{path}, {key}" where
                        | other -> failtest $"%A{other}"))

            testTheory
                "a damaged memory of EarlyStopping is an error where a run goes on with it"
                [
                    "{"
                    "null"
                    "[]"
                    """{"best":0.5}"""
                    """{"best":"low","waited":0}"""
                    """{"best":0.5,"waited":-1}"""
                    """{"best":0.5,"waited":0.5}"""
                    """{"best":0.5,"waited":"NaN"}"""
                ]
                (fun text ->
                    changed stopping (withText text) (fun path data ->
                        match goneOnWith stopping path data with
                        | [ Malformed(where, expected, _) ] ->
                            Assert.equal "the best value and how many were no better since" expected
                            Assert.containsText "EarlyStopping" where
                        | other -> failtest $"%A{other}"))

            testTheory
                "a damaged memory of ModelCheckpoint is an error where a run goes on with it"
                [
                    "{"
                    "null"
                    "[]"
                    """{"a":null}"""
                    """{"a":{}}"""
                    """{"a":{"epoch":0,"step":1,"metrics":null}}"""
                ]
                (fun text ->
                    inFolder (fun folder ->
                        let saving = ModelCheckpoint.callback (ModelCheckpoint.into folder)

                        changed saving (withText text) (fun path data ->
                            match goneOnWith saving path data with
                            | [ Malformed(where, expected, _) ] ->
                                Assert.equal "what was saved and kept, by its files" expected
                                Assert.containsText "ModelCheckpoint" where
                            | other -> failtest $"%A{other}")))
        ]
