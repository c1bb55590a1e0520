/// Models of graphs, and of named tensors.
module internal Deeplay.Properties.RandomGraphs

open FsCheck
open FsCheck.FSharp
open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Library
open Deeplay.Properties.RandomInputs
open Deeplay.Properties.RandomArguments

let private is (number: int) : Gen<Value> = Gen.constant (Int(int64 number))
let private few = Gen.choose (1, 3)
let private off: Gen<int> = Gen.frequency [ 20, Gen.constant 0; 1, Gen.constant 1 ]

/// The sizes of a graph.
type private Graph = { Nodes: int; Edges: int; Features: int; EdgeFeatures: int }

let private graph: Gen<Graph> =
    gen {
        let! nodes = Gen.choose (1, 5)
        let! edges = Gen.choose (1, 6)
        let! features = few
        let! edgeFeatures = few
        return { Nodes = nodes; Edges = edges; Features = features; EdgeFeatures = edgeFeatures }
    }

/// The tensors of a graph.
let private x graph = Input.real [ graph.Nodes; graph.Features ] |> Input.named "x"
let private edgeIndex graph = Input.whole graph.Nodes [ 2; graph.Edges ] |> Input.named "edge_index"
let private edgeAttr graph = Input.real [ graph.Edges; graph.EdgeFeatures ] |> Input.named "edge_attr"
let private distance graph = Input.real [ graph.Edges; 1 ] |> Input.named "distance"
let private batch graph = Input.whole 2 [ graph.Nodes ] |> Input.named "batch"

let private placeOf (graph: Graph) = { Dims = [ [ graph.Nodes; graph.Features ] ]; Spatial = 0; Unit = 1; Names = [] }

let private make (definition: Definition) graph given : Gen<ModuleSpec> = spec (placeOf graph) given definition

let private plain (definition: Definition) (inputs: Graph -> Input list) : Gen<Model> =
    gen {
        let! graph = graph
        let! made = make definition graph []
        return Model.of' (inputs graph) made
    }

/// A model of named tensors. Now and then one of them is missing.
let private named (inputs: Input list) spec : Gen<Model> =
    gen {
        let! isWhole = Draw.chance 95
        let inputs = if isWhole then inputs else inputs.Tail
        return { Spec = spec; Inputs = inputs; IsNamed = true }
    }

let private network (definition: Definition) : Gen<Model> =
    gen {
        let! graph = graph
        let! isWeighted = Draw.chance 40
        let! isResidual = Draw.chance 80
        let isResidual = isResidual && definition.Id.StartsWith "Residual"
        let width = if isResidual then graph.Features else 2

        let weighted =
            if isWeighted then
                [
                    "propagate", Gen.constant (Value.Module(Module.create [] WeightedSum.definition))
                    "embedder", Gen.constant (Value.Module(Module.create [] LearnableDistanceWeighting.definition))
                ]
            else
                []

        let same = if isResidual then [ "out_features", is width; "hidden_features", Gen.constant (List []) ] else []
        let graph = if isResidual then { graph with EdgeFeatures = graph.Features } else graph
        let! made = make definition graph (weighted @ same)
        return! named [ x graph; edgeIndex graph; edgeAttr graph; if isWeighted then distance graph ] made
    }

let private model (definition: Definition) : Gen<Model> =
    gen {
        let! graph = graph
        let! before = Draw.list 0 2 few
        let! last = Gen.choose (3, 6)
        let widths = List [ for width in before @ [ max 4 last ] -> Int(int64 width) ]
        let isGlobal = definition.Id = GraphToGlobalMPM.definition.Id

        let pools =
            if isGlobal then
                [ GlobalMeanPool.definition; GlobalAddPool.definition; GlobalMaxPool.definition ]
            else
                [ Identity.definition ]

        let! pool = Gen.elements pools

        let given =
            [
                "hidden_features", Gen.constant widths
                "pool", Gen.constant (Value.Module(Module.create [] pool))
            ]

        let! made = make definition graph given
        let inputs = [ x graph; edgeIndex graph; edgeAttr graph; distance graph ]
        return! named (inputs @ (if isGlobal then [ batch graph ] else [])) made
    }

/// The ends of each edge, or a square matrix.
let private edges isDense graph =
    if isDense then
        Input.real [ graph.Nodes; graph.Nodes ] |> Input.named "edge_index"
    else
        edgeIndex graph

let private convolution: Gen<Model> =
    gen {
        let! graph = graph
        let! isDense = Draw.chance 40
        let! made = make GraphConvolutionalNeuralNetwork.definition graph [ "dense", Gen.constant (Bool isDense) ]
        return! named [ x graph; edges isDense graph ] made
    }

let private propagate: Gen<Model> =
    gen {
        let! graph = graph
        let! isDense = Draw.chance 40
        let! isWeighted = Draw.chance 50
        let given = [ "dense", Gen.constant (Bool isDense); "weighted", Gen.constant (Bool isWeighted) ]
        let! made = make Propagate.definition graph given
        let weights = if isWeighted && not isDense then [ Input.real [ graph.Edges ] ] else []
        return Model.of' ([ x graph; edges isDense graph ] @ weights) made
    }

/// Several tensors as one, and a layer over it.
let private combining (definition: Definition) (inputs: Graph -> Input list) : Gen<Model> =
    gen {
        let! graph = graph
        let! outputs = few
        let! isAdded = Draw.chance 30
        let count = if definition.Id = Transform.definition.Id then 3 else (inputs graph).Length
        let combine = if isAdded then Add.definition else Cat.definition

        let given =
            [
                "layer", Gen.constant (Value.Module(Layers.lazyLinear outputs))
                "combine", Gen.constant (Value.Module(Module.create [ "inputs" => count ] combine))
            ]

        let! made = make definition graph given
        return Model.of' (inputs graph) made
    }

let private aggregate graph = Input.real [ graph.Nodes; graph.EdgeFeatures ]

/// Some of named tensors.
let private chosen: Gen<Model> =
    gen {
        let! graph = graph
        let! keys = Gen.subListOf [ "x"; "edge_index"; "edge_attr" ]
        let! stray = Draw.chance 10
        let keys = if keys.IsEmpty || stray then "y" :: keys else keys
        let made = Module.create [ "keys" => (keys: string list) ] FromDict.definition
        return! named [ x graph; edgeIndex graph; edgeAttr graph ] made
    }

/// A way past layers over named tensors, whose widths are now and then others.
let private skipping: Gen<Model> =
    gen {
        let! graph = graph
        let! off = Gen.frequency [ 12, Gen.constant 0; 1, Gen.constant 2 ]
        let! keys = Gen.elements [ [ "x" ]; [ "x"; "edge_attr" ] ]
        let over key width = Layers.lazyLinear (width + off) |> Module.inputsFrom [ key ]

        let layer =
            Layers.inParallel [ over "x" graph.Features; over "edge_attr" graph.EdgeFeatures ]
            |> Module.outputsTo [ "x"; "edge_attr" ]

        let made = Components.layerSkip layer |> Module.configure LayerSkip.skip (Components.addDict keys)
        return! named [ x graph; edgeAttr graph ] made
    }

/// Layers that all run on one input, whose outputs may have names.
let private parallel': Gen<Model> =
    gen {
        let! dims = RandomLayers.sequence
        let! outputs = Draw.list 1 3 few
        let! isNamed = Draw.chance 50
        let layers = [ for output in outputs -> Layers.lazyLinear output ]
        let keys = if isNamed then [ "keys" => [ for i in 1 .. layers.Length -> $"output{i}" ] ] else []
        let made = Module.create ([ "layers" => (layers: ModuleSpec list) ] @ keys) Parallel.definition
        return Model.of' [ Input.real dims ] made
    }

let private threeOf graph = [ x graph; edgeIndex graph; edgeAttr graph ]

/// Models by the kinds of module that they are of.
let models: Map<string, Gen<Model>> =
    Map.ofList
        [
            for definition in [ Sum.definition; Mean.definition; Prod.definition; Min.definition; Max.definition ] do
                definition.Id, plain definition threeOf
            WeightedSum.definition.Id,
            plain WeightedSum.definition (fun graph -> threeOf graph @ [ Input.real [ graph.Edges; 1 ] ])
            for definition in [ GlobalMeanPool.definition; GlobalAddPool.definition; GlobalMaxPool.definition ] do
                definition.Id, plain definition (fun graph -> [ x graph; batch graph ])
            SparseLaplacianNormalization.definition.Id,
            plain SparseLaplacianNormalization.definition (fun graph -> [ x graph; edgeIndex graph ])
            DenseLaplacianNormalization.definition.Id,
            plain DenseLaplacianNormalization.definition (fun graph -> [ x graph; edges true graph ])
            Transform.definition.Id, combining Transform.definition threeOf
            Update.definition.Id, combining Update.definition (fun graph -> [ x graph; aggregate graph ])
            CombineLayerActivation.definition.Id,
            combining CombineLayerActivation.definition (fun graph -> [ x graph; aggregate graph; aggregate graph ])
            MessagePassingNeuralNetwork.definition.Id, network MessagePassingNeuralNetwork.definition
            ResidualMessagePassingNeuralNetwork.definition.Id, network ResidualMessagePassingNeuralNetwork.definition
            TransformPropagateUpdate.definition.Id, network MessagePassingNeuralNetwork.definition
            GraphConvolutionalNeuralNetwork.definition.Id, convolution
            Propagate.definition.Id, propagate
            for definition in
                [
                    MPM.definition
                    GraphToGlobalMPM.definition
                    GraphToNodeMPM.definition
                    GraphToEdgeMPM.definition
                    GraphToEdgeMAGIK.definition
                ] do
                definition.Id, model definition
            FromDict.definition.Id, chosen
            AddDict.definition.Id, skipping
            Parallel.definition.Id, parallel'
        ]
