/// Law 13: what is saved comes back, and a damaged file is a typed error that leaves nothing behind.
module Deeplay.Properties.SafetensorsLaws

open System
open System.IO
open System.Text
open FsCheck.FSharp
open TorchSharp
open Expecto
open Deeplay.Tests
open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Library
open Deeplay.Torch
open Deeplay.Properties.Law
open Deeplay.Properties.Damages
open Deeplay.Properties.RandomModels

/// A file that goes away.
type private Scratch() =
    let path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.safetensors")
    member _.Path = path

    interface IDisposable with
        member _.Dispose() = File.Delete path

let private types =
    [
        torch.ScalarType.Float32
        torch.ScalarType.Float64
        torch.ScalarType.Int64
        torch.ScalarType.Int32
        torch.ScalarType.Int16
        torch.ScalarType.Int8
        torch.ScalarType.Byte
        torch.ScalarType.Bool
        torch.ScalarType.Float16
        torch.ScalarType.BFloat16
    ]

/// Names, types and shapes of tensors, and texts beside them.
let private contents =
    gen {
        let! count = Gen.choose (0, 5)

        let! letters = Gen.listOfLength count (Gen.elements [ "a"; "weight"; "ü \"\\"; "b.c"; "" ])

        let names = letters |> List.mapi (fun i name -> $"{name}{i}")
        let! kinds = Gen.listOfLength count (Gen.elements types)

        let sizes = Gen.choose (0, 3) |> Gen.bind (fun n -> Gen.listOfLength n (Gen.choose (0, 4)))

        let! shapes = Gen.listOfLength count sizes
        let! texts = Gen.listOf (Gen.elements [ "x"; ""; "ü"; "{}"; "\n" ])
        let metadata = texts |> List.mapi (fun i text -> $"{text}{i}", text) |> Map.ofList
        return List.zip3 names kinds (shapes |> List.map (List.map int64 >> Array.ofList)), metadata
    }

let private tensorsOf all =
    [
        for name: string, kind: torch.ScalarType, shape: int64[] in all do
            use numbers = torch.randn (shape, dtype = torch.ScalarType.Float32)
            // Held, for TorchSharp does not keep it alive while libtorch reads it.
            use factor: Scalar = Scalar.op_Implicit 50.0
            use large = numbers.mul factor
            name, large.``to`` kind
    ]

let private bytesOf (tensor: torch.Tensor) = if tensor.numel () = 0L then [||] else tensor.bytes.ToArray()

/// Tensors of this thread that are alive.
let private alive () = DisposeScopeManager.Statistics.ThreadTotalLiveCount

[<Tests>]
let tests =
    torchTests
        "SafetensorsLaws"
        [
            law "tensors and texts come back" (Arb.fromGen contents) (fun (all, metadata) ->
                use _scope = torch.NewDisposeScope()
                use file = new Scratch()
                let tensors = tensorsOf all
                Safetensors.save file.Path metadata tensors
                let texts, found = Safetensors.load file.Path
                demand "the texts" (texts = metadata)
                demand "the names" (Set.ofSeq found.Keys = Set.ofList (List.map fst tensors))

                for name, tensor in tensors do
                    demand "the type" (found[name].dtype = tensor.dtype)
                    Assert.equal tensor.shape (found[name].shape)
                    Assert.equal (bytesOf tensor) (bytesOf found[name]))

            // --- Damage ------------------------------------------------------------------------------------
            law
                "a damaged file is read or is a typed error, and leaves nothing behind"
                (Arb.fromGen (Gen.zip contents anywhere))
                (fun ((all, metadata), damage) ->
                    use file = new Scratch()

                    using (torch.NewDisposeScope()) (fun _ -> Safetensors.save file.Path metadata (tensorsOf all))

                    File.WriteAllBytes(file.Path, damaged [||] (File.ReadAllBytes file.Path) damage)
                    let before = alive ()

                    match Fail.catch (fun () -> Safetensors.load file.Path) with
                    | Ok(_, tensors) ->
                        for KeyValue(_, tensor) in tensors do
                            tensor.Dispose()
                    | Error errors ->
                        for error in errors do
                            match error with
                            | Malformed(path, expected, found) ->
                                demand $"{error}" (path.StartsWith file.Path && expected <> "" && found <> "")
                            | other -> fail $"{other}"

                    Assert.equal before (alive ()))
        ]
