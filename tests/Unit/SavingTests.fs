/// Where files are saved to, and what is left when something goes wrong.
module Deeplay.Tests.SavingTests

open System
open System.IO
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

let private save (path: string) (number: float32) =
    use tensor = torch.full ([| 1000L |], Scalar.op_Implicit number)
    Safetensors.save path Map.empty [ "w", tensor ]

let private load (path: string) =
    use _scope = torch.NewDisposeScope()
    let _, tensors = Safetensors.load path
    numbers tensors["w"]

let private names folder =
    Directory.GetFileSystemEntries folder |> Array.map Path.GetFileName |> Array.sort |> List.ofArray

let private refused (path: string) =
    match errorsOf (fun () -> save path 1f) with
    | [ Malformed(_, expected, found) ] -> expected, found
    | other -> failtest $"%A{other}"

[<Tests>]
let tests =
    torchTests
        "SavingTests"
        [
            testCase "a link leads to what is written, and stays" (fun () ->
                inFolder (fun folder ->
                    let at name = Path.Combine(folder, name)
                    Directory.CreateDirectory(at "store") |> ignore
                    File.WriteAllText(at "store/real", "old")
                    File.CreateSymbolicLink(at "first", "store/real") |> ignore
                    File.CreateSymbolicLink(at "latest", at "first") |> ignore
                    File.CreateSymbolicLink(at "new", "store/none yet") |> ignore
                    save (at "latest") 2f
                    save (at "new") 3f

                    Assert.equal
                        [ at "first"; "store/real"; "store/none yet" ]
                        [ for name in [ "latest"; "first"; "new" ] -> FileInfo(at name).LinkTarget ]

                    Assert.equal (List.replicate 1000 2.0) (load (at "store/real"))
                    Assert.equal (List.replicate 1000 3.0) (load (at "store/none yet"))
                    Assert.equal [ "none yet"; "real" ] (names (at "store"))
                    Assert.equal [ "first"; "latest"; "new"; "store" ] (names folder)))

            testCase "links in a ring are an error" (fun () ->
                inFolder (fun folder ->
                    let at name = Path.Combine(folder, name)
                    File.CreateSymbolicLink(at "a", "b") |> ignore
                    File.CreateSymbolicLink(at "b", "a") |> ignore
                    Assert.equal "a link that leads to a file" (fst (refused (at "a")))))

            testCase "a file keeps its rights" (fun () ->
                if not (OperatingSystem.IsWindows()) then
                    inFolder (fun folder ->
                        let path = Path.Combine(folder, "m")
                        save path 1f
                        let mine = UnixFileMode.UserRead ||| UnixFileMode.UserWrite
                        File.SetUnixFileMode(path, mine)
                        save path 2f
                        Assert.equal mine (File.GetUnixFileMode path)
                        Assert.equal [ "m" ] (names folder)))

            testCase "every name that the file system takes is saved to" (fun () ->
                inFolder (fun folder ->
                    for length in [ 219; 255 ] do
                        let path = Path.Combine(folder, String('m', length))
                        save path 2f
                        Assert.equal (List.replicate 1000 2.0) (load path)))

            testCase "a missing folder is named, and so is one in the place of the file" (fun () ->
                inFolder (fun folder ->
                    let missing = Path.Combine(folder, "none")

                    Assert.equal
                        ("a file in a folder that exists", $"no folder '{missing}'")
                        (refused (Path.Combine(missing, "m")))

                    Assert.equal ("a file", "a folder") (refused folder)
                    Assert.equal ("the path of a file", "an empty text") (refused "")

                    match errorsOf (fun () -> History.saveCsv (Path.Combine(missing, "h.csv")) History.empty) with
                    | [ Malformed(_, _, found) ] -> Assert.equal $"no folder '{missing}'" found
                    | other -> failtest $"%A{other}"))

            testCase "a history comes back from JSON, numbers that are not finite too, and nothing else does" (fun () ->
                let epoch number metrics = { Epoch = number; Step = 7L; Metrics = Map.ofList metrics }

                let history = { Epochs = [ epoch 0 [ "train_loss", 0.5; "x", infinity ]; epoch 1 [ "x", -infinity ] ] }

                Assert.equal
                    """[{"epoch":0,"step":7,"metrics":{"train_loss":0.5,"x":"Infinity"}},{"epoch":1,"step":7,"metrics":{"x":"-Infinity"}}]"""
                    (HistoryJson.write history)

                Assert.equal history (HistoryJson.read "m" (HistoryJson.write history))
                let empty = { Epochs = [ epoch 0 [ "x", nan ] ] }

                Assert.isTrue (Double.IsNaN (HistoryJson.read "m" (HistoryJson.write empty)).Epochs.Head.Metrics["x"])

                for wrong in
                    [
                        ""
                        "null"
                        "{}"
                        "[null]"
                        "[{}]"
                        """[{"epoch":0,"step":1}]"""
                        """[{"epoch":0,"step":1,"metrics":null}]"""
                        """[{"epoch":0,"step":1,"metrics":{"x":null}}]"""
                        """[{"epoch":0,"step":1,"metrics":{"x":"one"}}]"""
                        """[{"epoch":0.5,"step":1,"metrics":{}}]"""
                        """[{"epoch":0,"step":1,"metrics":{},"more":1}]"""
                    ] do
                    match errorsOf (fun () -> HistoryJson.read "m" wrong |> ignore) with
                    | [ Malformed("m", "epochs with epoch, step and metrics", _) ] -> ()
                    | other -> failtest $"%A{other} for {wrong}")

            testCase "a folder that can't be written to is an error that names the file" (fun () ->
                // Linux's own, which nobody makes files in.
                if OperatingSystem.IsLinux() then
                    let path = "/proc/model.safetensors"

                    match errorsOf (fun () -> save path 1f) with
                    | [ Malformed(named, "a file that can be written", found) ] ->
                        Assert.equal path named
                        Assert.isFalse (found.Contains ".deeplay-")
                    | other -> failtest $"%A{other}")

            testCase "what a crash left goes with the next save, and what is being written stays" (fun () ->
                inFolder (fun folder ->
                    let path = Path.Combine(folder, "m")
                    let kept = Path.Combine(folder, "kept")

                    WholeFile.writeWith false path (fun file ->
                        file.WriteByte 1uy
                        let beside = (Directory.GetFiles(folder, "*.tmp"))[0]
                        // Another save of the same file, while this one is at it, leaves it alone.
                        WholeFile.writeWith false path (fun other -> other.WriteByte 2uy)
                        Assert.isTrue (File.Exists beside))

                    Assert.equal [| 1uy |] (File.ReadAllBytes path)
                    // A crash in the middle of writing.
                    let left = Path.Combine(folder, WholeFile.temporary path "0123")
                    File.WriteAllText(left, "half")
                    // Of another file's saves nothing is touched.
                    WholeFile.write kept (fun file -> file.WriteByte 3uy)
                    Assert.isTrue (File.Exists left)
                    WholeFile.write path (fun file -> file.WriteByte 4uy)
                    Assert.equal [ "kept"; "m" ] (names folder)))

            testCase "where the system has files without a name, nothing stands beside what is being written" (fun () ->
                inFolder (fun folder ->
                    let path = Path.Combine(folder, "m")
                    save path 1f
                    use unnamed = UnnamedFile.tryCreate folder |> Option.toObj

                    WholeFile.write path (fun file ->
                        file.WriteByte 1uy
                        file.Flush()
                        let others = List.except [ "m" ] (names folder)
                        Assert.equal (isNull unnamed) (not others.IsEmpty)
                        // Another one, which ends before this.
                        WholeFile.write path (fun other -> other.WriteByte 2uy)
                        Assert.equal [| 2uy |] (File.ReadAllBytes path))

                    Assert.equal [| 1uy |] (File.ReadAllBytes path)
                    Assert.equal [ "m" ] (names folder)))

            testCase "a program may do without files that have no name" (fun () ->
                inFolder (fun folder ->
                    AppContext.SetSwitch(UnnamedFile.switch, false)

                    try
                        Assert.isTrue (UnnamedFile.tryCreate folder).IsNone

                        WholeFile.write (Path.Combine(folder, "m")) (fun file ->
                            file.WriteByte 1uy

                            Assert.equal
                                [ WholeFile.temporary "m" "" ]
                                [ for name in names folder -> Regex.Replace(name, "-[0-9a-f]+.tmp$", "-.tmp") ])
                    finally
                        AppContext.SetSwitch(UnnamedFile.switch, true)

                    Assert.equal [ "m" ] (names folder)))

            testCase "a new file gets its own name at once, and one that is there is replaced" (fun () ->
                inFolder (fun folder ->
                    use unnamed = UnnamedFile.tryCreate folder |> Option.toObj

                    if not (isNull unnamed) then
                        let path = Path.Combine(folder, "m")
                        unnamed.WriteByte 1uy
                        unnamed.Flush()
                        Assert.isTrue (UnnamedFile.tryName path unnamed)
                        Assert.equal [ "m" ] (names folder)
                        Assert.isFalse (UnnamedFile.tryName path unnamed)
                        save path 2f
                        Assert.equal (List.replicate 1000 2.0) (load path)))

            testCase "a failure while writing leaves the old file alone" (fun () ->
                inFolder (fun folder ->
                    let path = Path.Combine(folder, "m")
                    save path 1f

                    Assert.throws<TimeoutException>(fun () ->
                        WholeFile.write path (fun file ->
                            file.WriteByte 1uy
                            raise (TimeoutException())))
                    |> ignore

                    Assert.equal (List.replicate 1000 1.0) (load path)
                    Assert.equal [ "m" ] (names folder)))

            testCase "saves of one file at once leave one of them whole" (fun () ->
                inFolder (fun folder ->
                    let path = Path.Combine(folder, "m")
                    Parallel.For(0, 40, (fun i -> save path (float32 i))) |> ignore
                    let all = load path
                    Assert.equal 1 (List.distinct all).Length
                    Assert.equal [ "m" ] (names folder)))

            testCase "a file that another takes the place of meanwhile is read as one of them" (fun () ->
                inFile (fun path ->
                    use data = points ()
                    use application = fitted 0 (classifier [ Layers.linear 2 2 ]) data

                    // The number of steps is in the text, and in the bias.
                    let save (steps: int64) =
                        use _noGrad = torch.no_grad ()
                        use number = Scalar.op_Implicit (float32 steps)
                        application.Module.get_parameter("model.0.bias").fill_ number |> ignore
                        application.Steps <- steps
                        Application.save path application

                    save 0L
                    let mutable isOver = false

                    let saving =
                        Threading.Thread(fun () ->
                            let mutable steps = 0L

                            while not (Threading.Volatile.Read &isOver) do
                                steps <- steps + 1L
                                save steps)

                    saving.Start()

                    let wrong = ResizeArray()

                    try
                        for _ in 1..200 do
                            use loaded = Application.load "cpu" path
                            let bias = numbers (loaded.Module.get_parameter "model.0.bias")
                            if List.exists ((<>) (float loaded.Steps)) bias then wrong.Add(loaded.Steps, bias)
                    finally
                        Threading.Volatile.Write(&isOver, true)
                        saving.Join()

                    Assert.equal [] (List.ofSeq wrong)))

            testCase "loading what the registry lacks names the file and the remedy" (fun () ->
                inFolder (fun folder ->
                    let path = Path.Combine(folder, "own.safetensors")

                    let own =
                        Definition.create "MyOwnThing" [] (fun _ ->
                            init {
                                let! layer = child "layer" (Layers.linear 2 2)
                                return forward (call layer)
                            })

                    use application =
                        Application.build (optionsFor []) [ 2L ] (Applications.classifier 2 (Module.create [] own))

                    Application.save path application

                    let error = Assert.throws<DeeplayException>(fun () -> Application.load "cpu" path |> ignore)

                    for part in [ path; "'MyOwnThing'"; "Registry.add" ] do
                        Assert.containsText part error.Message

                    use loaded = Application.loadWith (Registry.add own Registries.standard) (optionsFor []) path

                    Assert.equal application.Spec loaded.Spec))
        ]
