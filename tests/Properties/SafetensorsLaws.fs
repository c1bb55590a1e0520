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

// --- Damage -------------------------------------------------------------------------------------------------------

type private Damage =
    | Flip of place: int * bit: int
    | Cut of int
    | Grow of int
    | HeaderLength of int64
    /// In the header alone, where every byte means something.
    | HeaderByte of place: int * char
    | HeaderText of place: int * string

let private damage =
    let place = Gen.choose (0, 1_000_000)

    Gen.frequency
        [
            2, Gen.map2 (fun i bit -> Flip(i, bit)) place (Gen.choose (0, 7))
            2, Gen.map Cut place
            1, Gen.map Grow (Gen.choose (1, 9))
            1,
            Gen.map
                HeaderLength
                (Gen.elements [ 0L; 1L; 2L; 7L; 100L; 100_000_001L; Int64.MaxValue; -1L; Int64.MinValue ])
            4,
            Gen.map2
                (fun i c -> HeaderByte(i, c))
                place
                (Gen.elements (List.ofSeq "{}[]\",:0123456789-.eFIU\\ \000\255"))
            4,
            Gen.map2
                (fun i t -> HeaderText(i, t))
                place
                (Gen.elements
                    [
                        "-1"
                        "1e3"
                        "9223372036854775807"
                        "99999999999999999999"
                        "null"
                        "\"F64\""
                        "\"F4\""
                        "\"\\ud800\""
                        "[0,4611686018427387904,4]"
                        "{}"
                        "[]"
                    ])
        ]

let private damaged (bytes: byte[]) damage =
    let length = int (BitConverter.ToInt64(bytes, 0))
    let inHeader i = 8 + i % max 1 length

    match damage with
    | Flip(i, bit) ->
        let i = i % bytes.Length
        Array.updateAt i (bytes[i] ^^^ (1uy <<< bit)) bytes
    | Cut i -> Array.truncate (i % bytes.Length) bytes
    | Grow n -> Array.append bytes (Array.zeroCreate n)
    | HeaderLength n -> Array.append (BitConverter.GetBytes n) bytes[8..]
    | HeaderByte(i, c) -> Array.updateAt (inHeader i) (byte c) bytes
    | HeaderText(i, token) ->
        let header = Encoding.UTF8.GetString(bytes, 8, length)
        let from = i % max 1 header.Length

        match header.IndexOf(':', from) with
        | -1 -> Array.truncate 8 bytes
        | start ->
            let stop = header.IndexOfAny(",}]".ToCharArray(), start)
            let stop = if stop < 0 then header.Length else stop
            let header = header.Substring(0, start + 1) + token + header.Substring stop
            let json = Encoding.UTF8.GetBytes header
            Array.concat [ BitConverter.GetBytes(int64 json.Length); json; bytes[8 + length ..] ]

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
                (Arb.fromGen (Gen.zip contents damage))
                (fun ((all, metadata), damage) ->
                    use file = new Scratch()

                    using (torch.NewDisposeScope()) (fun _ -> Safetensors.save file.Path metadata (tensorsOf all))

                    File.WriteAllBytes(file.Path, damaged (File.ReadAllBytes file.Path) damage)
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

            testCase "a checkpoint comes back, and a damaged one is a typed error that leaves nothing behind" (fun () ->
                let spec =
                    Classifier.definition
                    |> Module.create [ "model", Value.Module(Components.multiLayerPerceptron 3 [ 4 ] 2) ]

                let cpu = { Build.defaults with Device = "cpu" }

                let load path = Checkpoint.load "" Library.registry cpu path

                use application = Application.build cpu [ 3L ] spec

                use file = new Scratch()
                Checkpoint.save file.Path application
                let bytes = File.ReadAllBytes file.Path

                let values (a: Application) =
                    [
                        for KeyValue(name, tensor) in a.Module.state_dict () do
                            name, List.ofArray tensor.shape, bytesOf tensor
                    ]

                using (load file.Path) (fun again ->
                    demand "equal specs" (application.Spec.Equals again.Spec)
                    demand "equal values" (values application = values again))

                let saved = values application

                forAll (Arb.fromGen damage) (fun damage ->
                    use other = new Scratch()
                    File.WriteAllBytes(other.Path, damaged bytes damage)
                    let before = alive ()

                    match Fail.catch (fun () -> load other.Path) with
                    | Ok read -> (read :> IDisposable).Dispose()
                    | Error errors -> demand "an error" (not errors.IsEmpty)

                    Assert.equal before (alive ())
                    demand "the model that is there stays as it is" (saved = values application)))
        ]
