/// Made examples of which a share is replaced in each epoch.
module Deeplay.Tests.ReplacedExampleTests

open System
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

// A number and its double; `made` counts them.
let private drawn (made: int ref) count replace seed =
    let example (random: Random) =
        Interlocked.Increment(&made.contents) |> ignore
        let x = float32 (random.NextDouble())
        struct (torch.tensor [| x |], torch.tensor [| 2f * x |])

    Dataset.Generate(count, example, seed = seed, replace = replace)

// The inputs of an epoch of a run, in the order of their places.
let private epoch workers (data: Dataset) (number: int) =
    use _scope = torch.NewDisposeScope()
    let reading = { Reading.InOrder(7L, workers) with Draw = EpochDraw.Of(5L, number) }
    use loader = Loader.start data reading

    [
        while not loader.IsOver do
            match loader.Next() with
            | ValueSome batch -> yield! numbers batch.Inputs.Only
            | ValueNone -> ()
    ]

let private changes (epochs: float list list) =
    epochs
    |> List.pairwise
    |> List.map (fun (before, after) -> List.zip before after |> List.filter (fun (a, b) -> a <> b) |> List.length)

[<Tests>]
let tests =
    torchTests
        "ReplacedExampleTests"
        [
            testCase "as many are replaced as are asked for, and only these are made" (fun () ->
                let made = ref 0
                use data = drawn made 400L 0.25 0L
                let epochs = List.init 10 (epoch 0 data)
                let replaced = List.sum (changes epochs)
                // 3600 draws of probability 1/4: 900, of standard deviation 26.
                Expect.isTrue (abs (replaced - 900) < 130) $"{replaced} replaced"
                Assert.equal (400 + replaced) made.Value

                for changed in changes epochs do
                    Expect.isTrue (abs (changed - 100) < 45) $"{changed} in one epoch"

                // What is replaced does not come back.
                let atPlace = List.transpose epochs
                Assert.equal (400 + replaced) (atPlace |> List.sumBy (List.distinct >> List.length)))

            testCase "none, or all" (fun () ->
                let made = ref 0
                use once = drawn made 50L 0.0 0L
                Assert.equal [ 0; 0; 0 ] (changes (List.init 4 (epoch 0 once)))
                Assert.equal 50 made.Value

                use anew = drawn made 50L 1.0 0L

                use usual =
                    Dataset.Generate(
                        50L,
                        (fun random -> struct (torch.tensor [| float32 (random.NextDouble()) |], torch.zeros 1L))
                    )

                Assert.equal [ 50; 50; 50 ] (changes (List.init 4 (epoch 0 anew)))
                Assert.equal (epoch 0 usual 3) (epoch 0 anew 3))

            testCase "an epoch is what it is, whoever made it and whatever came before" (fun () ->
                let made = ref 0
                use all = drawn made 60L 0.3 4L
                let epochs = List.init 6 (epoch 3 all)

                for number in [ 5; 2; 0 ] do
                    use late = drawn made 60L 0.3 4L
                    Assert.equal epochs[number] (epoch 0 late number)
                    // Back and forth, what is kept is the last.
                    Assert.equal epochs[1] (epoch 2 late 1)

                use other = drawn made 60L 0.3 8L
                Expect.notEqual epochs[3] (epoch 0 other 3) "another seed")

            testCase "a run that is gone on with is the run" (fun () ->
                let fit epochs = Application.fit (options epochs) (drawn (ref 0) 20L 0.2 0L) spec
                use whole = fit 6
                use half = fit 3
                Application.fitMore (options 3) (drawn (ref 0) 20L 0.2 0L) half
                Assert.equal (weights whole) (weights half))

            testCase "without a seed they stay from epoch to epoch, too" (fun () ->
                let made = ref 0
                use data = drawn made 8L 0.0 0L
                use application = Application.fit { options 3 with Seed = None } data spec
                Application.fitMore { options 2 with Seed = None } data application
                // Those of the run, and the one that shows the shapes.
                Assert.equal 9 made.Value)

            testCase "their memory goes with the dataset" (fun () ->
                let before = liveTensors ()
                let data = drawn (ref 0) 8L 0.5 0L
                epoch 0 data 0 |> ignore
                Assert.equal (before + 16L) (liveTensors ())
                (data :> IDisposable).Dispose()
                Assert.equal before (liveTensors ()))

            testTheory "a share that is none is an error" [ -0.1; 1.5; nan ] (fun replace ->
                match errorsOf (fun () -> drawn (ref 0) 8L replace 0L) with
                | [ Malformed("dataset, replace", "a share of the examples, from 0 to 1", found) ] ->
                    Assert.equal (string replace) found
                | other -> failtest $"%A{other}")
        ]
