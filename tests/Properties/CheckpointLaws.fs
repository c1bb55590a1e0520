/// Law 13 of whole checkpoints, state dicts and their shards: a damaged file is a typed error or a right read, nothing is left behind, and
/// nothing is half loaded.
module Deeplay.Properties.CheckpointLaws

open System
open System.Diagnostics
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
open Deeplay.Properties.Damages
open Deeplay.Properties.Law

/// A folder that goes away.
type private Scratch() =
    let folder = Directory.CreateTempSubdirectory("deeplay-").FullName
    member _.At name = Path.Combine(folder, name)

    interface IDisposable with
        member _.Dispose() = Directory.Delete(folder, true)

let private cpu = { Build.defaults with Device = "cpu" }
let private options = { Fit.defaults with MaxEpochs = 2; BatchSize = 4L; Seed = Some 7L; Build = cpu }
let private load path = Checkpoint.load "" Library.registry cpu path

let private points () =
    use _scope = torch.NewDisposeScope()
    let inputs = torch.tensor [| for i in 0..31 -> sin (0.7f * float32 i) |]
    let targets = torch.tensor [| for i in 0L .. 15L -> i % 2L |]
    new Dataset(inputs.reshape(16L, 2L).MoveToOuterDisposeScope(), targets.MoveToOuterDisposeScope())

// With all that a checkpoint has: a schedule, metrics, an optimizer with memory, statistics, steps on the tape, a module of two names.
let private spec =
    let block = Components.multiLayerPerceptron 2 [ 3; 4 ] 2

    Applications.classifier 2 (block |> Module.select "blocks/:-1" (Block.normalized Layers.batchNorm1d))
    |> Module.select "model/blocks/1" (Block.multi 2)
    |> Module.select ".../layer#0" (Module.configure "bias" false)
    |> Module.configure "metrics" [ Metrics.multiclassF1Score; Metrics.multiclassConfusionMatrix ]
    |> Module.configure "lr_scheduler" (Schedules.oneCycleLR 0.01 100)
    |> Module.configure "lr_scheduler_interval" "step"

/// A checkpoint within an epoch, and one after another epoch.
let private checkpoints: Lazy<byte[] * byte[]> =
    lazy
        (use folder = new Scratch()
         use data = points ()
         let within, after = folder.At "within", folder.At "after"

         let sixth =
             Callback.onBatchEnd (fun run _ ->
                 if run.Application.Steps = 6L then Checkpoint.save within run.Application)

         use application = Application.fit { options with Callbacks = [ sixth ] } data spec
         Checkpoint.save after application
         File.ReadAllBytes within, File.ReadAllBytes after)

let private bytesOf (tensor: torch.Tensor) = if tensor.numel () = 0L then [||] else tensor.bytes.ToArray()

let private values (network: torch.nn.Module) =
    [
        for KeyValue(name, tensor) in network.state_dict () ->
            name, tensor.dtype, List.ofArray tensor.shape, bytesOf tensor
    ]

/// Tensors of this thread that are alive.
let private alive () = DisposeScopeManager.Statistics.ThreadTotalLiveCount

/// What became of the cases, and what they took at most.
type private Tally() =
    let mutable read, refused, longest, most = 0, 0, 0.0, 0L
    let before = Process.GetCurrentProcess().PeakWorkingSet64

    /// Runs one case, which may allocate so much and no more.
    member _.Case(work: unit -> Result<unit, Error list>) =
        let live, allocated, watch = alive (), GC.GetAllocatedBytesForCurrentThread(), Stopwatch.StartNew()

        match work () with
        | Ok() -> read <- read + 1
        | Error errors ->
            refused <- refused + 1
            demand "an error" (not errors.IsEmpty && errors |> List.forall (fun error -> Error.describe error <> ""))

        let taken = GC.GetAllocatedBytesForCurrentThread() - allocated
        longest <- max longest watch.Elapsed.TotalSeconds
        most <- max most taken
        demand $"allocated {taken} bytes" (taken < 100_000_000L)
        Assert.equal live (alive ())

    /// How much more memory the process had at some time; so much is no harm, and a tensor of a wrong size would be more.
    member _.End(name: string) =
        let grown = Process.GetCurrentProcess().PeakWorkingSet64 - before

        report
            $"{name}: {read} read, {refused} refused; at most {longest:F2} s, {most / 1_000_000L} MB; the process grew by {grown / 1_000_000L} MB"

        demand $"the process grew by {grown} bytes" (grown < 2_000_000_000L)

// What an application that was read has is what stands in the file.
let private isRight path (application: Application) =
    use _scope = torch.NewDisposeScope()
    let _, tensors = Safetensors.load path

    for name, dtype, shape, bytes in values application.Module do
        demand
            name
            (dtype = tensors[name].dtype
             && shape = List.ofArray tensors[name].shape
             && bytes = bytesOf tensors[name])

[<Tests>]
let tests =
    torchTests
        "CheckpointLaws"
        [
            testCase "a checkpoint comes back, and a damaged one is a typed error or a right read" (fun () ->
                use folder = new Scratch()
                let within, after = checkpoints.Value
                let path = folder.At "checkpoint.safetensors"

                for bytes in [ within; after ] do
                    File.WriteAllBytes(path, bytes)
                    use first = load path
                    Checkpoint.save path first
                    demand "the same file" (bytes = File.ReadAllBytes path)

                let tally = Tally()

                forAll (Arb.fromGen (Gen.zip (Gen.elements [ 0; 1 ]) knowing)) (fun (which, damage) ->
                    let bytes, other = if which = 0 then within, after else after, within
                    File.WriteAllBytes(path, damaged other bytes damage)

                    tally.Case(fun () ->
                        Fail.catch (fun () ->
                            use application = load path
                            isRight path application)))

                tally.End "checkpoints")

            testCase
                "a damaged state dict is a typed error or a right read, and the module has all of it or none"
                (fun () ->
                    use folder = new Scratch()
                    let path = folder.At "model.safetensors"
                    use application = Application.build cpu [ 2L ] spec
                    StateDict.saveModel StateDict.saving path application
                    let saved = File.ReadAllBytes path
                    use other = Application.build cpu [ 2L ] spec
                    StateDict.saveModel StateDict.saving path other
                    let others = File.ReadAllBytes path
                    let before = values other.Module
                    let tally = Tally()

                    forAll (Arb.fromGen knowing) (fun damage ->
                        File.WriteAllBytes(path, damaged others saved damage)

                        tally.Case(fun () ->
                            let outcome =
                                Fail.catch (fun () -> StateDict.loadModel StateDict.loading path other |> ignore)

                            match outcome with
                            | Error _ -> demand "the module as it was" (before = values other.Module)
                            | Ok() ->
                                using (torch.NewDisposeScope()) (fun _ ->
                                    let _, tensors = Safetensors.load path

                                    let network =
                                        other.Module.named_children ()
                                        |> Seq.pick (fun struct (n, m) -> if n = "model" then Some m else None)

                                    for name, dtype, _, bytes in values network do
                                        // Of a tensor with two names one is there, and another dtype is converted.
                                        match tensors.TryFind name with
                                        | Some found when found.dtype = dtype -> demand name (bytes = bytesOf found)
                                        | _ -> ())

                                File.WriteAllBytes(path, others)
                                StateDict.loadModel StateDict.loading path other |> ignore

                            outcome))

                    tally.End "state dicts")

            testCase "a damaged index, and damaged shards, are typed errors or right reads" (fun () ->
                use folder = new Scratch()
                let path = folder.At "model.safetensors"
                let index = path + ".index.json"
                use saved = Application.build cpu [ 2L ] spec
                StateDict.saveModel { StateDict.saving with MaxShardSize = Some 60L } path saved
                let files = Directory.GetFiles(Path.GetDirectoryName path) |> Array.filter ((<>) index) |> Array.sort
                let contents = files |> Array.map File.ReadAllBytes
                let json = File.ReadAllText index
                use other = Application.build cpu [ 2L ] spec
                let before = values other.Module
                let tally = Tally()

                let cases =
                    Gen.frequency
                        [
                            2, Gen.map Choice1Of2 ofJson
                            1, Gen.map Choice2Of2 (Gen.zip (Gen.choose (0, files.Length - 1)) knowing)
                        ]

                forAll (Arb.fromGen cases) (fun case ->
                    let changed, content =
                        match case with
                        | Choice1Of2 edits -> index, Encoding.UTF8.GetBytes(write (edited edits (read json)))
                        | Choice2Of2(i, damage) ->
                            files[i], damaged contents[(i + 1) % files.Length] contents[i] damage

                    let original = File.ReadAllBytes changed
                    File.WriteAllBytes(changed, content)

                    tally.Case(fun () ->
                        let outcome =
                            Fail.catch (fun () -> StateDict.loadModel StateDict.loading index other |> ignore)

                        if outcome.IsError then demand "the module as it was" (before = values other.Module)

                        if outcome.IsOk then
                            // What was there before.
                            use _noGrad = torch.no_grad ()

                            for KeyValue(name, tensor) in other.Module.state_dict () do
                                let _, _, _, bytes = before |> List.find (fun (known, _, _, _) -> known = name)
                                if bytes.Length > 0 then bytes.AsSpan().CopyTo tensor.bytes

                        outcome)

                    File.WriteAllBytes(changed, original))

                tally.End "shards")
        ]
