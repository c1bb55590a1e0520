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

// By the definition's id: tests/Unit/reference/examples.py.
let private recorded =
    lazy
        [
            for one in (Recorded.read "reference" "examples").EnumerateObject() ->
                one.Name, [ for number in Recorded.items one.Value -> number.GetDouble() ]
        ]

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
                fails "example: expected a bound of at least 1, found 0." (fun () -> Example.whole 0 [ 2 ])

                fails
                    "example: expected a number for each place of a tensor of sizes [2; 2], found 3 numbers."
                    (fun () -> Example.numbers [ 2; 2 ] [ 1.0; 2.0; 3.0 ])

                fails "Own: expected an example, which gives these numbers, found none." (fun () ->
                    Definition.withOutputs [ 1.0 ] own))

            testCase "an example may have numbers of its own, and tell what it gives" (fun () ->
                let inputs = [ Example.numbers [ 1; 2 ] [ 0.5; -1.0 ]; Example.wholes [ 2 ] [ 3; 0 ] ]

                let example =
                    (own |> Definition.withExample [ features => 3 ] inputs |> Definition.withOutputs [ 0.25 ])
                        .Example.Value

                Assert.equal [ 0.25 ] example.Outputs

                Assert.equal
                    [ [ 1L; 2L ], None, [ 0.5; -1.0 ]; [ 2L ], Some 4L, [ 3.0; 0.0 ] ]
                    [ for input in example.Inputs -> input.Sizes, input.Below, input.Numbers ])

            testCase "a special case has no example of what it is based on" (fun () ->
                let other = Definition.withExample [ features => 3 ] [] own
                Assert.equal true (Definition.withBase other own).Example.IsNone)

            for group, _, definitions in Library.groups do
                testCase $"every definition of {group} has one" (fun () ->
                    Assert.equal
                        []
                        [
                            for d in definitions do
                                if d.Example.IsNone then d.Id
                        ])

            testCase "what examples give is what PyTorch and scikit-learn give" (fun () ->
                let told =
                    [
                        for d in Library.registry.Definitions.Values do
                            match d.Example with
                            | Some example when not example.Outputs.IsEmpty -> d.Id, example.Outputs
                            | _ -> ()
                    ]

                Assert.equal (List.sort recorded.Value) (List.sort told))
        ]
