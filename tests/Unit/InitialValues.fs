/// What layers hold before anything is trained: PyTorch's values (reset_parameters of each), never what memory held.
module Deeplay.Tests.InitialValues

open System
open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Library
open TorchSharp
open Expecto
open Deeplay.Tests
open Deeplay.Tests.LoweringHelp

let private constants (kind: string) =
    if kind.Contains "Norm" then
        [ "weight", 1.0; "bias", 0.0; "running_mean", 0.0; "running_var", 1.0; "num_batches_tracked", 0.0 ]
    elif kind = "PReLU" then
        [ "weight", 0.25 ]
    else
        []

/// Where numbers are drawn evenly, between which. Sources: PyTorch, reset_parameters of Linear, Bilinear, _ConvNd, RNNBase and
/// RNNCellBase.
let private bound (kind: string) (weight: int64 list) =
    let fan =
        match kind, weight with
        | "Bilinear", _ :: first :: _ -> Some first
        | _ when kind.Contains "RNN" || kind.Contains "LSTM" || kind.Contains "GRU" -> Some(List.last weight)
        | _ when kind = "Linear" || kind.StartsWith("Conv", StringComparison.Ordinal) ->
            Some(List.fold (*) 1L weight.Tail)
        | _ -> None

    fan |> Option.map (fun fan -> 1.0 / sqrt (float fan))

let private stateOf inputs spec seed =
    use _ = torch.NewDisposeScope()
    torch.manual_seed seed |> ignore
    use built = build inputs spec
    let parameters = [ for name, p in parametersOf built -> name, shapeOf p, numbers p ]
    parameters @ [ for name, b in buffersOf built -> name, shapeOf b, numbers b ]

let private state (case: LayerCase) = stateOf case.Inputs (layerSpec case.Kind case.Arguments)

/// A definition with what it needs beside an input.
let private bare (definition: Definition) =
    [ "out_features"; "out_channels"; "kernel_size"; "num_groups" ]
    |> List.filter definition.Signature.Has
    |> List.map (fun name -> name, Int 2L)
    |> fun arguments -> Module.create arguments definition

/// Memory that was used before, so that what is not set is not zero by chance.
let private soil () =
    for size in [ 1L .. 64L ] do
        use _dirt = torch.full ([| size |], Scalar.op_Implicit 12345.0)
        ()

let private drawn = layerCases |> List.filter (fun case -> not (case.Parameters.IsEmpty && case.Buffers.IsEmpty))

[<Tests>]
let tests =
    torchTests
        "InitialValues"
        [
            testTheory
                "what a layer starts with is finite, and the same for a seed"
                (List.indexed drawn)
                (fun (_, case) ->
                    soil ()
                    let first = state case 5L
                    soil ()
                    Assert.equal first (state case 5L)

                    for name, _, values in first do
                        Expect.all values Double.IsFinite name)

            testTheory "a layer starts with PyTorch's values" (List.indexed drawn) (fun (_, case) ->
                soil ()
                let found = state case 5L

                for name, value in constants case.Kind do
                    for _, _, values in found |> List.filter (fun (other, _, _) -> other = name) do
                        Expect.all values ((=) value) name

                // What a recurrent layer takes of its own state is as wide as it.
                let isBound name = name = "weight" || name = "weight_hh" || name = "weight_hh_l0"

                for _, weight, _ in found |> List.filter (fun (name, _, _) -> isBound name) do
                    match bound case.Kind weight with
                    | Some bound ->
                        for _, _, values in found do
                            Assert.inRange 0.0 bound (values |> List.map abs |> List.max)
                            if values.Length > 8 then Assert.inRange (0.5 * bound) bound (List.max values)
                    | None -> ())

            testCase
                "every definition that is built from an input alone starts finite, and the same for a seed"
                (fun () ->
                    let tried =
                        [
                            for KeyValue(id, definition) in Library.registry.Definitions do
                                match Fail.catch (fun () -> stateOf [ [ 2L; 4L; 4L ] ] (bare definition) 5L) with
                                | Ok first -> id, definition, first
                                | Error _ -> ()
                        ]

                    Assert.isTrue (tried.Length > 20)
                    Assert.isTrue (tried |> List.exists (fun (_, _, first) -> first.Length > 8))

                    for id, definition, first in tried do
                        soil ()
                        Expect.equal (stateOf [ [ 2L; 4L; 4L ] ] (bare definition) 5L) first id

                        for name, _, values in first do
                            Expect.all values Double.IsFinite $"{id}, {name}")

            testCase "the padding of an embedding starts as zeros" (fun () ->
                use _ = torch.NewDisposeScope()
                let arguments = [ "num_embeddings", Int 4L; "embedding_dim", Int 3L; "padding_idx", Int 2L ]
                use built = build [] (layerSpec "Embedding" arguments)
                let weight = snd (parametersOf built).Head
                Assert.equal [ 0.0; 0.0; 0.0 ] (numbers weight[2L])
                Assert.doesNotContain 0.0 (numbers weight[1L]))

            testCase "a group norm of any size is one of ones and zeros" (fun () ->
                for channels in [ 4; 64; 4096 ] do
                    soil ()
                    use _ = torch.NewDisposeScope()

                    use built =
                        build [] (layerSpec "GroupNorm" [ "num_groups", Int 2L; "num_channels", Int(int64 channels) ])

                    Assert.equal
                        [ "weight", List.replicate channels 1.0; "bias", List.replicate channels 0.0 ]
                        [ for name, p in parametersOf built -> name, numbers p ])
        ]
