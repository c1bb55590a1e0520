namespace Deeplay.Library

open Deeplay.Core
open Deeplay.FSharp

/// The edges of a graph with a loop for each node, and the weight of each in the graph's normalized Laplacian.
module internal SparseLaplacianNormalization =
    // An edge that is there several times counts once. Sorted by both ends the same edges are neighbours, of which all but the first
    // weigh nothing: so the sizes follow from those of the input.
    let private normalize (x: Sym) (edgeIndex: Sym) : Sym list =
        let nodes = Op.size 0 x
        let loops = Op.arange (Op.int 0) nodes (Op.int 1) x
        let ends place = Op.cat 0 [ Op.select 0 place edgeIndex; loops ]
        let rows, columns = ends 0, ends 1
        let first = Op.indexSelect 0 (Op.arange (Op.int 0) (nodes * nodes) nodes x) rows
        let sorted, places = Op.sort 0 false (first + columns)
        let row, column = Op.indexSelect 0 rows places, Op.indexSelect 0 columns places
        let count = Op.size 0 sorted
        let isSame = Op.eq (Op.narrow 0 1 (count - 1) sorted) (Op.narrow 0 0 (count - 1) sorted)
        let one = Op.newOnes [ 1 ] x
        let once = Op.cat 0 [ one; Op.maskedFill (Op.newOnes [ count - 1 ] x) isSame 0.0 ]
        let degree = Op.indexAdd 0 (Op.newZeros [ nodes ] x) row once
        let scale = Op.rsqrt degree
        let weight = once * Op.indexSelect 0 scale row * Op.indexSelect 0 scale column
        [ Op.stack 0 [ row; column ]; weight ]

    let definition =
        Definition.create "SparseLaplacianNormalization" [] (fun _ ->
            init { return forwardMany [ "x"; "edge_index" ] (fun inputs -> normalize inputs[0] inputs[1]) })
        |> Definition.withDocumentation
            "The edges of a graph with a loop for each node, and D^-1/2 (A + I) D^-1/2 at each: edges that are there several times count once."
        |> Definition.withShapes
            "x (nodes, …), edge_index (2, edges) → edge_index (2, edges + nodes), edge_weight (edges + nodes)"
        |> Definition.withSource
            "Kipf and Welling, 2017, Semi-Supervised Classification with Graph Convolutional Networks"
        |> Definition.withSource "Deeplay, sparse_laplacian_normalization"
        |> Definition.withExample [] [ Example.tensor [ 4; 3 ]; Example.whole 4 [ 2; 6 ] ]

/// The same of a square adjacency matrix.
module internal DenseLaplacianNormalization =
    let private normalize (x: Sym) (adjacency: Sym) : Sym =
        let nodes = Op.size 0 x
        let linked = Op.eye nodes nodes x + adjacency
        let scale = Op.sumKeep [ 1 ] linked |> Op.rsqrt
        let scale = Op.maskedFill scale (Op.isinf scale) 0.0
        scale * linked * Op.transpose 0 1 scale

    let definition =
        Definition.create "DenseLaplacianNormalization" [] (fun _ ->
            init { return forwardOf [ "x"; "edge_index" ] (fun inputs -> normalize inputs[0] inputs[1]) })
        |> Definition.withDocumentation "D^-1/2 (A + I) D^-1/2 of the adjacency matrix A of a graph."
        |> Definition.withShapes "x (nodes, …), edge_index (nodes, nodes) → (nodes, nodes)"
        |> Definition.withSource
            "Kipf and Welling, 2017, Semi-Supervised Classification with Graph Convolutional Networks"
        |> Definition.withSource "Deeplay, dense_laplacian_normalization"
        |> Definition.withExample [] [ Example.tensor [ 4; 3 ]; Example.tensor [ 4; 4 ] ]

/// What each node gets of those that its edges lead to.
module internal Propagate =
    let weighted =
        Key.flag "weighted" true "Whether each edge has a weight: then there is a third input, edge_weight."

    let dense = Key.flag "dense" false "Whether edge_index is a square adjacency matrix; it has its own weights then."

    let private inputs (arguments: Arguments) =
        [ "x"; "edge_index"; if arguments.Get weighted && not (arguments.Get dense) then "edge_weight" ]

    let private propagate (arguments: Arguments) (given: Sym list) : Sym =
        let x, edges = given[0], given[1]

        if arguments.Get dense then
            // It may be of whole numbers.
            Op.matmul (Op.newZeros [ 1; 1 ] x + edges) x
        else
            let reached = Op.indexSelect 0 x (Op.select 0 1 edges)

            let carried =
                match given with
                | [ _; _; weight ] -> reached * Op.unsqueeze 1 weight
                | _ -> reached

            Op.indexAdd 0 (Op.zerosLike x) (Op.select 0 0 edges) carried

    let definition =
        Definition.create "Propagate" [ weighted; dense ] (fun arguments ->
            init { return forwardOf (inputs arguments) (propagate arguments) })
        |> Definition.withDocumentation
            "The adjacency matrix of a graph times what its nodes are: for each node the sum over the nodes that edges lead to from it."
        |> Definition.withShapes
            "x (nodes, features), edge_index (2, edges), edge_weight (edges) → (nodes, features); with dense edge_index (nodes, nodes)"
        |> Definition.withSource "Deeplay, GraphConvolutionalNeuralNetwork"
        |> Definition.withExample [] [ Example.tensor [ 4; 3 ]; Example.whole 4 [ 2; 6 ]; Example.tensor [ 6 ] ]

module internal GraphConvolutionalNeuralNetwork =
    let inFeatures = LinearBlock.inFeatures
    let hiddenFeatures = MessagePassing.hiddenFeatures
    let outFeatures = Key.positive "out_features" "The number of features of the nodes in the end."
    let outActivation = BlockChain.outActivation

    let normalize =
        Key.flag
            "normalize"
            true
            "Whether the adjacency matrix is normalized, with a loop for each node; else it is as given."

    let dense =
        Key.flag "dense" false "Whether edge_index is a square adjacency matrix rather than the ends of each edge."

    let private spec (definition: Definition) arguments = Spec.create definition (Map.ofList arguments)

    let private body (arguments: Arguments) : Init<Forward> =
        let isDense, isNormalized = arguments.Get dense, arguments.Get normalize

        let propagate =
            spec Propagate.definition [ Propagate.weighted => isNormalized; if isDense then Propagate.dense => true ]

        let block (place: BlockChain.Place) =
            let linear =
                [ Linear.inFeatures.Name, place.Input; Linear.outFeatures.Name, place.Output ]
                |> BlockChain.given
                |> Spec.create Linear.definition

            spec
                TransformPropagateUpdate.definition
                [
                    TransformPropagateUpdate.transform => linear
                    TransformPropagateUpdate.propagate => propagate
                    TransformPropagateUpdate.update => place.Activation
                ]

        let list =
            BlockChain.list
                block
                arguments[inFeatures.Name]
                arguments[hiddenFeatures.Name]
                arguments[outFeatures.Name]
                (arguments.Get outActivation)

        let weight = if isNormalized && not isDense then [ "edge_weight" ] else []

        let normalization =
            if isDense then DenseLaplacianNormalization.definition else SparseLaplacianNormalization.definition

        init {
            let! normalize =
                init {
                    if isNormalized then
                        let! normalize = child "normalize" (Spec.create normalization Map.empty)
                        do! GraphMaps.maps "normalize" [ "x"; "edge_index" ] ("edge_index" :: weight)
                        return call normalize
                    else
                        return id
                }

            let! blocks = child "blocks" list

            for i in 0 .. (arguments.Get hiddenFeatures).Length do
                do! GraphMaps.maps $"blocks.{string i}.transform" [ "x" ] [ "x" ]
                do! GraphMaps.maps $"blocks.{string i}.propagate" ([ "x"; "edge_index" ] @ weight) [ "x" ]
                do! GraphMaps.maps $"blocks.{string i}.update" [ "x" ] [ "x" ]

            return forward (normalize >> chain blocks)
        }

    let definition =
        Definition.create
            "GraphConvolutionalNeuralNetwork"
            [ inFeatures; hiddenFeatures; outFeatures; outActivation; normalize; dense ]
            body
        |> Definition.withDocumentation
            "Graph convolutions: in each block a linear layer on every node, the normalized adjacency matrix, and an activation."
        |> Definition.withShapes
            "named tensors x (nodes, in_features), edge_index (2, edges) → the same, x (nodes, out_features)"
        |> Definition.withSource
            "Kipf and Welling, 2017, Semi-Supervised Classification with Graph Convolutional Networks"
        |> Definition.withSource "Deeplay, GraphConvolutionalNeuralNetwork"
        |> Definition.withExample
            [ inFeatures => 3; hiddenFeatures => [ 8 ]; outFeatures => 4 ]
            (List.take 2 Samples.graph)
