/// Which kinds of numbers a layer of one's own takes and gives.
module Deeplay.Tests.OwnNumberTests

open Expecto
open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Torch
open Deeplay.Tests
open Deeplay.Tests.LoweringHelp
open TorchSharp

// Takes any number of inputs, and gives what has the shape of the first.
let private own = Definition.primitive "Own" [] (fun _ inputs -> Ok { Outputs = [ inputs.Head ]; Inferred = [] })

let private pair (definition: Definition) =
    Definition.create "Pair" [] (fun _ ->
        init {
            let! own = child "own" (Module.create [] definition)
            let! linear = child "linear" (Layers.linear 4 3)
            return forwardOf [ "x"; "y" ] (fun xs -> call linear (callOn own xs))
        })
    |> Module.create []

let private plan (types: torch.ScalarType list) (spec: ModuleSpec) =
    let options = { optionsFor [ for _ in types -> [ 2L; 4L ] ] with InputDTypes = types }
    Build.plan options spec |> ignore

let private problem types spec = Recorded.problem (fun () -> plan types spec)

[<Tests>]
let tests =
    testList
        "OwnNumberTests"
        [
            testCase "other numbers than a layer takes are an error that names it and its input" (fun () ->
                let taking =
                    pair (
                        own
                        |> Definition.withNumbers [ NumberKind.Floating; NumberKind.Boolean ] [ NumberKind.Floating ]
                    )

                plan [ torch.float32; torch.bool ] taking
                plan [ torch.bfloat16; torch.bool ] taking

                Assert.equal
                    "own (Own) expects bools as input 2, but gets floating-point numbers."
                    (problem [ torch.float32; torch.float32 ] taking)

                Assert.equal
                    "own (Own) expects floating-point numbers as input 1, but gets whole numbers."
                    (problem [ torch.int64; torch.bool ] taking))

            testCase "what it gives is what the next module gets" (fun () ->
                let giving kinds = pair (own |> Definition.withNumbers [ NumberKind.Any ] kinds)
                let refused = "linear (Linear) expects floating-point numbers, but gets whole numbers."
                plan [ torch.int64; torch.int64 ] (giving [ NumberKind.Floating ])
                plan [ torch.int64; torch.int64 ] (giving [ NumberKind.Any ])
                plan [ torch.float32; torch.int64 ] (giving [ NumberKind.AsFirst ])
                Assert.equal refused (problem [ torch.int64; torch.float32 ] (giving [ NumberKind.AsFirst ]))
                Assert.equal refused (problem [ torch.float32; torch.float32 ] (giving [ NumberKind.Integral ])))

            testCase "inputs may have to hold what the first one holds" (fun () ->
                let alike =
                    pair (own |> Definition.withNumbers [ NumberKind.Any; NumberKind.AsFirst ] [ NumberKind.Floating ])

                plan [ torch.int64; torch.uint8 ] alike

                Assert.equal
                    "own (Own) expects whole numbers as input 2, but gets bools."
                    (problem [ torch.int64; torch.bool ] alike))

            testCase "a layer that says nothing takes all there are" (fun () ->
                plan [ torch.int64; torch.bool ] (pair own))

            testCase "kinds of nothing, and of what is made of modules, are errors" (fun () ->
                let fails expected work = Assert.equal expected (Recorded.problem work)

                fails "Own: expected the kind of numbers of each input, found none." (fun () ->
                    Definition.withNumbers [] [] own)

                fails
                    "Own: expected the kind of numbers of each input, found that of the first input itself."
                    (fun () -> Definition.withNumbers [ NumberKind.AsFirst ] [] own)

                fails
                    "Whole: expected a layer that torch makes, for kinds of numbers, found modules, which say themselves what they take."
                    (fun () ->
                        Definition.create "Whole" [] (fun _ -> init { return NoForward })
                        |> Definition.withNumbers [ NumberKind.Any ] []))
        ]
