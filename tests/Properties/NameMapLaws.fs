/// The map that settings of many children are kept in says what an ordinary map says.
module Deeplay.Properties.NameMapLaws

open System.Collections.Generic
open Expecto
open Deeplay.Tests
open FsCheck
open FsCheck.FSharp
open Deeplay.Core
open Deeplay.Properties.Law

type private Operation =
    | With of string * int
    | Without of string
    | WithAll of (string * int) list

let private operation: Gen<Operation list> =
    let name = Gen.choose (0, 150) |> Gen.map string
    let pair = Gen.zip name (Gen.choose (0, 9))

    let several low high gen = Gen.choose (low, high) |> Gen.bind (fun n -> Gen.listOfLength n gen)

    Gen.frequency
        [
            3, pair |> Gen.map (fun pair -> [ With pair ])
            3, name |> Gen.map (fun name -> [ Without name ])
            // One by one, and enough of them to be settled.
            2, several 1 60 pair |> Gen.map (List.map With)
            1, several 1 60 name |> Gen.map (List.map Without)
            3, several 0 150 pair |> Gen.map (fun all -> [ WithAll all ])
        ]

let private operations =
    let all = Gen.choose (0, 8) |> Gen.bind (fun n -> Gen.listOfLength n operation) |> Gen.map List.concat

    Arb.fromGenShrink (all, fun all -> Seq.init all.Length (fun i -> List.removeAt i all))

let private apply operation (map: NameMap<int>) =
    match operation with
    | With(name, value) -> map.With(name, value)
    | Without name -> map.Without name
    | WithAll all -> map.WithAll(all |> List.map KeyValuePair |> List.toArray)

let private applyToMap operation map =
    match operation with
    | With(name, value) -> Map.add name value map
    | Without name -> Map.remove name map
    | WithAll all -> all |> List.fold (fun map (name, value) -> Map.add name value map) map

let private sayTheSame (found: NameMap<int>, expected: Map<string, int>) =
    Assert.equal expected.Count found.Count

    Assert.equal (Map.toList expected) [ for KeyValue(name, value) in found -> name, value ]

    for i in 0..151 do
        let name = string i
        Assert.equal (expected.ContainsKey name) (found.Has name)

        Assert.equal
            (match expected.TryGetValue name with
             | true, value -> ValueSome value
             | _ -> ValueNone)
            (found.TryFind name)

[<Tests>]
let tests =
    testList
        "NameMapLaws"
        [
            law
                "a map of names says what an ordinary map says, and so does each that came before it"
                operations
                (fun operations ->
                    operations
                    |> List.scan
                        (fun (map, expected) operation -> apply operation map, applyToMap operation expected)
                        (NameMap.Empty, Map.empty)
                    |> List.iter sayTheSame)
        ]
