/// Batches that are made in a way of one's own, such as of sequences of different lengths.
module Deeplay.Tests.CollateTests

open System
open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Torch
open TorchSharp
open Expecto
open Deeplay.Tests
open Deeplay.Tests.LoweringHelp
open Deeplay.Tests.TrainingHelp

let private vector (values: float32 list) = torch.tensor (Array.ofList values)

// The first batches of a dataset, as they are read.
let private batches size (data: Dataset) =
    use loader = Loader.start data (Reading.InOrder(size, 0))

    [
        while not loader.IsOver do
            match loader.Next() with
            | ValueSome batch -> batch
            | ValueNone -> ()
    ]

// Sequences 1, 1 2, 1 2 3, … of lengths from 1 to the count, each with its length as target.
let private growing (count: int64) : Dataset =
    Dataset.Indexed(count, (fun i -> struct (torch.arange (1L, i + 2L), torch.tensor (i + 1L))))

// Which of two tokens a sequence has: what is padded does not count in its sum.
let private masked =
    Definition.create "Masked" [] (fun _ ->
        init {
            let! embedding = child "embedding" (Layers.embedding 3 4)
            let! head = child "head" (Layers.linear 4 2)

            return
                forwardOf [ "tokens"; "mask" ] (fun inputs ->
                    let there = Op.toDType DType.Float32 (Op.logicalNot inputs[1]) |> Op.unsqueeze -1
                    call embedding inputs[0] * there |> Op.sum [ 1 ] |> call head)
        })
    |> Module.create []

// Sequences of one token, and the token as class.
let private example (i: int64) : struct (Inputs * Tensor) =
    let token = i % 2L
    struct (Inputs.named [ "tokens", torch.tensor (Array.create (int (1L + i % 5L)) token) ], torch.tensor token)

let private withMask = { Collate.padding with Value = 2.0; Mask = Some "mask" }

[<Tests>]
let tests =
    torchTests
        "CollateTests"
        [
            testCase "sequences are filled up to the longest, as pad_sequence does" (fun () ->
                let sequences = [ vector [ 1f; 2f; 3f ]; vector [ 4f ]; vector [] ]
                let padded = Collate.padSequence -1.0 sequences
                Assert.equal [| 3L; 3L |] padded.shape
                Assert.equal [ 1.0; 2.0; 3.0; 4.0; -1.0; -1.0; -1.0; -1.0; -1.0 ] (numbers padded)
                let mask = Collate.paddingMask sequences
                Assert.equal torch.bool mask.dtype

                Assert.equal
                    [ false; false; false; false; true; true; true; true; true ]
                    (mask.data<bool>().ToArray() |> List.ofArray)

                let rows = Collate.padSequence 0.0 [ torch.ones (2L, 3L); torch.ones (1L, 3L) ]
                Assert.equal [| 2L; 2L; 3L |] rows.shape

                Assert.equal
                    torch.int64
                    (Collate.padSequence 7.0 [ torch.arange (0L, 2L); torch.arange (0L, 1L) ]).dtype)

            testCase "each batch is as long as its longest" (fun () ->
                use _scope = torch.NewDisposeScope()
                let data = (growing 5L).Collate(Collate.pad { Collate.padding with Value = -1.0 })
                Assert.equal 5L data.Count
                let read = batches 2L data
                Assert.equal [ [| 2L; 2L |]; [| 2L; 4L |]; [| 1L; 5L |] ] [ for b in read -> b.Inputs.Only.shape ]

                Assert.equal
                    [ 1.0; -1.0; 1.0; 2.0; 1.0; 2.0; 3.0; -1.0; 1.0; 2.0; 3.0; 4.0 ]
                    (List.truncate 2 read |> List.collect (fun b -> numbers (b.Inputs.Only.``to`` torch.float32)))

                Assert.equal
                    [ 1.0; 2.0; 3.0; 4.0; 5.0 ]
                    (read |> List.collect (fun b -> numbers (b.Targets.``to`` torch.float32))))

            testCase "targets that are sequences are filled up with what does not count" (fun () ->
                use _scope = torch.NewDisposeScope()
                let source = Dataset.Indexed(2L, (fun i -> struct (vector [ 1f ], torch.arange (0L, i + 1L))))
                let data = source.Collate(Collate.pad { Collate.padding with TargetValue = -100.0 })
                let batch = List.exactlyOne (batches 2L data)
                Assert.equal [ 0.0; -100.0; 0.0; 1.0 ] (numbers (batch.Targets.``to`` torch.float32)))

            testCase "a mask comes by its name, or behind the others" (fun () ->
                use _scope = torch.NewDisposeScope()
                let named = Dataset.IndexedInputs(4L, example).Collate(Collate.pad withMask)
                let batch = List.exactlyOne (batches 4L named)
                Assert.equal [ "tokens"; "mask" ] batch.Inputs.Names
                Assert.equal [| 4L; 4L |] batch.Inputs["mask"].shape
                // Lengths of 1, 2, 3 and 4.
                Assert.equal 6.0 (Numbers.read (batch.Inputs["mask"].sum()))

                let placed = (growing 2L).Collate(Collate.pad withMask)
                let batch = List.exactlyOne (batches 2L placed)
                Assert.equal [] batch.Inputs.Names
                Assert.equal 1.0 (Numbers.read (batch.Inputs[1].sum())))

            testCase "a model learns from sequences of different lengths, wherever they come from" (fun () ->
                let sources =
                    [
                        Dataset.IndexedInputs(20L, example)
                        Dataset.StreamInputs(Seq.init 20 (int64 >> example))
                        Dataset.GenerateInputs(20L, (fun random -> example (random.NextInt64 10L)))
                    ]

                for source in sources do
                    use data = source.Collate(Collate.pad withMask)
                    let spec = Applications.classifier 2 masked |> steppedBy (Optimizers.adam 0.1)
                    use trained = Application.fit { options 12 with Shuffle = false } data spec
                    Expect.isGreaterThan (trained.Test(data)["accuracy"]) 0.9 "it learns")

            testCase "a function of one's own gets each example, and makes what a stack would" (fun () ->
                use _scope = torch.NewDisposeScope()
                let kept = points ()
                let sizes = ResizeArray<int>()

                let stack (examples: struct (Inputs * Tensor) list) =
                    lock sizes (fun () -> sizes.Add examples.Length)
                    let inputs = torch.stack [| for struct (inputs, _) in examples -> inputs[0] |]
                    struct (Inputs.one inputs, torch.stack [| for struct (_, target) in examples -> target |])

                let own = kept.Collate stack
                let options = { options 2 with BatchSize = 6L }
                use expected = Application.fit options kept (classifier [ Layers.linear 2 2 ])
                use found = Application.fit options own (classifier [ Layers.linear 2 2 ])
                Assert.equal (weights expected) (weights found)
                // The first one shows the shapes.
                Assert.equal [ 1; 4; 4; 6; 6; 6; 6 ] (List.sort (List.ofSeq sizes))
                let all = own.Keep()
                Assert.equal (numbers kept.Inputs) (numbers all.Inputs))

            testCase "graphs come one by one, too" (fun () ->
                use _scope = torch.NewDisposeScope()

                let graph nodes =
                    Inputs.graph
                        [ "x", torch.ones (nodes, 1L); "edge_index", torch.zeros (2L, 1L, dtype = torch.int64) ]

                let data = Dataset.OfGraphs [ for n in 1L .. 3L -> struct (graph n, torch.ones (1L, 1L)) ]

                let join (examples: struct (Inputs * Tensor) list) =
                    let inputs = Inputs.graphs [ for struct (inputs, _) in examples -> inputs ]
                    struct (inputs, torch.cat [| for struct (_, target) in examples -> target |])

                let batch = List.exactlyOne (batches 3L (data.Collate join))
                Assert.equal [| 6L; 1L |] (batch.Inputs["x"].shape)
                Assert.equal [| 3L; 1L |] batch.Targets.shape

                match errorsOf (fun () -> batches 3L (data.Collate(Collate.pad Collate.padding))) with
                | [ Malformed("collate, examples", _, "graphs, which need no padding") ] -> ()
                | other -> failtest $"%A{other}")

            testCase "what can't be joined is told" (fun () ->
                let says (expected: string list) work =
                    let text = Error.describeAll (errorsOf work)

                    for part in expected do
                        Assert.containsText part text

                let pair a b = Collate.padSequence 0.0 [ a; b ]

                says [ "float32 (2, 3)"; "float32 (2, 4) as number 1" ] (fun () ->
                    pair (torch.ones (2L, 3L)) (torch.ones (2L, 4L)))

                says [ "float32 (2,)"; "int64 (2,) as number 1" ] (fun () ->
                    pair (torch.ones 2L) (torch.arange (0L, 2L)))

                says [ "at least one dimension" ] (fun () -> pair (torch.tensor 1f) (torch.ones 2L))
                says [ "at least one sequence"; "none" ] (fun () -> Collate.padSequence 0.0 [])

                says [ "mask"; "at least one dimension" ] (fun () ->
                    Collate.pad withMask [ struct (Inputs.one (torch.tensor 1f), torch.tensor 1f) ])

                says [ "each name once" ] (fun () -> Collate.pad { withMask with Mask = Some "tokens" } [ example 1L ])

                says [ "the inputs of the first example (tokens)" ] (fun () ->
                    Collate.pad withMask [ example 1L; struct (Inputs.one (torch.arange (0L, 2L)), torch.tensor 0L) ])

                let rows = (growing 2L).Collate(fun _ -> struct (Inputs.one (torch.ones (3L, 1L)), torch.ones 2L))
                says [ "as many targets as inputs" ] (fun () -> batches 2L rows))
        ]
