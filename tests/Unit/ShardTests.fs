/// State dicts in several files with an index: Hugging Face's format, written, read, and damaged.
module Deeplay.Tests.ShardTests

open System
open System.IO
open System.Text.Json
open System.Text.RegularExpressions
open System.Threading.Tasks
open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Torch
open TorchSharp
open Expecto
open Deeplay.Tests
open Deeplay.Tests.LoweringHelp
open Deeplay.Tests.TrainingHelp

// 2 · 4 + 2, 4 · 2 + 4 and 4 + 1 numbers: 40, 48 and 20 bytes; the first layer's weight is 32 of them.
let private model () = build1 [ 1L; 4L ] (Layers.sequential [ Layers.linear 4 2; Layers.linear 2 4; Layers.linear 4 1 ])

let private upTo size : StateDictSave = { StateDict.saving with MaxShardSize = Some size }

let private values (model: torch.nn.Module) =
    [ for KeyValue(name, tensor) in model.state_dict () -> name, numbers tensor ]

let private names folder =
    Directory.GetFileSystemEntries folder |> Array.map Path.GetFileName |> Array.sort |> List.ofArray

let private indexName = "model.safetensors.index.json"

/// A model that is saved in shards of at most 40 bytes: three of them.
let private sharded (work: string -> torch.nn.Module<torch.Tensor, torch.Tensor> -> unit) =
    inFolder (fun folder ->
        use saved = model ()
        StateDict.saveWith (upTo 40L) (Path.Combine(folder, "model.safetensors")) saved
        work folder saved)

let private shard i = $"model-0000{i}-of-00003.safetensors"

let private change (path: string) (from: string) (replacement: string) =
    let text = File.ReadAllText path
    Assert.containsText from text
    File.WriteAllText(path, text.Replace(from, replacement))

let private inIndex (from: string) (replacement: string) (folder: string) =
    change (Path.Combine(folder, indexName)) from replacement

let private inShard i (change: Map<string, string> -> Map<string, torch.Tensor> -> _) (folder: string) =
    use _scope = torch.NewDisposeScope()
    let path = Path.Combine(folder, shard i)
    let texts, tensors = change <|| Safetensors.load path
    Safetensors.save path texts (Map.toList tensors)

/// What is done to a folder of three shards, with a part of what is said of it.
let private damages: (string * (string * (string -> unit))) list =
    [
        "no JSON", ("JSON", inIndex "{" "[")
        "no map", ("an object with weight_map", inIndex "weight_map" "weights")
        "another size", ("108 bytes", inIndex "108" "105")
        "a size below 0", ("a whole number", inIndex "108" "-1")
        "a size that is half", ("a whole number", inIndex "108" "108.5")
        "a size that is huge", ("a whole number", inIndex "108" "1e99")
        "a name twice", ("'0.bias' twice", inIndex "0.weight" "0.bias")
        "a file that is no text", ("a text", inIndex $"\"{shard 2}\"" "2")
        "half of a character", ("whole characters", inIndex (shard 2) "\\ud800")
        "a shard that is missing", ($"the file '{shard 2}'", (fun folder -> File.Delete(Path.Combine(folder, shard 2))))
        "a shard that is another",
        ($"'1.weight' in '{shard 2}'",
         (fun folder -> File.Copy(Path.Combine(folder, shard 2), Path.Combine(folder, shard 1), true)))
        "a shard that is cut",
        ("bytes of tensors",
         (fun folder ->
             let path = Path.Combine(folder, shard 3)
             File.WriteAllBytes(path, Array.take (int (FileInfo(path).Length) - 4) (File.ReadAllBytes path))))
        "a tensor that is missing in its shard",
        ("the tensor '9.weight'", inIndex "\"weight_map\": {" $"\"weight_map\": {{\"9.weight\": \"{shard 2}\",")
        "a tensor that the index lacks", ("tensors of the index alone", inIndex "\"1.weight\"" "\"x.weight\"")
        "a tensor in two shards",
        ($"in '{shard 2}' alone",
         inShard 3 (fun texts tensors -> texts, Map.add "1.weight" (torch.zeros (4L, 2L)) tensors))
        "a shard of another save",
        ("saved with its index", inShard 3 (fun texts tensors -> Map.add "deeplay.save" "0" texts, tensors))
        for file in [ "../x"; "/etc/passwd"; "a/../x"; ""; "."; ".."; "a//b"; @"..\\x"; "C:/x"; @"a\u0000b" ] do
            $"the file '{file}'", ("within the folder", inIndex (shard 2) file)
    ]

[<Tests>]
let tests =
    torchTests
        "ShardTests"
        [
            testCase "tensors are split as Hugging Face splits them, in their order" (fun () ->
                use _scope = torch.NewDisposeScope()

                let tensors sizes =
                    [ for i, size in List.indexed sizes -> string i, torch.zeros (int64 size, dtype = torch.uint8) ]

                let split limit sizes = Shards.split limit (tensors sizes) |> List.map (List.map (fst >> int))
                Assert.equal [ [ 0; 1 ]; [ 2 ] ] (split 10L [ 4; 6; 1 ])
                Assert.equal [ [ 0 ]; [ 1; 2 ] ] (split 10L [ 4; 7; 3 ])
                // One that is larger has a file of its own, and those around it go on.
                Assert.equal [ [ 1 ]; [ 0; 2 ]; [ 3 ] ] (split 10L [ 4; 11; 6; 1 ])
                Assert.equal [ [ 0 ]; [ 1 ] ] (split 1L [ 2; 2 ])
                Assert.equal [] (split 1L []))

            testCase
                "files and index are Hugging Face's, and are read by the index or by the name of a single file"
                (fun () ->
                    sharded (fun folder saved ->
                        Assert.equal [ shard 1; shard 2; shard 3; indexName ] (names folder)
                        use index = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, indexName)))

                        Assert.equal
                            108L
                            (index.RootElement.GetProperty("metadata").GetProperty("total_size").GetInt64())

                        let map =
                            [
                                for entry in index.RootElement.GetProperty("weight_map").EnumerateObject() ->
                                    entry.Name, entry.Value.GetString()
                            ]

                        Assert.equal
                            [
                                "0.bias", shard 1
                                "0.weight", shard 1
                                "1.bias", shard 3
                                "1.weight", shard 2
                                "2.bias", shard 3
                                "2.weight", shard 3
                            ]
                            map

                        for path in [ indexName; "model.safetensors" ] do
                            use other = model ()
                            Assert.notEqual (values saved) (values other)
                            let report = StateDict.load (Path.Combine(folder, path)) other
                            Assert.equal (List.map fst (values saved)) report.Loaded
                            Assert.equal (values saved) (values other)

                        // Each is a file by itself.
                        let texts, tensors = Safetensors.load (Path.Combine(folder, shard 2))
                        use weight = tensors["1.weight"]
                        Assert.equal [ 4L; 2L ] (shapeOf weight)
                        Assert.equal "pt" texts["format"]))

            testCase "files that others wrote may say less, and lie in folders below" (fun () ->
                sharded (fun folder saved ->
                    let index = Path.Combine(folder, indexName)
                    Directory.CreateDirectory(Path.Combine(folder, "parts")) |> ignore
                    File.Move(Path.Combine(folder, shard 2), Path.Combine(folder, "parts", shard 2))
                    File.WriteAllText(index, Regex.Replace(File.ReadAllText index, "\"deeplay.save\": \"\\w+\",", ""))
                    change index "108" "108.0"
                    change index $"\"{shard 2}\"" $"\"parts/{shard 2}\""
                    use other = model ()
                    Assert.isTrue (StateDict.load index other).IsExact
                    Assert.equal (values saved) (values other)
                    File.WriteAllText(index, Regex.Replace(File.ReadAllText index, "\"total_size\": 108.0", ""))
                    Assert.isTrue (StateDict.load index other).IsExact))

            testCase "what fits into one file is one, and nothing of an earlier save is left" (fun () ->
                inFolder (fun folder ->
                    let path = Path.Combine(folder, "model.safetensors")
                    use saved = model ()
                    let other = Path.Combine(folder, "model-00001-of-x.safetensors")
                    File.WriteAllText(other, "mine")

                    let kept size =
                        StateDict.saveWith (upTo size) path saved
                        use loaded = model ()
                        Assert.isTrue (StateDict.load path loaded).IsExact
                        Assert.equal (values saved) (values loaded)
                        List.except [ Path.GetFileName other ] (names folder)

                    Assert.equal [ "model.safetensors" ] (kept 108L)
                    Assert.equal [ shard 1; shard 2; shard 3; indexName ] (kept 40L)

                    Assert.equal
                        [ "model-00001-of-00002.safetensors"; "model-00002-of-00002.safetensors"; indexName ]
                        (kept 72L)

                    Assert.equal 7 (kept 1L).Length
                    Assert.equal [ "model.safetensors" ] (kept 1000L)
                    Assert.equal "mine" (File.ReadAllText other)

                    match errorsOf (fun () -> kept 0L) with
                    | [ Malformed(_, "a positive number of bytes for a shard", "0") ] -> ()
                    | errors -> failtest $"%A{errors}"))

            testTheory
                "an index that is wrong, and shards that don't fit it, are errors that load nothing"
                (List.map fst damages)
                (fun name ->
                    sharded (fun folder _ ->
                        let expected, damage = (Map.ofList damages)[name]
                        damage folder
                        use other = model ()
                        let before, live = values other, liveTensors ()

                        match
                            errorsOf (fun () -> StateDict.load (Path.Combine(folder, "model.safetensors")) other)
                        with
                        | [ Malformed _ as error ] -> Assert.containsText expected (Error.describe error)
                        | errors -> failtest $"%A{errors}"

                        Assert.equal before (values other)
                        Assert.equal live (liveTensors ())))

            testCase "a save that is ended leaves the older one, or no index" (fun () ->
                sharded (fun folder saved ->
                    let index = Path.Combine(folder, indexName)
                    let before = names folder

                    let interrupted (before: unit -> unit) (files: (string * (Stream -> unit)) list) =
                        let files = [ for name, content in files -> Path.Combine(folder, name), content ]

                        Assert.throws<TimeoutException>(fun () ->
                            WholeFile.writeTogether true index files before ignore)
                        |> ignore

                    let fails: Stream -> unit = fun _ -> raise (TimeoutException())
                    // While the second is written.
                    interrupted ignore [ shard 1, (fun file -> file.WriteByte 1uy); shard 2, fails ]
                    Assert.equal before (names folder)
                    use other = model ()
                    Assert.isTrue (StateDict.load index other).IsExact
                    Assert.equal (values saved) (values other)
                    // Before the first is in its place.
                    interrupted
                        (fun () ->
                            File.Delete index
                            raise (TimeoutException()))
                        [ shard 1, (fun file -> file.WriteByte 1uy) ]

                    Assert.equal [ shard 1; shard 2; shard 3 ] (names folder)
                    Assert.notEmpty (errorsOf (fun () -> StateDict.load index other))
                    // And the next one is whole.
                    StateDict.saveWith (upTo 40L) (Path.Combine(folder, "model.safetensors")) saved
                    Assert.equal before (names folder)))

            testCase "what a crash left of shards goes with the next save" (fun () ->
                sharded (fun folder saved ->
                    let before = names folder
                    let path = Path.Combine(folder, "model.safetensors")
                    File.WriteAllText(Path.Combine(folder, WholeFile.temporary indexName "0123"), "half")
                    File.WriteAllText(Path.Combine(folder, WholeFile.temporary indexName "4567"), "")
                    StateDict.saveWith (upTo 40L) path saved
                    Assert.equal before (names folder)
                    // Also where it becomes a single file.
                    File.WriteAllText(Path.Combine(folder, WholeFile.temporary indexName "0123"), "half")
                    StateDict.saveWith (upTo 1000L) path saved
                    Assert.equal [ "model.safetensors" ] (names folder)))

            testCase "saves at once leave one of them whole, and who reads meanwhile gets one of them" (fun () ->
                inFolder (fun folder ->
                    let path = Path.Combine(folder, "model.safetensors")

                    let save (number: float) limit =
                        use _scope = torch.NewDisposeScope()
                        use value = Numbers.real number
                        Shards.save path limit Map.empty [ for i in 0..5 -> string i, torch.full ([| 10L |], value) ]

                    let read () =
                        use _scope = torch.NewDisposeScope()

                        Shards.reading path (fun _ load ->
                            [
                                for KeyValue(_, tensor) in load (fun _ -> true) do
                                    yield! numbers tensor
                            ])

                    save 0.0 40L

                    Parallel.For(
                        1,
                        60,
                        fun i ->
                            if i % 3 = 0 then
                                // Two or three shards, so that names of one save are those of another.
                                save (float i) (if i % 2 = 0 then 80L else 120L)
                            else
                                Assert.equal 1 (List.distinct (read ())).Length
                    )
                    |> ignore

                    Assert.equal 1 (List.distinct (read ())).Length
                    Assert.equal 60 (read ()).Length
                    Assert.isFalse (names folder |> List.exists (fun name -> name.EndsWith ".tmp"))))
        ]
