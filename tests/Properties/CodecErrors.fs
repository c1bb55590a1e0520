/// What is refused when specs are read and written, each by its name.
module Deeplay.Properties.CodecErrors

open System
open Expecto
open Deeplay.Tests
open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Properties.Kinds

let private registry =
    [ leaf; relu; elu; block; holder ]
    |> List.fold (fun registry d -> Registry.add d registry) Registry.empty

let private leafText = """{"schema":1,"spec":{"definition":"Leaf","arguments":{"x":1}}}"""

/// A valid text with a part of it replaced.
let private instead (part: string) (other: string) =
    Assert.containsText part leafText
    leafText.Replace(part, other)

let private refused path (about: string) text =
    match Codec.decode registry text with
    | Error [ Malformed(found, expected, instead) ] ->
        Assert.equal path found
        Assert.containsText about (expected + " / " + instead)
    | other -> failtest $"{other}"

// --- What can't be saved ------------------------------------------------------------------------------------------

let private any: Param<Value> = Param.any "any"
let private anything = leafOf "Anything" [ any ]

let private notSaved tag (about: string) spec =
    match Codec.encode spec with
    | Error [ NotSaveable(at, why) ] ->
        Assert.equal tag (string at)
        Assert.containsText about why
    | other -> failtest $"{other}"

[<Tests>]
let tests =
    testList
        "CodecErrors"
        [
            testCase "the text that the others are made from is read" (fun () ->
                Assert.equal
                    (Module.create [ x => 1 ] leaf)
                    (Codec.decode registry (instead "\"Leaf\"" "\"Leaf\"") |> Fail.unwrap))

            testCase "an unknown definition is refused, with the nearest" (fun () ->
                refused "$.spec.definition" "near it: Leaf" (instead "\"Leaf\"" "\"Laef\""))

            testCase "an unknown field is refused, with the nearest" (fun () ->
                refused "$.spec" "near it: arguments" (instead "{\"x\":1}" "{\"x\":1},\"argumens\":{}")
                refused "$" "unknown field 'other'" (instead "{\"schema\"" "{\"other\":1,\"schema\""))

            testCase "a field that is missing or stands twice is refused" (fun () ->
                refused "$.spec" "the field 'arguments'" (instead ",\"arguments\":{\"x\":1}" "")
                refused "$" "'schema' twice" (instead "\"schema\":1" "\"schema\":1,\"schema\":1")
                refused "$.spec.arguments" "'x' twice" (instead "\"x\":1" "\"x\":1,\"x\":1"))

            testCase "another version is refused" (fun () ->
                for version in [ "0"; "2"; "-1" ] do
                    refused "$.schema" $"{version}" (instead "\"schema\":1" $"\"schema\":{version}")

                for version in [ "\"1\""; "1.0"; "null"; "99999999999" ] do
                    refused "$.schema" "an int" (instead "\"schema\":1" $"\"schema\":{version}"))

            testCase "an unknown parameter is refused wherever it is given" (fun () ->
                refused "$.spec.arguments" "'z'" (instead "\"x\":1" "\"z\":1")

                let withStep step =
                    instead
                        "\"arguments\":{\"x\":1}"
                        ("\"arguments\":{},\"steps\":[{\"targets\":[\"\"]," + step + "}]")

                refused
                    "$.spec.steps[0].become.arguments"
                    "'y'"
                    (withStep "\"become\":{\"kind\":\"ELU\",\"arguments\":{\"y\":1}}")

                refused
                    "$.spec.steps[0].hook.arguments"
                    "'z'"
                    (withStep "\"hook\":{\"action\":\"append\",\"of\":\"Block\",\"arguments\":{\"z\":1}}")

                refused
                    "$.spec.steps[0].hook.action"
                    "'none'"
                    (withStep "\"hook\":{\"action\":\"none\",\"arguments\":{}}")

                refused "$.spec.steps[0]" "none or several" (withStep "\"group\":\"g\"")

                refused "$.spec.steps[0].targets" "an array" ((withStep "\"inputs\":[]").Replace("[\"\"]", "\"\"")))

            testCase "a text that is cut anywhere is refused" (fun () ->
                for length in 0 .. leafText.Length - 1 do
                    match Codec.decode registry (leafText.Substring(0, length)) with
                    | Error [ Malformed("$", "JSON", _) ] -> ()
                    | other -> failtest $"{length}: {other}")

            testCase "what is nested too deep is refused, not a full stack" (fun () ->
                let brackets n = String.replicate n "[" + String.replicate n "]"

                refused "$" "JSON" (instead "\"x\":1" ("\"x\":" + brackets 100_000))

                Assert.isTrue (Codec.decode registry (instead "\"x\":1" ("\"x\":" + brackets 200)) |> Result.isOk))

            testCase "what is nested too deep is not written" (fun () ->
                let rec nested n spec = if n = 0 then spec else nested (n - 1) (Module.create [ inner => spec ] holder)

                let leafSpec = Module.create [] leaf
                Assert.isTrue (Codec.encode (nested 50 leafSpec) |> Result.isOk)

                match Codec.encode (nested 200 leafSpec) with
                | Error [ NotSaveable(_, why) ] -> Assert.containsText "deep" why
                | other -> failtest $"{other}"

                match
                    Codec.encodeTape (Tape.steps (Module.configure inner (nested 200 leafSpec) (nested 1 leafSpec)))
                with
                | Error [ NotSaveable(_, why) ] -> Assert.containsText "deep" why
                | other -> failtest $"{other}")

            testCase "half a surrogate pair is refused" (fun () ->
                refused "$.spec.definition" "half of a character" (instead "\"Leaf\"" "\"\\ud800\"")
                refused "$.spec.arguments.x" "half of a character" (instead "1}}" "\"\\udc00\"}}")
                refused "$.spec.arguments" "half of a character" (instead "\"x\"" "\"\\ud800\"")
                refused "$" "half of a character" (instead "Leaf" (string (char 0xD800)))

                let any: Param<Value> = Param.any "any"
                let anything = leafOf "Anything" [ any ]

                match Codec.encode (Module.create [ any => Text(string (char 0xD800)) ] anything) with
                | Error [ NotSaveable(_, why) ] -> Assert.containsText "half of a character" why
                | other -> failtest $"{other}")

            // --- What can't be saved -----------------------------------------------------------------------
            testCase "an object is refused by the name of its type" (fun () ->
                let object = Opaque(Text.StringBuilder())
                notSaved "" "StringBuilder" (Module.create [ any => object ] anything)
                notSaved "" "StringBuilder" (Module.create [ any => Value.List [ object ] ] anything)

                let held = Module.create [ inner => Module.create [] anything ] holder

                notSaved "inner" "StringBuilder" (Module.select "inner" (Module.configure "any" object) held))

            testCase "an opaque action is refused by its id, wherever it hangs" (fun () ->
                let watch = Action.afterBuild "watch" [] (fun _ _ -> ()) |> Action.opaque
                notSaved "" "'watch'" (Module.create [] leaf |> Module.hook watch [])
                notSaved "first.1" "'watch'" (pairSpec |> Module.select "first/1" (Module.hook watch []))

                let given = Module.create [] leaf |> Module.hook watch []
                notSaved "" "'watch'" (Module.create [ inner => given ] holder))

            testCase "an int that is no int of 32 bits is a typed error where one is needed" (fun () ->
                let spec = Codec.decode registry (instead "\"x\":1" "\"x\":5000000000") |> Fail.unwrap

                match Fail.catch (fun () -> Module.argument "" x spec) with
                | Error [ WrongValue(_, "Leaf", "x", _, "5000000000") ] -> ()
                | other -> failtest $"{other}")
        ]
