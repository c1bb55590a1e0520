namespace Deeplay.Library

open Deeplay.Core
open Deeplay.FSharp

/// Models of graphs: an encoder of nodes and edges, message passing, and a head over nodes, edges or graphs.
module internal MessagePassingModels =
    let hiddenFeatures =
        Param.list (Param.int "hidden_features" |> Param.atLeast 1)
        |> Param.withCheck "one positive int or more, the last of at least 4" (fun widths ->
            not widths.IsEmpty && List.last widths >= 4)
        |> Param.withDocumentation
            "The number of features: the first of the encoder, all but the last of the hidden blocks, the last of what the head takes, which has layers of a half and of a quarter of it."

    let outFeatures = Key.positive "out_features" "The number of features of the output."
    let outActivation = BlockChain.outActivation

    /// What is special to a model: its pool, which of the named tensors go there, its backbone, and what an example of it takes beside
    /// nodes and edges.
    [<NoComparison; NoEquality>]
    type Kind =
        {
            Pool: Arguments -> ModuleSpec
            Selected: string list
            Backbone: (string * Value) list
            Beside: ExampleInput list
        }

    let private spec (definition: Definition) arguments = Spec.create definition (BlockChain.given arguments)
    let private inputs = [ "x"; "edge_attr" ]

    let private encoder (width: int) =
        let one =
            spec
                MultiLayerPerceptron.definition
                [
                    MultiLayerPerceptron.hiddenFeatures => []
                    MultiLayerPerceptron.outFeatures => width
                    MultiLayerPerceptron.flattenInput => false
                ]

        spec Parallel.definition [ Parallel.layers.Name, List [ Module one; Module one ] ]

    let private head (arguments: Arguments) (width: int) =
        spec
            MultiLayerPerceptron.definition
            [
                MultiLayerPerceptron.inFeatures.Name, Int(int64 width)
                MultiLayerPerceptron.hiddenFeatures => [ width / 2; width / 4 ]
                MultiLayerPerceptron.outFeatures.Name, arguments[outFeatures.Name]
                MultiLayerPerceptron.outActivation.Name, arguments[outActivation.Name]
                MultiLayerPerceptron.flattenInput => false
            ]

    let body (kind: Kind) (arguments: Arguments) : Init<Forward> =
        let widths = arguments.Get hiddenFeatures
        let last = List.last widths

        let backbone =
            [
                MessagePassingNeuralNetwork.hiddenFeatures => List.take (widths.Length - 1) widths
                MessagePassingNeuralNetwork.outFeatures => last
                MessagePassingNeuralNetwork.outActivation => Some(Spec.create ReLU.definition Map.empty)
            ]

        init {
            let! encoder = child "encoder" (encoder widths.Head)
            do! GraphMaps.into "encoder" inputs

            for place, input in List.indexed inputs do
                do! GraphMaps.from $"encoder.{string place}" [ input ]

            let! backbone = child "backbone" (spec MessagePassingNeuralNetwork.definition (backbone @ kind.Backbone))
            let! selector = child "selector" (spec FromDict.definition [ FromDict.keys => kind.Selected ])
            let! pool = child "pool" (kind.Pool arguments)
            let! head = child "head" (head arguments last)

            return
                Forward(fun builder ->
                    // As many as the pool takes, whichever it is in the end.
                    let count = (builder.InputsOf pool.Target).Length

                    Graph.trace [ "input" ] (fun inputs ->
                        let graph = inputs.Head |> call encoder |> call backbone
                        [ "", callMany count selector [ graph ] |> callOn pool |> call head ]))
        }

    let identity = Spec.create Identity.definition Map.empty
    let nodes = { Pool = (fun _ -> identity); Selected = [ "x" ]; Backbone = []; Beside = [] }

/// A model of graphs: its keys and its definition, a special case of another one perhaps. `own` are parameters that it has
/// besides, `more` is said of it in the end.
[<Group "Models">]
type internal GraphModel
    (id, own: Param list, kind, documentation, shapes, parent: Definition option, more: Definition -> Definition) =
    member _.hiddenFeatures = MessagePassingModels.hiddenFeatures
    member _.outFeatures = MessagePassingModels.outFeatures
    member _.outActivation = MessagePassingModels.outActivation

    member val definition: Definition =
        let parameters: Param list =
            [
                MessagePassingModels.hiddenFeatures
                MessagePassingModels.outFeatures
                yield! own
                MessagePassingModels.outActivation
            ]

        Definition.create id parameters (MessagePassingModels.body kind)
        |> Definition.withDocumentation documentation
        |> Definition.withShapes
            $"named tensors x (nodes, features), edge_index (2, edges), edge_attr (edges, edge features){shapes}"
        |> Definition.withSource $"Deeplay, {id}"
        |> Definition.withExample
            [ MessagePassingModels.hiddenFeatures => [ 16; 16 ]; MessagePassingModels.outFeatures => 2 ]
            (Samples.graph @ kind.Beside)
        |> Option.foldBack Definition.withBase parent
        |> more

/// One whose pool is a parameter.
type internal PooledGraphModel<'T>(id, pool: Param<'T>, kind, documentation, shapes, parent) =
    inherit GraphModel(id, [ pool ], kind, documentation, shapes, parent, Operators.id)
    member _.pool = pool

[<AutoOpen>]
module internal GraphModels =
    open MessagePassingModels

    let MPM =
        let pool = Key.optionalSpec "pool" "What becomes of the nodes before the head; the identity where null."

        PooledGraphModel(
            "MPM",
            pool,
            { nodes with Pool = fun arguments -> arguments.Get pool |> Option.defaultValue identity },
            "A model of graphs by message passing: an encoder of nodes and of edges, the message passing, and a perceptron.",
            " → (nodes, out_features)",
            None
        )

    let GraphToGlobalMPM =
        let pool =
            Param.spec "pool"
            |> Param.withDefault (Spec.create GlobalMeanPool.definition Map.empty)
            |> Param.withDocumentation "What becomes of the nodes of each graph; their mean by default."

        PooledGraphModel(
            "GraphToGlobalMPM",
            pool,
            { nodes with
                Pool = fun arguments -> arguments.Get pool
                Selected = [ "x"; "batch" ]
                Beside = [ Example.named "batch" (Example.whole 1 [ 4 ]) ]
            },
            "A model by message passing that says something of each graph of a batch.",
            ", batch (nodes) → (graphs, out_features)",
            Some MPM.definition
        )

    // A model that takes its pool from nobody.
    let private ofParts id kind documentation shapes more =
        GraphModel(id, [], kind, documentation, shapes, Some MPM.definition, more)

    let GraphToNodeMPM =
        ofParts
            "GraphToNodeMPM"
            nodes
            "A model by message passing that says something of each node."
            " → (nodes, out_features)"
            Operators.id

    let GraphToEdgeMPM =
        ofParts
            "GraphToEdgeMPM"
            { nodes with Selected = [ "edge_attr" ] }
            "A model by message passing that says something of each edge."
            " → (edges, out_features)"
            Operators.id

    let GraphToEdgeMAGIK =
        let weighting = Some(Spec.create LearnableDistanceWeighting.definition Map.empty)

        let backbone =
            [
                MessagePassingNeuralNetwork.propagate => Spec.create WeightedSum.definition Map.empty
                MessagePassingNeuralNetwork.embedder => weighting
            ]

        ofParts
            "GraphToEdgeMAGIK"
            { nodes with
                Selected = [ "edge_attr" ]
                Backbone = backbone
                Beside = [ Example.named "distance" (Example.tensor [ 6; 1 ]) ]
            }
            "A model by message passing that says something of each edge, such as whether it links two places of one object: what nodes get is weighted by distance."
            ", distance (edges, 1) → (edges, out_features)"
            (Definition.withSource
                "Pineda et al., 2023, Geometric deep learning reveals the spatiotemporal features of microscopic motion")
