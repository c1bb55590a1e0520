/// Laws 6 and 11: what is saved comes back, and what is not such a text is a typed error.
module Deeplay.Properties.CodecLaws

open System
open FsCheck.FSharp
open Expecto
open Deeplay.Tests
open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Properties.Kinds
open Deeplay.Properties.Law

/// The spec with its steps in groups, from places of a program.
let private noted (spec: ModuleSpec) =
    Tape.steps spec
    |> List.indexed
    |> List.fold
        (fun spec (i, step) ->
            Spec.record
                { step with
                    Group = (if i % 3 = 1 then Some "a \"group\"" else None)
                    Continues = (i % 3 = 2)
                    Location = (if i % 2 = 0 then Some { File = "a\\b ü.fs"; Line = i + 1 } else None)
                }
                spec)
        (Spec.origin spec)

/// Fails unless the spec comes back, and gives the same tree.
let private comesBack registry (spec: ModuleSpec) =
    let text = Fail.unwrap (Codec.encode spec)
    let read = Fail.unwrap (Codec.decode registry text)
    demand "the spec comes back" (spec.Equals read)
    // Where a step was made is no part of the spec, and is kept all the same.
    let places (spec: ModuleSpec) = spec.Steps |> List.map (fun step -> step.Location)

    demand "with the places of its steps" (places spec = places read)
    Assert.equal text (Fail.unwrap (Codec.encode read))

    match Construct.tree spec, Construct.tree read with
    | Ok expected, Ok found -> same "the tree of what comes back" (Rows.ofTree expected) (Rows.ofTree found)
    | Error _, Error _ -> ()
    | _ -> fail "there is a tree for one alone"

// --- Values -------------------------------------------------------------------------------------------------------

let private any: Param<Value> = Param.any "any"
let private anything = leafOf "Anything" [ any ]

let private known =
    [ anything; leaf; relu; block ]
    |> List.fold (fun registry d -> Registry.add d registry) Registry.empty

let rec private value depth : FsCheck.Gen<Value> =
    Gen.frequency
        [
            1, Gen.elements [ Unset; Null; Bool true; Bool false; Kind leaf ]
            2, Gen.elements [ Int64.MinValue; Int64.MaxValue; 0L; -1L; 9007199254740993L ] |> Gen.map Int
            2, ArbMap.defaults |> ArbMap.generate<int64> |> Gen.map Int
            2,
            Gen.elements
                [
                    nan
                    infinity
                    -infinity
                    0.0
                    -0.0
                    Double.Epsilon
                    Double.MaxValue
                    Double.MinValue
                    1e15
                    1e16
                    0.1
                ]
            |> Gen.map Float
            2, ArbMap.defaults |> ArbMap.generate<float> |> Gen.map Float
            2,
            Gen.listOf (Gen.elements [ 'a'; '"'; '\\'; '\n'; '\000'; 'ü'; '/'; '.'; '{'; '\u2028' ])
            |> Gen.map (fun c -> Text(String(Array.ofList c)))
            1, Gen.constant (Text "\U0001F600")
            if depth > 0 then
                2, Gen.choose (0, 3) |> Gen.bind (fun n -> Gen.listOfLength n (value (depth - 1))) |> Gen.map List

                1,
                Gen.map2
                    (fun given set ->
                        Spec.create anything (Map.ofList [ "any", given ])
                        |> Module.configure "any" set
                        |> Value.Module)
                    (value (depth - 1))
                    (value (depth - 1))
        ]

/// Equal to the last bit.
let rec private identical (a: Value) (b: Value) =
    match a, b with
    | Float a, Float b -> BitConverter.DoubleToInt64Bits a = BitConverter.DoubleToInt64Bits b
    | List a, List b -> a.Length = b.Length && List.forall2 identical a b
    | Module a, Module b ->
        identical a.Arguments["any"] b.Arguments["any"]
        && List.forall2
            (fun (x: Step) (y: Step) -> identical x.Change.Arguments["any"] y.Change.Arguments["any"])
            a.Steps
            b.Steps
    | a, b -> a = b

let private values = Arb.fromGen (value 3)

// --- Texts that nobody vouches for --------------------------------------------------------------------------------

/// One thing done to a text, where it says.
type private Damage =
    | Cut of int
    | Drop of int
    | Put of int * char
    | Over of int * char
    | Twice of int * int
    | Swap of int * string

let private damage: FsCheck.Gen<Damage> =
    let place = Gen.choose (0, 100_000)

    let character = Gen.elements (List.ofSeq "{}[]\",:.0123456789-+eE\\u/ntfax \000ü\uD800\uDC00\u2028")

    let token =
        Gen.elements
            [
                "null"
                "{}"
                "[]"
                "\"\""
                "1e999"
                "-0"
                "99999999999999999999"
                "\"\\ud800\""
                "{\"unset\":true}"
                "{\"float\":\"NaN\"}"
                "{\"module\":{}}"
                "[[[[[[[[]]]]]]]]"
            ]

    Gen.frequency
        [
            1, Gen.map Cut place
            3, Gen.map Drop place
            3, Gen.map2 (fun i c -> Put(i, c)) place character
            3, Gen.map2 (fun i c -> Over(i, c)) place character
            1, Gen.map2 (fun i n -> Twice(i, n)) place (Gen.choose (1, 40))
            3, Gen.map2 (fun i t -> Swap(i, t)) place token
        ]

let private damaged (text: string) damage =
    let at i = i % max 1 text.Length

    match damage with
    | _ when text = "" -> text
    | Cut i -> text.Substring(0, at i)
    | Drop i -> text.Remove(at i, 1)
    | Put(i, c) -> text.Insert(at i, string c)
    | Over(i, c) -> text.Remove(at i, 1).Insert(at i, string c)
    | Twice(i, n) -> text.Insert(at i, text.Substring(at i, min n (text.Length - at i)))
    | Swap(i, token) ->
        // From a quote or a digit up to the next comma or bracket.
        match text.IndexOfAny("\"0123456789".ToCharArray(), at i) with
        | -1 -> text
        | start ->
            match text.IndexOfAny(",]}".ToCharArray(), start) with
            | -1 -> text
            | stop -> text.Substring(0, start) + token + text.Substring stop

let private isTyped (result: Result<'a, Error list>) =
    match result with
    | Ok _ -> ()
    | Error errors ->
        demand "an error at least" (not errors.IsEmpty)

        for error in errors do
            match error with
            | Malformed(path, expected, found) ->
                demand $"where, what and what instead: {error}" (path.StartsWith '$' && expected <> "" && found <> "")
            | _ -> fail $"an error of another kind: {error}"

[<Tests>]
let tests =
    testList
        "CodecLaws"
        [
            law "a saved spec comes back" scenarios (fun case ->
                let world = Real.World case.Scenario

                for spec in Real.run world case.Scenario do
                    comesBack world.Registry (noted spec))

            law "a saved tape comes back, and replays" scenarios (fun case ->
                let world = Real.World case.Scenario

                for spec in Real.run world case.Scenario do
                    let steps = Tape.steps (noted spec)
                    let text = Fail.unwrap (Codec.encodeTape steps)
                    let read = Fail.unwrap (Codec.decodeTape world.Registry text)
                    demand "the tape comes back" (steps.Equals read)
                    let again = List.fold (fun s step -> Spec.record step s) (Spec.origin spec) read
                    demand "and makes the spec" (again.Equals(noted spec)))

            // --- Values ------------------------------------------------------------------------------------
            law "every value comes back to the last bit" values (fun value ->
                let spec = Spec.create anything (Map.ofList [ "any", value ])

                let read = Fail.unwrap (Codec.encode spec) |> Codec.decode known |> Fail.unwrap

                demand $"{Value.print value} comes back" (identical value read.Arguments["any"])
                demand "and is equal" (spec.Equals read))

            // --- Texts that nobody vouches for -------------------------------------------------------------
            testCase "a damaged text is read or is a typed error with a path" (fun () ->
                let damages =
                    Gen.zip Generators.scenario (Gen.choose (1, 3) |> Gen.bind (fun n -> Gen.listOfLength n damage))

                forAll (Arb.fromGen damages) (fun (scenario, damages) ->
                    let world = Real.World scenario
                    let spec = noted (Real.run world scenario |> List.last)
                    let read text = List.fold damaged text damages
                    let text = read (Fail.unwrap (Codec.encode spec))
                    let decoded = Codec.decode world.Registry text
                    isTyped decoded

                    // What is read can be written again, and is the same then.
                    decoded |> Result.iter (comesBack world.Registry)

                    Fail.unwrap (Codec.encodeTape (Tape.steps spec))
                    |> read
                    |> Codec.decodeTape world.Registry
                    |> isTyped))

            testCase "any text at all is read or is a typed error" (fun () ->
                let texts =
                    Gen.listOf (
                        Gen.elements
                            [
                                "{"
                                "}"
                                "["
                                "]"
                                ","
                                ":"
                                "\"schema\""
                                "\"spec\""
                                "1"
                                "\""
                                "\\"
                                "\uD800"
                                "null"
                                " "
                            ]
                    )
                    |> Gen.map (String.concat "")

                forAll (Arb.fromGen texts) (fun text ->
                    isTyped (Codec.decode known text)
                    isTyped (Codec.decodeTape known text)))
        ]
