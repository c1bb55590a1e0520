/// Graph networks against PyTorch: what they give, and all gradients, with the same weights (reference/graphs.py).
module Deeplay.Tests.GraphNumbers

open System.Text.Json
open Expecto
open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Library
open Deeplay.Torch
open Deeplay.Tests
open Deeplay.Tests.LoweringHelp
open Deeplay.Tests.ReferenceNumbers
open TorchSharp

let private mpnn = Components.messagePassingNeuralNetwork [ 5 ] 3
let private by (propagate: ModuleSpec) = mpnn |> Module.configure "propagate" propagate

let private magik =
    Models.graphToEdgeMAGIK [ 8; 8 ] 1
    |> Module.select "backbone/blocks/0" (Module.configure LearnableDistanceWeighting.initSigma 0.3)
    |> Module.select "backbone/blocks/0" (Module.configure LearnableDistanceWeighting.initBeta 1.5)

let private gcn = Components.graphConvolutionalNeuralNetwork 3 [ 5 ] 3

/// Each with the names of what it takes.
let specs: Map<string, ModuleSpec * string list> =
    let graph = [ "x"; "edge_index"; "edge_attr" ]

    Map.ofList
        [
            "mpnn_sum", (mpnn, graph)
            "mpnn_mean", (by (Components.mean), graph)
            "mpnn_prod", (by (Components.prod), graph)
            "mpnn_min", (by (Components.min), graph)
            "mpnn_max", (by (Components.max), graph)
            "mpnn_residual", (Components.residualMessagePassingNeuralNetwork [ 4 ] 4, graph)
            "mpm", (Models.mpm [ 8; 8 ] 1, graph)
            "graph_to_node", (Models.graphToNodeMPM [ 8; 8 ] 1, graph)
            "graph_to_global", (Models.graphToGlobalMPM [ 8; 8 ] 1, graph @ [ "batch" ])
            "graph_to_edge", (Models.graphToEdgeMPM [ 8; 8 ] 1, graph)
            "graph_to_edge_magik", (magik, graph @ [ "distance" ])
            "gcn", (gcn, [ "x"; "edge_index" ])
            "gcn_dense", (gcn |> Module.configure "dense" true, [ "x"; "edge_index" ])
        ]

let private doubled =
    Definition.create "Doubled" [] (fun _ -> init { return forward (fun x -> x * 2.0) })
    |> Module.create []

let private models = Recorded.read "reference" "graphs" |> Recorded.items

/// The graph of the reference.
let private graph name (nodes: int64) (edges: int64) : NamedTensors =
    let features, edgeFeatures = if name = "mpnn_residual" then 4L, 4L else 3L, 2L
    let real shape start scale = ((wave shape start) * (scale: float).ToScalar()).``to``(torch.float32).requires_grad_()
    let ends = [| for k in 0L .. edges - 1L -> struct (3L * k % nodes, (5L * k + 1L) % max (nodes - 1L) 1L) |]
    let row pick = torch.tensor (Array.map pick ends: int64[])

    let index = torch.stack [| row (fun (struct (a, _)) -> a); row (fun (struct (_, b)) -> b) |]

    let adjacency () =
        let all = torch.zeros ([| nodes; nodes |], torch.float32)

        for struct (a, b) in ends do
            all[a, b] <- torch.tensor 1f

        all

    let tensors =
        Map.ofList
            [
                "x", real [ nodes; features ] 1.0 1.0
                "edge_index", (if name = "gcn_dense" then adjacency () else index)
                "edge_attr", real [ edges; edgeFeatures ] 2.0 1.0
                "distance", real [ edges; 1L ] 3.0 0.1
                "batch", torch.tensor ([| for node in 0L .. nodes - 1L -> node / 3L |]: int64[])
            ]

    let given = NamedTensors()

    for key in snd specs[name] do
        given[key] <- tensors[key]

    given

let private shapes (given: NamedTensors) = [ for KeyValue(key, tensor) in given -> key, shapeOf tensor ]

let private outputs (built: torch.nn.Module) (given: NamedTensors) (keys: string list) : Tensor list =
    match built with
    | :? torch.nn.Module<NamedTensors, torch.Tensor> as one -> [ one.call given ]
    | :? torch.nn.Module<NamedTensors, NamedTensors> as several ->
        let found = several.call given
        [ for key in keys -> found[key] ]
    | other -> failwith (other.GetName())

let private size (row: JsonElement) =
    match Recorded.sizes row[0] with
    | [ nodes; edges ] -> nodes, edges
    | other -> failwith $"{other}"

let private outputShapes (row: JsonElement) =
    [ for output in row[1].EnumerateObject() -> output.Name, Recorded.sizes output.Value ]

let private check name =
    use _scope = torch.NewDisposeScope()
    let model = named models name
    let rows = model.GetProperty "sizes" |> Recorded.items
    let given = graph name <|| size rows.Head
    use built = fst specs[name] |> Build.run { optionsFor [] with Named = shapes given }
    let parameters = parametersOf built
    // Sigma and beta start from what they are told.
    write id (parameters |> List.filter (fun (_, p) -> not (shapeOf p).IsEmpty))
    let keys = outputShapes rows.Head |> List.map fst
    let output = torch.cat [| for y in outputs built given keys -> y.flatten () |]
    backward output
    isDigest "output" (model.GetProperty "output") (digest output)

    for input in model.GetProperty("input_gradients").EnumerateObject() do
        isDigest input.Name input.Value (digest given[input.Name].grad)

    areGradients 0.0 (model.GetProperty "gradients") id parameters

    // At other sizes the shapes are PyTorch's, before and after.
    for row in rows do
        let given = graph name <|| size row
        let expected = outputShapes row
        Assert.equal (List.map snd expected) [ for y in outputs built given keys -> shapeOf y ]

        let carried =
            Infer.carry
                [ Carried.Tensors(Shapes.ofNamed (fst specs[name]) (shapes given)) ]
                (Module.construct (fst specs[name]))

        match (Fail.unwrap carried).Outputs, expected with
        // How many graphs there are stands in no shape.
        | [ Carried.Tensor shape ], [ _, rows ] when name = "graph_to_global" ->
            Assert.equal (Ranked [ Unknown; Known rows[1] ]) shape
        | [ Carried.Tensor shape ], [ "", sizes ] -> Assert.equal (Shape.known sizes) shape
        | [ Carried.Tensors found ], _ ->
            for key, sizes in expected do
                Assert.equal (Shape.known sizes) found[key]
        | other -> failtest $"%A{other}"

[<Tests>]
let tests =
    let names = specs |> Map.toList |> List.map fst

    torchTests
        "GraphNumbers"
        [
            testCase "every recorded network is compared" (fun () ->
                Assert.equal names (List.sort [ for model in models -> model.GetProperty("name").GetString() ]))

            testTheory "outputs, gradients and shapes are PyTorch's" names check

            testCase "a wrong input is an error that says where, before anything is allocated" (fun () ->
                let error =
                    Recorded.problem (fun () ->
                        Models.mpm [ 8; 8 ] 1
                        |> Module.inferNamed [ "x", [ 7; 3 ]; "edge_index", [ 11; 2; 1 ]; "edge_attr", [ 11; 2 ] ])

                Assert.startsWith "backbone.blocks.0.transform (Transform)" error)

            testCase "a graph convolution over the adjacency as it is sums over the nodes that edges lead to" (fun () ->
                use _scope = torch.NewDisposeScope()

                use built =
                    Module.create [] Propagate.definition
                    |> Module.configure Propagate.weighted false
                    |> build [ [ 3; 1 ]; [ 2; 3 ] ]

                let x = tensorOf [ 3L; 1L ] [ 1.0; 10.0; 100.0 ]
                let edges = torch.tensor([| 0L; 0L; 2L; 1L; 2L; 2L |]: int64[]).reshape(2L, 3L)
                assertClose "sum" [ 110.0; 0.0; 100.0 ] (callAll built [ x; edges ] |> List.exactlyOne |> numbers))

            testCase "global pools give a row for each graph, zeros where a graph has no nodes" (fun () ->
                use _scope = torch.NewDisposeScope()
                let x = tensorOf [ 3L; 2L ] [ 1.0; 2.0; 3.0; -4.0; 5.0; 6.0 ]
                let batch = torch.tensor ([| 0L; 0L; 2L |]: int64[])

                for pool, expected in
                    [
                        Components.globalMeanPool, [ 2.0; -1.0; 0.0; 0.0; 5.0; 6.0 ]
                        Components.globalAddPool, [ 4.0; -2.0; 0.0; 0.0; 5.0; 6.0 ]
                        Components.globalMaxPool, [ 3.0; 2.0; 0.0; 0.0; 5.0; 6.0 ]
                    ] do
                    use built = build [ [ 3; 2 ]; [ 3 ] ] pool
                    assertClose (string pool) expected (callAll built [ x; batch ] |> List.exactlyOne |> numbers))

            testCase
                "parts by themselves: a way past a layer, several tensors combined, tensors by their names"
                (fun () ->
                    use _scope = torch.NewDisposeScope()
                    let x, y = tensorOf [ 1L; 2L ] [ 1.0; -2.0 ], tensorOf [ 1L; 1L ] [ -3.0 ]

                    use skip = build [ [ 1; 2 ] ] (Components.layerSkip doubled)
                    assertClose "skip" [ 3.0; -6.0 ] (callAll skip [ x ] |> List.exactlyOne |> numbers)

                    let double = Components.combineLayerActivation doubled Layers.relu
                    use combined = build [ [ 1; 2 ]; [ 1; 1 ] ] double
                    assertClose "combined" [ 2.0; 0.0; 0.0 ] (callAll combined [ x; y ] |> List.exactlyOne |> numbers)

                    Assert.equal
                        (Map.ofList [ "", [ 5L ] ])
                        (Module.inferNamed [ "a", [ 5 ]; "b", [ 3; 2 ] ] (Components.fromDict [ "a" ]))

                    Assert.containsText
                        "a tensor named 'c'"
                        (Recorded.problem (fun () -> Module.inferNamed [ "a", [ 5 ] ] (Components.fromDict [ "c" ])))

                    Assert.containsText
                        "one of sum, prod, mean, amax, amin"
                        (Recorded.problem (fun () ->
                            Definition.create "Wrong" [] (fun _ ->
                                init { return forward (fun x -> Op.scatterReduce 0 "max" false x x x) })
                            |> Module.create []
                            |> Module.inferShape [ 3 ])))
        ]
