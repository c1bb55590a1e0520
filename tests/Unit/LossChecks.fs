/// Losses and optimizers against what PyTorch takes, refuses and computes (reference/checks.py).
module Deeplay.Tests.LossChecks

open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Library
open Deeplay.Torch
open TorchSharp
open Expecto
open Deeplay.Tests
open Deeplay.Tests.LoweringHelp
open Deeplay.Tests.LayerChecks

let private losses = checks |> List.filter (fun row -> row.Inputs.Length = 2)
let private kinds = losses |> List.map (fun row -> row.Kind) |> List.distinct

// As checks.py fills them.
let private inputsOf (row: Check) : Tensor list =
    let prediction, target = fill row.Inputs[0] 0.0, fill row.Inputs[1] 1.0

    match row.Kind with
    | "NLLLoss"
    | "CrossEntropyLoss" when row.Inputs[0] <> row.Inputs[1] ->
        let count = List.fold (*) 1L row.Inputs[1]
        let classes = Array.init (int count) (fun i -> (2L * int64 i + 1L) % 3L)

        [ prediction; torch.tensor(classes: int64[]).reshape(Array.ofList row.Inputs[1]) ]
    | "CrossEntropyLoss"
    | "BCELoss"
    | "BCEWithLogitsLoss"
    | "KLDivLoss" -> [ prediction.sigmoid (); target.sigmoid () ]
    | _ -> [ prediction; target ]

let private spec (row: Check) = Module.create row.Arguments Library.registry.Definitions[row.Kind]

[<Tests>]
let tests =
    torchTests
        "LossChecks"
        [
            testTheory "a loss is PyTorch's, and what PyTorch refuses is a typed error" kinds (fun kind ->
                for row in losses |> List.filter (fun row -> row.Kind = kind) do
                    use _ = torch.NewDisposeScope()
                    let mutable output = []

                    let errors =
                        errorsOf (fun () ->
                            use built = build [] (spec row)
                            output <- callAll built (inputsOf row) |> List.map numbers)

                    match errors, row.Output with
                    | [], Some expected -> assertClose (string row) expected output.Head
                    | _ :: _, None -> ()
                    | [], None -> failtest $"{row} is taken, but PyTorch says {row.Message}"
                    | errors, Some _ -> failtest $"{row}: {errors |> List.map Error.describe}")

            testTheory "the shape of a loss is the one it has" kinds (fun kind ->
                for row in losses |> List.filter (fun row -> row.Kind = kind && row.Output.IsSome) do
                    let inferred =
                        Infer.run (row.Inputs |> List.map Shape.known) (Module.construct (spec row)) |> Fail.unwrap

                    use _ = torch.NewDisposeScope()
                    use built = build [] (spec row)
                    let found = callAll built (inputsOf row) |> List.map shapeOf
                    Assert.equal (found |> List.map (Shape.known >> Carried.Tensor)) inferred.Outputs)

            testCase "a loss of sizes that differ names the loss, what it expects and what it gets" (fun () ->
                use _ = torch.NewDisposeScope()
                use built = build [] (Module.create [] Losses.bceDefinition)

                match errorsOf (fun () -> callAll built [ torch.zeros ([| 2L; 1L |]); torch.zeros ([| 2L |]) ]) with
                | [ WrongShape(_, "BCELoss", expected, found) ] ->
                    Assert.equal "a target of the prediction's shape (2, 1)" expected
                    Assert.equal "(2,)" found
                | other -> failtest $"%A{other}")

            testCase "Nesterov's momentum needs momentum, and no dampening" (fun () ->
                let sgd arguments = Module.create (("nesterov", Bool true) :: arguments) Optimizers.sgdDefinition

                for arguments in [ []; [ "momentum", Float 0.9; "dampening", Float 0.1 ] ] do
                    match errorsOf (fun () -> sgd arguments) with
                    | [ WrongValue(_, "SGD", "nesterov", _, "True") ] -> ()
                    | other -> failtest $"%A{other}"

                sgd [ "momentum", Float 0.9 ] |> Module.construct |> ignore)
        ]
