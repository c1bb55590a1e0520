/// Examples that are made when they are needed, and those that come one after another.
module Deeplay.Tests.DatasetTests

open System
open System.Collections.Concurrent
open System.Threading
open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Torch
open TorchSharp
open Expecto
open Deeplay.Tests
open Deeplay.Tests.LoweringHelp
open Deeplay.Tests.TrainingHelp

let private spec =
    Applications.regressor (Layers.sequential [ Layers.linear 1 4; Layers.tanh; Layers.linear 4 1 ])

// A number and its double.
let private pair (x: float) = struct (torch.tensor ([| float32 x |]), torch.tensor ([| float32 (2.0 * x) |]))

let private drawn count = Dataset.Generate(count, (fun random -> pair (random.NextDouble())))

let private fit options data = Application.fit options data spec

let private counted count = Dataset.Stream(seq { for i in 1..count -> pair (float i) })

// The options with a run that is stopped after so many steps.
let private stoppedAfter steps (options: FitOptions) =
    let stop = Callback.onBatchEnd (fun run batch -> if batch.Step = steps then run.Stop "enough")

    { options with Callbacks = [ stop ] }

// The inputs of each batch, over some epochs.
let private seen (options: FitOptions) epochs (data: Dataset) =
    let batches = ResizeArray()

    let keep _ inputs =
        lock batches (fun () -> batches.Add(numbers inputs))
        inputs

    // A transformation sees each batch that is read.
    let watched = data.Transform keep
    use _application = fit { options with MaxEpochs = epochs; NumWorkers = 0 } watched
    // The first example shows the shapes before.
    List.ofSeq batches |> List.tail

[<Tests>]
let tests =
    torchTests
        "DatasetTests"
        [
            testCase "a dataset outlives the scope it was first looked at in" (fun () ->
                for data in [ drawn 4L; counted 4 ] do
                    use data = data
                    using (torch.NewDisposeScope()) (fun _ -> Assert.equal [| 2L; 1L |] (data.InputShape 2L))
                    use trained = fit (options 1) data
                    Assert.equal 1 trained.History.Epochs.Length)

            testCase
                "made examples are the same for a seed, whatever threads make them, and others in each epoch"
                (fun () ->
                    let train workers seed =
                        use data = drawn 10L
                        let options = { options 3 with NumWorkers = workers; Seed = Some seed }
                        use application = fit options data
                        weights application

                    let alone = train 0 7L
                    Assert.equal alone (train 1 7L)
                    Assert.equal alone (train 3 7L)
                    Expect.notEqual alone (train 3 8L) "another seed"

                    use data = drawn 6L
                    let batches = seen (options 2) 2 data
                    let all = List.concat batches
                    Assert.equal [ 4; 2; 4; 2 ] (List.map List.length batches)
                    Assert.equal 12 (List.distinct all).Length)

            testCase "what is in memory and what is made of the same numbers train alike, and give the same" (fun () ->
                use kept = (drawn 10L).Keep()
                let at = kept.Inputs.data<float32>().ToArray()
                let place = ref 0
                // Without a seed nothing is shuffled, and the examples come by their places.
                let options = { options 2 with Shuffle = false; NumWorkers = 0 }

                use made =
                    Dataset.Generate(
                        10L,
                        fun _ ->
                            place.Value <- place.Value + 1
                            pair (float at[(place.Value - 1) % 10])
                    )

                // Looked at first, which takes one.
                made.InputShape 1L |> ignore
                place.Value <- 0
                use a = fit options kept
                use b = fit options made
                Assert.equal (weights a) (weights b)
                place.Value <- 0
                Assert.equal (a.Test(kept, 3L)) (b.Test(kept, 3L))
                Assert.equal (numbers (a.Predict kept)) (numbers (b.Predict(kept, 4L))))

            testCase
                "a transformation draws from its seed, and a run goes on with it in the middle of an epoch"
                (fun () ->
                    inFile (fun path ->
                        use data = points ()

                        let noisy =
                            data.Transform(fun random inputs ->
                                inputs.add (torch.randn (inputs.shape, generator = random)))

                        let whole = classifier [ Layers.linear 2 4; Layers.dropout 0.5; Layers.linear 4 2 ]
                        use application = Application.fit (options 3) noisy whole
                        use stopped = Application.fit (stoppedAfter 6L (options 3)) noisy whole
                        Application.save path stopped
                        use again = Application.load "cpu" path
                        Application.fitMore (options 2) noisy again
                        Assert.equal (weights application) (weights again)
                        use plain = Application.fit (options 3) data whole
                        Expect.notEqual (weights plain) (weights application) "the noise is there"))

            testCase "generated data to keep are those of their seed, whatever a run draws" (fun () ->
                let kept seed =
                    use data = Dataset.Generate(6L, (fun random -> pair (random.NextDouble())), seed = seed)
                    use kept = data.Keep()
                    numbers kept.Inputs

                use plain = (drawn 6L).Keep()
                Assert.equal (numbers plain.Inputs) (kept 0L)
                Assert.equal (kept 5L) (kept 5L)
                Assert.equal 18 (List.distinct (kept 0L @ kept 1L @ kept 2L)).Length

                let train seed =
                    use data = Dataset.Generate(6L, (fun random -> pair (random.NextDouble())), seed = seed)
                    use application = fit (options 2) data
                    weights application

                Assert.equal (train 1L) (train 1L)
                Assert.notEqual (train 0L) (train 1L))

            testCase "indexed examples are read by their places, on any threads, as those in memory" (fun () ->
                let threads = ConcurrentDictionary<int, bool>()

                let read (place: int64) =
                    threads.TryAdd(Environment.CurrentManagedThreadId, true) |> ignore
                    pair (float place / 8.0)

                use data = Dataset.Indexed(8L, read)
                use kept = new Dataset(data.Keep().Inputs, data.Keep().Targets)
                Assert.equal [ for i in 0..7 -> float i / 8.0 ] (numbers kept.Inputs)
                threads.Clear()
                use a = fit { options 3 with NumWorkers = 2 } data
                use b = fit (options 3) kept
                Assert.equal (weights b) (weights a)
                Assert.isTrue (threads.Keys |> Seq.exists (fun id -> id <> Environment.CurrentManagedThreadId))
                let struct (first, second) = data.Split(0.5, 1L)
                let all = numbers (first.Keep().Inputs) @ numbers (second.Keep().Inputs)
                Assert.equal (numbers kept.Inputs) (List.sort all)

                let error = Assert.throws<DeeplayException>(fun () -> Dataset.Indexed(0L, read) |> ignore)
                Assert.containsText "at least one example" error.Message)

            testCase "a stream comes in its order, in each epoch from the beginning" (fun () ->
                let asked = ResizeArray<int>()

                let numbered =
                    seq {
                        for i in 1..5 do
                            lock asked (fun () -> asked.Add i)
                            let struct (input, target) = pair (float i)
                            // The tensors live until the next one is asked for.
                            use input = input
                            use target = target
                            yield struct (input, target)
                    }

                use data = Dataset.Stream numbered
                let losses = ResizeArray()

                let watch =
                    Callback.onBatchEnd (fun _ batch -> losses.Add(struct (batch.Epoch, batch.Batch, batch.Step)))

                let options = { options 2 with BatchSize = 2L; AccumulateBatches = 2; Callbacks = [ watch ] }
                use application = fit options data
                Assert.equal 4L application.Steps
                // The third batch of an epoch is the last, which makes a step by itself.
                Assert.equal
                    [
                        struct (0, 0L, 0L)
                        struct (0, 1L, 1L)
                        struct (0, 2L, 2L)
                        struct (1, 0L, 2L)
                        struct (1, 1L, 3L)
                        struct (1, 2L, 4L)
                    ]
                    (List.ofSeq losses)
                // The shapes are looked at once before.
                Assert.equal (1 :: [ 1..5 ] @ [ 1..5 ]) (List.ofSeq asked)

                use kept = data.Keep 5L
                Assert.equal [ 1.0; 2.0; 3.0; 4.0; 5.0 ] (numbers kept.Inputs)
                // In batches of two and of all.
                Assert.equal (numbers (application.Predict kept)) (numbers (application.Predict(data, 2L)))
                let loss = application.Test(kept)["loss"]
                Expect.floatClose Accuracy.medium (application.Test(data, 2L)["loss"]) loss "loss")

            testCase "a run over a stream goes on in the middle of an epoch" (fun () ->
                inFile (fun path ->
                    use data = counted 9
                    use whole = fit (options 2) data
                    use stopped = fit (stoppedAfter 4L (options 2)) data
                    Application.save path stopped
                    use again = Application.load "cpu" path
                    Application.fitMore (options 1) data again
                    Assert.equal (weights whole) (weights again)))

            testCase "no more is made than is soon taken" (fun () ->
                let made, trained, most = ref 0, ref 0, ref 0

                use data =
                    Dataset.Generate(
                        64L,
                        fun random ->
                            let ahead = Interlocked.Increment(&made.contents) - Volatile.Read(&trained.contents)
                            lock most (fun () -> most.Value <- max most.Value ahead)
                            pair (random.NextDouble())
                    )

                let watch =
                    Callback.onBatchEnd (fun _ _ ->
                        Interlocked.Add(&trained.contents, 4) |> ignore
                        Thread.Sleep 2)

                use _application = fit { options 1 with NumWorkers = 2; Callbacks = [ watch ] } data
                Assert.equal 65 made.Value
                // Two workers prepare four batches of four while one is trained on, which was taken and not counted; and there is
                // the first one that was looked at.
                Expect.isLessThanOrEqual most.Value (4 * 4 + 2 * 4 + 1) "examples ahead")

            testCase "an error of the program's own while examples are made loses nothing" (fun () ->
                let failing () =
                    seq {
                        for i in 1..8 do
                            if i = 7 then invalidOp "the file is gone"
                            pair (float i)
                    }

                use data = Dataset.Stream(failing ())

                let error = Assert.throws<TrainingStoppedException>(fun () -> fit (options 1) data |> ignore)
                Assert.containsText "the file is gone" error.Message
                Assert.equal 1L error.Application.Steps
                (error.Application :> IDisposable).Dispose()

                use wrong = Dataset.Generate(8L, (fun _ -> invalidOp "no"))
                Assert.throws<InvalidOperationException>(fun () -> fit (options 1) wrong |> ignore) |> ignore)

            testCase "examples that don't fit are errors that say which" (fun () ->
                let fails expected (work: unit -> obj) =
                    let error = Assert.throws<DeeplayException>(fun () -> work () |> ignore)
                    Assert.containsText expected error.Message

                let ragged =
                    Dataset.Stream(
                        seq {
                            yield pair 1.0
                            yield struct (torch.zeros 2L, torch.zeros 1L)
                        }
                    )

                fails "inputs" (fun () -> box (fit (options 1) ragged))

                let switching =
                    Dataset.Stream(
                        seq {
                            for i in 1..4 do
                                yield pair (float i)

                            yield struct (torch.zeros 2L, torch.zeros 1L)
                        }
                    )

                fails "model" (fun () -> box (fit (options 1) switching))
                fails "at least one example" (fun () -> box (Dataset.Generate(0L, (fun _ -> pair 1.0))))
                fails "at least one example" (fun () -> box (fit (options 1) (Dataset.Stream [])))
                fails "a number of examples" (fun () -> box ((counted 3).Count))
                fails "from 1 to 10" (fun () -> box ((drawn 10L).Keep 11L))
                fails "a stream of 3" (fun () -> box ((counted 3).Keep 4L))
                fails "in memory" (fun () -> box ((drawn 10L).Inputs))
                fails "stream" (fun () -> box ((counted 3).Split(0.5, 1L))))

            testCase "parts of what is made are made of their own places" (fun () ->
                use data = points ()
                let doubled = data.Transform(fun _ inputs -> Numbers.add inputs inputs)
                let struct (a, b) = doubled.Split(0.25, 3L)
                let struct (c, d) = data.Split(0.25, 3L)

                for part, kept in [ a, c; b, d ] do
                    use made = part.Keep()
                    Assert.equal [ for x in numbers kept.Inputs -> 2.0 * x ] (numbers made.Inputs)
                    Assert.equal (numbers kept.Targets) (numbers made.Targets))
        ]
