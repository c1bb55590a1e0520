/// Examples of definitions.
module Deeplay.Tests.ExampleTests

open Expecto
open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Library

let private features = Param.int "features"

let private own =
    Definition.create "Own" [ features ] (fun a ->
        init {
            let! layer = child "layer" (Layers.linear (a.Get features) 2)
            return forward (call layer)
        })

let private fails expected (make: unit -> 'a) =
    match Fail.catch make with
    | Ok _ -> failtest $"nothing for {expected}"
    | Error errors -> Assert.equal [ expected ] (List.map Error.describe errors)

[<Tests>]
let tests =
    testList
        "Examples"
        [
            testCase "an example has arguments and inputs" (fun () ->
                let inputs = [ Example.tensor [ 8; 3 ]; Example.named "tokens" (Example.whole 10 [ 8 ]) ]
                let example = (own |> Definition.withExample [ features => 3 ] inputs).Example.Value
                Assert.equal [ "features", Int 3L ] example.Arguments

                Assert.equal
                    [ None, [ 8L; 3L ], None; Some "tokens", [ 8L ], Some 10L ]
                    [ for input in example.Inputs -> input.Key, input.Sizes, input.Below ])

            testCase "what can't be an example is an error" (fun () ->
                fails
                    "the root (Own) has no parameter 'feature'. Did you mean 'features'? It has: features."
                    (fun () -> Definition.withExample [ "feature" => 3 ] [] own)

                fails "example: expected sizes of at least 0, found [2; -1]." (fun () -> Example.tensor [ 2; -1 ])
                fails "example: expected a bound of at least 1, found 0." (fun () -> Example.whole 0 [ 2 ]))

            testCase "a special case has no example of what it is based on" (fun () ->
                let other = Definition.withExample [ features => 3 ] [] own
                Assert.equal true (Definition.withBase other own).Example.IsNone)

            for group, _, definitions in Library.groups do
                if List.contains group [ "Layers"; "Blocks"; "Components"; "Models"; "Applications" ] then
                    testCase $"every definition of {group} has one" (fun () ->
                        Assert.equal
                            []
                            [
                                for d in definitions do
                                    if d.Example.IsNone then d.Id
                            ])
        ]
