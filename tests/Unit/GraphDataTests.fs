/// Datasets of graphs: how batches are put together, what is learned of them, and what is refused. Numbers are worked by hand;
/// references are the graphs one by one, and a loop by hand.
module Deeplay.Tests.GraphDataTests

open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Torch
open TorchSharp
open Expecto
open Deeplay.Tests
open Deeplay.Tests.LoweringHelp
open Deeplay.Tests.TrainingHelp

let private wholes (shape: int64 list) (values: int64 list) : Tensor =
    torch.tensor(Array.ofList values: int64[]).reshape(Array.ofList shape)

/// A ring of so many nodes, each with two numbers; the target is the mean of a third of them.
let private ring (nodes: int64) : struct (Inputs * Tensor) =
    let x = fill [ nodes; 2L ] (float nodes)
    let ends = [ for i in 0L .. nodes - 1L -> i ] @ [ for i in 1L .. nodes -> i % nodes ]

    let graph = Inputs.graph [ "x", x; "edge_index", wholes [ 2L; nodes ] ends; "edge_attr", fill [ nodes; 1L ] 0.3 ]

    struct (graph, x.narrow(1L, 0L, 1L).mean().reshape(1L, 1L))

let private rings () = [ for nodes in 1L .. 7L -> ring nodes ]
let private spec = Applications.regressor (Models.graphToGlobalMPM [ 8; 8 ] 1) |> steppedBy (Optimizers.sgd 0.05)
let private ordered epochs = { options epochs with Shuffle = false; BatchSize = 3L }

let private trained data =
    use application = Trainer.fit (ordered 2) data spec
    weights application |> List.map snd

let private error (work: unit -> 'a) = Recorded.problem work

let private triangle more =
    [ "x", fill [ 3L; 2L ] 0.1; "edge_index", wholes [ 2L; 4L ] [ 0L; 1L; 2L; 0L; 1L; 2L; 0L; 2L ] ]
    @ more

[<Tests>]
let tests =
    torchTests
        "GraphData"
        [
            testCase "several graphs become one whose numbers of nodes go on" (fun () ->
                use _scope = torch.NewDisposeScope()
                let a = Inputs.graph (triangle [ "edge_attr", fill [ 4L; 1L ] 0.2; "size", fill [ 1L; 1L ] 0.5 ])

                // Names may come in another order.
                let b =
                    Inputs.graph
                        [
                            "edge_index", wholes [ 2L; 1L ] [ 1L; 0L ]
                            "edge_attr", fill [ 1L; 1L ] 0.7
                            "size", fill [ 1L; 1L ] 0.9
                            "x", fill [ 2L; 2L ] 0.4
                        ]

                let both = Inputs.graphs [ a; b; b ]
                Assert.equal [ "x"; "edge_index"; "edge_attr"; "size"; "batch" ] both.Names
                Assert.isTrue both.IsGraph
                Assert.equal [ 7L; 2L ] (shapeOf both["x"])
                Assert.equal (numbers a["x"] @ numbers b["x"] @ numbers b["x"]) (numbers both["x"])
                Assert.equal [ 0; 1; 2; 0; 4; 6; 1; 2; 0; 2; 3; 5 ] (numbers both["edge_index"] |> List.map int)
                Assert.equal [ 2L; 6L ] (shapeOf both["edge_index"])
                Assert.equal [ 6L; 1L ] (shapeOf both["edge_attr"])
                Assert.equal [ 3L; 1L ] (shapeOf both["size"])
                Assert.equal [ 0; 0; 0; 1; 1; 2; 2 ] (numbers both["batch"] |> List.map int)
                Assert.equal torch.int64 both["batch"].dtype)

            testCase "a model learns from batches of graphs as a loop by hand does" (fun () ->
                use _scope = torch.NewDisposeScope()
                use data = Dataset.OfGraphs(rings ())
                use application = Trainer.fit (ordered 2) data spec
                use start = Trainer.fit (ordered 0) data spec
                let network = start.Module :?> torch.nn.Module<NamedTensors, Tensor>
                use optimizer = torch.optim.SGD(network.parameters (), 0.05)

                for _ in 1..2 do
                    for batch in List.chunkBySize 3 (rings ()) do
                        let graph = Inputs.graphs [ for struct (graph, _) in batch -> graph ]
                        let given = NamedTensors()

                        for name in graph.Names do
                            given[name] <- graph[name]

                        optimizer.zero_grad ()
                        let targets = torch.cat [| for struct (_, target) in batch -> target |]
                        torch.nn.functional.l1_loss(network.call given, targets).backward()
                        optimizer.step () |> ignore

                let expected = [ for struct (_, p) in network.named_parameters () -> numbers p ]
                Assert.equal expected (weights application |> List.map snd))

            testCase "graphs come from every source of several inputs alike" (fun () ->
                use _scope = torch.NewDisposeScope()
                let all = rings ()
                let expected = trained (Dataset.OfGraphs all)
                Assert.equal expected (trained (Dataset.IndexedInputs(7L, (fun place -> ring (place + 1L)))))
                Assert.equal expected (trained (Dataset.StreamInputs all))
                Assert.equal expected (trained (Dataset.StreamInputs(all).Keep 7L))

                let drawn = Dataset.GenerateInputs(7L, (fun random -> ring (random.NextInt64(1L, 9L))))
                Assert.equal (trained (drawn.Keep())) (trained (drawn.Keep()))

                let parts: struct (Dataset * Dataset) = Dataset.OfGraphs(all).Split(0.6, 1L)
                let struct (some, others) = parts
                Assert.equal (4L, 3L) (some.Count, others.Count))

            testCase "what a batch is made of makes no difference to what is predicted and tested" (fun () ->
                use _scope = torch.NewDisposeScope()
                use data = Dataset.OfGraphs(rings ())
                use application = Trainer.fit (ordered 3) data spec
                let predicted = application.Predict(data, 3L)
                Assert.equal [ 7L; 1L ] (shapeOf predicted)

                let alone =
                    [ for struct (graph, _) in rings () -> application.Predict(Inputs.graphs [ graph ]) |> numbers ]

                assertClose "one by one" (List.concat alone) (numbers predicted)

                let errors =
                    [ for struct (_, target) in rings () -> numbers target ]
                    |> List.concat
                    |> List.map2 (fun a b -> abs (a - b)) (numbers predicted)

                assertClose "loss" [ List.average errors ] [ application.Test(data, 4L)["loss"] ]
                assertClose "loss of one batch" [ List.average errors ] [ application.Test(data)["loss"] ])

            testCase "targets may be of nodes or edges, and a model that takes no batch is given none" (fun () ->
                use _scope = torch.NewDisposeScope()

                for model, rows in [ Models.graphToNodeMPM [ 8 ] 1, "x"; Models.graphToEdgeMPM [ 8 ] 1, "edge_attr" ] do
                    let own (graph: Inputs) = graph[rows].narrow(1L, 0L, 1L)
                    use data = Dataset.OfGraphs [ for struct (graph, _) in rings () -> struct (graph, own graph) ]
                    let regressor = Applications.regressor model |> steppedBy (Optimizers.sgd 0.05)
                    use start = Trainer.fit (ordered 0) data regressor
                    use application = Trainer.fit (ordered 2) data regressor
                    Expect.notEqual (weights start) (weights application) "trained"
                    let predicted = application.Predict(data, 2L)
                    Assert.equal [ 28L; 1L ] (shapeOf predicted)
                    let targets = torch.cat [| for struct (graph, _) in rings () -> own graph |]
                    // Rows count, however many of them a batch has.
                    let errors = List.map2 (fun a b -> abs (a - b)) (numbers predicted) (numbers targets)
                    assertClose "loss" [ List.average errors ] [ application.Test(data, 3L)["loss"] ])

            testCase "a model of graphs comes back from a file, and is built for shapes without data" (fun () ->
                use _scope = torch.NewDisposeScope()
                use data = Dataset.OfGraphs(rings ())
                use application = Trainer.fit (ordered 1) data spec
                let folder = System.IO.Directory.CreateTempSubdirectory("graphs-").FullName
                let path = System.IO.Path.Combine(folder, "model.safetensors")
                Application.save path application
                use back = Application.load "cpu" path
                Assert.equal (numbers (application.Predict data)) (numbers (back.Predict data))
                System.IO.Directory.Delete(folder, true)

                let shapes = [ "x", [ 9L; 2L ]; "edge_index", [ 2L; 30L ]; "edge_attr", [ 30L; 1L ]; "batch", [ 9L ] ]

                use empty = Application.buildWith { optionsFor [] with Named = shapes } spec
                Assert.equal [ 7L; 1L ] (shapeOf (empty.Predict data)))

            testCase "what is no graph is refused, by the name of the tensor" (fun () ->
                use _scope = torch.NewDisposeScope()
                let x, edges = fill [ 3L; 2L ] 0.1, wholes [ 2L; 1L ] [ 0L; 1L ]

                let cases =
                    [
                        [ "edge_index", edges ], "graph, 'x': expected a row for each node, found nothing."
                        [ "x", x ], "graph, 'edge_index': expected the ends of each edge, found nothing."
                        [ "x", x; "edge_index", edges.``to`` torch.float32 ],
                        "graph, 'edge_index': expected int64 numbers of nodes, found float32."
                        [ "x", x; "edge_index", wholes [ 2L; 1L ] [ 0L; 3L ] ],
                        "graph, 'edge_index': expected numbers of nodes from 0 to 2, found 3."
                        [ "x", x; "edge_index", wholes [ 2L; 1L ] [ -1L; 0L ] ],
                        "graph, 'edge_index': expected numbers of nodes from 0 to 2, found -1."
                        [ "x", x; "edge_index", wholes [ 1L; 2L ] [ 0L; 1L ] ],
                        "graph, 'edge_index': expected of shape (2, ?), the ends of each edge, found (1, 2)."
                        [ "x", x; "edge_index", edges; "edge_attr", fill [ 2L; 1L ] 0.1 ],
                        "graph, 'edge_attr': expected a row for each of 1 graphs, 3 nodes or 1 edges, found (2, 1)."
                    ]

                for tensors, expected in cases do
                    Assert.equal expected (error (fun () -> Inputs.graph tensors)))

            testCase "graphs that do not go together are refused" (fun () ->
                use _scope = torch.NewDisposeScope()
                let a = Inputs.graph (triangle [])
                let b = Inputs.graph [ "x", fill [ 3L; 4L ] 0.1; "edge_index", wholes [ 2L; 1L ] [ 0L; 1L ] ]
                let c = Inputs.graph (triangle [ "edge_attr", fill [ 4L; 1L ] 0.2 ])
                let named = Inputs.named (triangle [])
                let target = fill [ 1L; 1L ] 0.1
                let says expected work = Assert.containsText expected (error work)

                says "float32 (3, 2) but for the number of rows, as in the first graph" (fun () ->
                    Inputs.graphs [ a; b ])

                says "the inputs of the first graph (x, edge_index)" (fun () -> Inputs.graphs [ a; c ])
                says "graphs, as `graph` makes them" (fun () -> Inputs.graphs [ a; named ])
                says "at least one graph" (fun () -> Inputs.graphs [])
                says "graphs of their own" (fun () -> Inputs.graphs [ Inputs.graphs [ a; a ] ])
                says "`OfGraphs` takes graphs" (fun () -> Dataset.OfInputs(a, target))
                says "graphs, as `graph` of inputs makes them" (fun () -> Dataset.OfGraphs [ struct (named, target) ])

                let data = Dataset.OfGraphs [ struct (a, fill [ 2L; 1L ] 0.1) ]
                says "a row for each of 1 graphs, 3 nodes or 4 edges" (fun () -> data.Some)
                let mixed = Dataset.OfGraphs [ struct (a, target); struct (b, target) ]
                says "graph, 'x'" (fun () -> DataSource.at mixed.Source [| 0L; 1L |] EpochDraw.Fixed |> _.Count))

            testCase "a graph without what a model takes is an error that names it" (fun () ->
                use _scope = torch.NewDisposeScope()
                let graphs = [ struct (Inputs.graph (triangle []), fill [ 1L; 1L ] 0.1) ]
                use data = Dataset.OfGraphs graphs
                Assert.containsText "edge_attr" (error (fun () -> Trainer.fit (ordered 1) data spec))
                use good = Trainer.fit (ordered 1) (Dataset.OfGraphs(rings ())) spec
                Assert.containsText "edge_attr" (error (fun () -> good.Predict data)))
        ]
