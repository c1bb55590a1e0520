/// Each component of the library at three sizes, odd ones where it takes them, and an input that it can't take, with what is said of it.
module Deeplay.Tests.ExampleComponents

open System
open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Library
open Expecto
open Deeplay.Tests.ExampleModels

/// A tensor: its shape, and below what its whole numbers are; floating-point numbers where there is no bound.
type Input = { Shape: int64 list; Below: int64 option }

/// What a call takes.
type Inputs =
    | Plain of Input list
    | Named of (string * Input) list

let x (shape: int64 list) = { Shape = shape; Below = None }
let whole below shape = { Shape = shape; Below = Some below }
let example arguments sizes wrong problem = Some(arguments, sizes, wrong, problem)

// Of plain tensors without whole numbers, each size as the shapes of all of them.
let plain arguments (sizes: int64 list list list) (wrong: int64 list list) problem =
    let given shapes = Plain(shapes |> List.map x)
    example arguments (sizes |> List.map given) (given wrong) problem

// Of one such tensor.
let one arguments sizes wrong problem = plain arguments (sizes |> List.map List.singleton) [ wrong ] problem

let private allOf (more: (int64 -> int64 -> (string * Input) list)) keys (nodes, edges) =
    [ "x", x [ nodes; 3L ]; "edge_index", whole nodes [ 2L; edges ]; "edge_attr", x [ edges; 2L ] ]
    @ more nodes edges
    |> List.filter (fun (key, _) -> List.contains key keys)

let private more nodes edges =
    [
        "distance", x [ edges; 1L ]
        "batch", whole 2L [ nodes ]
        "adjacency", x [ nodes; nodes ]
        "weight", x [ edges ]
    ]

let graphOf keys = allOf more keys
let graphSizes = [ 4L, 5L; 7L, 1L; 3L, 12L ]
let private edges = [ "x"; "edge_index"; "edge_attr" ]

let private changed key input (given: (string * Input) list) =
    given |> List.map (fun (name, was) -> name, (if name = key then input else was))

// Named tensors of a graph, one of them another in what is wrong.
let onGraph arguments keys key wrong problem =
    let given = graphSizes |> List.map (graphOf keys)
    example arguments (given |> List.map Named) (Named(changed key wrong given.Head)) problem

// The same as plain tensors.
let private ofGraph arguments keys key wrong problem =
    let given = graphSizes |> List.map (graphOf keys)
    let values pairs = Plain(List.map snd pairs)
    example arguments (given |> List.map values) (values (changed key wrong given.Head)) problem

// The number of dimensions that the name of a component ends with; images where it says none.
let private dimensions (id: string) = if id.EndsWith 'd' then int64 (id[id.Length - 2] - '0') else 2L

// The three sizes that go with a number of dimensions, behind batch and channels.
let private spatial (id: string) channels (sizes: int64 list list) =
    let n = int (dimensions id)

    sizes
    |> List.map2
        (fun batch (size: int64 list) -> [ batch :: channels :: (List.init n (fun i -> size[i % size.Length])) ])
        [ 2L; 1L; 3L ]

let private shapeText (shape: int64 list) = string (Shape.known shape)

let private onImages id arguments (channels: int64) sizes tag =
    let given = spatial id channels sizes
    let wrong = given.Head.Head |> List.updateAt 1 (channels + 1L)

    plain arguments given [ wrong ] $"{tag} expects in dimension 1 the size {channels}, but gets {shapeText wrong}."

let private layers = [ "layer" => Layers.linear 5 3; "activation" => Layers.relu ]

/// The components, by their ids.
let component' (id: string) =
    match id with
    | "MultiLayerPerceptron" ->
        one
            [ "in_features" => 6; "hidden_features", ints [ 5 ]; "out_features" => 3 ]
            [ [ 2; 6 ]; [ 1; 6 ]; [ 3; 2; 3 ] ]
            [ 2; 7 ]
            "blocks.0.layer (Linear) expects last dimension 6, but gets (2, 7)."
    | "RecurrentNeuralNetwork" ->
        one
            [ "in_features" => 4; "hidden_features", ints [ 5 ]; "out_features" => 3 ]
            [ [ 5; 2; 4 ]; [ 1; 1; 4 ]; [ 7; 3; 4 ] ]
            [ 5; 2; 3 ]
            "blocks.0.layer (LSTM) expects last dimension 4, but gets (5, 2, 3)."
    | _ when id.StartsWith "ConvolutionalNeuralNetwork" ->
        onImages
            id
            [ "in_channels" => 2; "hidden_channels", ints [ 3 ]; "out_channels" => 4 ]
            2L
            [ [ 8 ]; [ 7; 5 ]; [ 3; 4 ] ]
            $"blocks.0.layer (Conv{dimensions id}d)"
    | _ when id.StartsWith "ConvolutionalEncoderDecoder" ->
        onImages
            id
            [ "in_channels" => 2; "encoder_channels", ints [ 3; 4 ]; "out_channels" => 1 ]
            2L
            [ [ 8 ]; [ 9; 11 ]; [ 12; 13 ] ]
            $"encoder.blocks.0.layer (Conv{dimensions id}d)"
    | _ when id.StartsWith "ConvolutionalEncoder" ->
        onImages
            id
            [ "in_channels" => 2; "hidden_channels", ints [ 3; 4 ]; "out_channels" => 5 ]
            2L
            [ [ 8 ]; [ 7; 5 ]; [ 9; 6 ] ]
            $"blocks.0.layer (Conv{dimensions id}d)"
    | _ when id.StartsWith "ConvolutionalDecoder" ->
        onImages
            id
            [ "in_channels" => 2; "hidden_channels", ints [ 4; 3 ]; "out_channels" => 1 ]
            2L
            [ [ 4 ]; [ 3; 5 ]; [ 1; 2 ] ]
            $"blocks.0.layer (Conv{dimensions id}d)"
    | _ when id.StartsWith "UNet" && id.EndsWith 'd' ->
        // Every pool must halve it exactly: a size that it can't take is the odd one.
        let given = spatial id 1L [ [ 8 ]; [ 16; 8 ]; [ 24; 8 ] ]
        let wrong = given.Head.Head |> List.updateAt 2 14L

        let level size =
            wrong
            |> List.mapi (fun i _ ->
                if i = 0 then 2L
                elif i = 2 then size
                else 4L)
            |> shapeText

        plain
            [ "in_channels" => 1; "encoder_channels", ints [ 3; 4 ]; "out_channels" => 2 ]
            given
            [ wrong ]
            ($"skip (Cat) expects inputs that differ in dimension 1 alone, but gets [{level 7L}; {level 6L}], "
             + "from encoder.blocks.1 and decoder.preprocess.")
    | _ when id.StartsWith "SqueezeExcitation" ->
        let given = spatial id 8L [ [ 6 ]; [ 7; 5 ]; [ 1; 3 ] ]
        let wrong = given.Head.Head |> List.updateAt 1 9L
        let squeezed = shapeText (wrong |> List.mapi (fun i size -> if i < 2 then size else 1L))

        plain
            [ "in_channels" => 8; "reduction" => 4 ]
            given
            [ wrong ]
            $"fc1 (Conv{dimensions id}d) expects in dimension 1 the size 8, but gets {squeezed}."
    | "MultiheadSelfAttention" ->
        one
            [ "features" => 4; "num_heads" => 2 ]
            [ [ 5; 2; 4 ]; [ 1; 1; 4 ]; [ 7; 3; 4 ] ]
            [ 5; 2; 6 ]
            "attention (MultiheadAttention) expects last dimension 4, but gets (5, 2, 6)."
    | "MultiheadCrossAttention" ->
        let given (queries: int64) (keys: int64) (batch: int64) =
            [ [ queries; batch; 4L ]; [ keys; batch; 4L ]; [ keys; batch; 4L ] ]

        plain
            [ "features" => 4; "num_heads" => 2 ]
            [ given 5L 7L 2L; given 1L 3L 1L; given 4L 9L 3L ]
            [ [ 5; 2; 4 ]; [ 7; 2; 4 ]; [ 6; 2; 4 ] ]
            "attention (MultiheadAttention) expects as many values as keys, 7, but gets (6, 2, 4)."
    | "PositionalEmbedding" ->
        one
            [ "features" => 4; "max_length" => 9 ]
            [ [ 5; 2; 4 ]; [ 9; 1; 4 ]; [ 1; 3; 4 ] ]
            [ 10; 1; 4 ]
            "the root (PositionalEmbedding) expects 10 elements from 0 on in dimension 0, but gets (9, 1, 4)."
    | "IndexedPositionalEmbedding" ->
        let given length rows = Plain [ x [ length; 4L ]; whole 2L [ rows ] ]

        example
            [ "features" => 4; "max_length" => 9 ]
            [ given 6L 6L; given 1L 1L; given 9L 9L ]
            (given 6L 5L)
            "the root (IndexedPositionalEmbedding) expects two shapes that broadcast, but gets (6, 4) and (5, 4)."
    | "TransformerEncoderLayer" ->
        one
            [ "in_features" => 4; "hidden_features", ints [ 6 ]; "out_features" => 4; "num_heads" => 2 ]
            [ [ 5; 2; 4 ]; [ 1; 1; 4 ]; [ 7; 3; 4 ] ]
            [ 5; 2; 5 ]
            "blocks.0.multihead.layer.projection (Linear) expects last dimension 4, but gets (5, 2, 5)."
    | "TransformerDecoderLayer" ->
        plain
            [ "in_features" => 4; "hidden_features", ints [ 4 ]; "out_features" => 4; "num_heads" => 2 ]
            [ [ [ 5; 2; 4 ]; [ 3; 2; 4 ] ]; [ [ 1; 1; 4 ]; [ 1; 1; 4 ] ]; [ [ 7; 3; 4 ]; [ 9; 3; 4 ] ] ]
            [ [ 5; 2; 4 ]; [ 3; 2; 6 ] ]
            ("blocks.0.cross_multihead.layer.attention (MultiheadAttention) expects as keys vectors of size 4, "
             + "but gets (3, 2, 6).")
    | "GroupedQueryAttention" ->
        one
            [ "features" => 8; "num_heads" => 2 ]
            [ [ 2; 5; 8 ]; [ 1; 1; 8 ]; [ 3; 7; 8 ] ]
            [ 2; 5; 6 ]
            "q_proj (Linear) expects last dimension 8, but gets (2, 5, 6)."
    | "FeedForward" ->
        one
            [ "features" => 4; "dim_feedforward" => 6 ]
            [ [ 2; 4 ]; [ 4 ]; [ 3; 5; 4 ] ]
            [ 2; 5 ]
            "up (Linear) expects last dimension 4, but gets (2, 5)."
    | "Patchify" ->
        one
            [ "in_channels" => 2; "out_features" => 5; "patch_size" => 3 ]
            [ [ 2; 2; 9; 6 ]; [ 1; 2; 3; 3 ]; [ 3; 2; 11; 7 ] ]
            [ 2; 2; 9; 2 ]
            ("layer (Conv2d) expects spatial sizes that with a padding of (0, 0) are at least (3, 3), "
             + "but gets (2, 2, 9, 2).")
    | "ConvNeXtBlock" ->
        one
            [ "channels" => 4 ]
            [ [ 2; 4; 6; 8 ]; [ 1; 4; 5; 7 ]; [ 3; 4; 1; 1 ] ]
            [ 2; 3; 6; 8 ]
            "layer (Conv2d) expects in dimension 1 the size 4, but gets (2, 3, 6, 8)."
    | "TimestepEmbedding" ->
        plain
            [ "features" => 6 ]
            [ [ [ 2 ] ]; [ [ 1 ] ]; [ [ 5 ] ] ]
            [ [ 2 ]; [ 2 ] ]
            "the root (TimestepEmbedding) expects 1 input, but gets 2."
    | "AttentionBlock" ->
        plain
            [ "channels" => 4; "context_embedding_dim" => 3 ]
            [
                [ [ 2; 4; 4; 6 ]; [ 2; 5; 3 ] ]
                [ [ 1; 4; 3; 5 ]; [ 1; 1; 3 ] ]
                [ [ 3; 4; 1; 7 ]; [ 3; 2; 3 ] ]
            ]
            [ [ 2; 4; 4; 6 ]; [ 2; 5; 4 ] ]
            "context_projection (Linear) expects last dimension 3, but gets (2, 5, 4)."
    | "FeatureIntegrationModule" ->
        plain
            [ "in_channels" => 3; "out_channels" => 4; "position_embedding_dim" => 6 ]
            [ [ [ 2; 3; 4; 6 ]; [ 2; 6 ] ]; [ [ 1; 3; 5; 7 ]; [ 1; 6 ] ]; [ [ 3; 3; 1; 1 ]; [ 3; 6 ] ] ]
            [ [ 2; 3; 4; 6 ]; [ 2; 5 ] ]
            "feed_forward_position_embedding (Linear) expects last dimension 6, but gets (2, 5)."
    | "UNetEncoder" ->
        plain
            [
                "in_channels" => 2
                "channels", ints [ 4; 6 ]
                "channel_attention", List [ Bool false; Bool true ]
                "position_embedding_dim" => 6
            ]
            [ [ [ 2; 2; 8; 6 ]; [ 2; 6 ] ]; [ [ 1; 2; 5; 7 ]; [ 1; 6 ] ]; [ [ 3; 2; 3; 2 ]; [ 3; 6 ] ] ]
            [ [ 2; 2; 8; 1 ]; [ 2; 6 ] ]
            "pool (MaxPool2d) expects spatial sizes that hold a window of (2, 2), but gets (2, 4, 8, 1)."
    | "UNetDecoderBlock" ->
        plain
            [ "in_channels" => 6; "out_channels" => 4; "position_embedding_dim" => 6 ]
            [
                [ [ 2; 6; 4; 3 ]; [ 2; 4; 8; 6 ]; [ 2; 6 ] ]
                [ [ 1; 6; 1; 5 ]; [ 1; 4; 2; 10 ]; [ 1; 6 ] ]
                [ [ 3; 6; 7; 2 ]; [ 3; 4; 14; 4 ]; [ 3; 6 ] ]
            ]
            [ [ 2; 6; 4; 3 ]; [ 2; 4; 9; 6 ]; [ 2; 6 ] ]
            ("the root (UNetDecoderBlock) expects inputs that differ in dimension 1 alone, "
             + "but gets [(2, 4, 8, 6); (2, 4, 9, 6)].")
    | "UNetDecoder" ->
        plain
            [
                "channels", ints [ 4; 6; 8 ]
                "channel_attention", List [ Bool false; Bool true; Bool true ]
                "position_embedding_dim" => 6
            ]
            [
                [ [ 2; 8; 2; 3 ]; [ 2; 4; 8; 12 ]; [ 2; 6; 4; 6 ]; [ 2; 6 ] ]
                [ [ 1; 8; 1; 1 ]; [ 1; 4; 4; 4 ]; [ 1; 6; 2; 2 ]; [ 1; 6 ] ]
                [ [ 3; 8; 5; 1 ]; [ 3; 4; 20; 4 ]; [ 3; 6; 10; 2 ]; [ 3; 6 ] ]
            ]
            [ [ 2; 8; 2; 3 ]; [ 2; 4; 9; 12 ]; [ 2; 6; 4; 6 ]; [ 2; 6 ] ]
            ("blocks.1 (UNetDecoderBlock) expects inputs that differ in dimension 1 alone, "
             + "but gets [(2, 4, 8, 12); (2, 4, 9, 12)].")
    | "AttentionUNet" ->
        // Each level halves it.
        plain
            [ "channels", ints [ 4; 6; 8 ]; "base_channels", ints [ 6 ]; "position_embedding_dim" => 6 ]
            [ [ [ 2; 1; 8; 12 ]; [ 2; 6 ] ]; [ [ 1; 1; 4; 4 ]; [ 1; 6 ] ]; [ [ 3; 1; 20; 4 ]; [ 3; 6 ] ] ]
            [ [ 2; 1; 10; 12 ]; [ 2; 6 ] ]
            ("decoder.blocks.0 (UNetDecoderBlock) expects inputs that differ in dimension 1 alone, "
             + "but gets [(2, 6, 4, 6); (2, 6, 5, 6)].")
    | "FromDict" ->
        example
            [ "keys", List [ Text "x"; Text "batch" ] ]
            (graphSizes |> List.map (graphOf [ "x"; "batch" ] >> Named))
            (Named(graphOf [ "x"; "weight" ] graphSizes.Head))
            "the root (FromDict) expects a tensor named 'batch', but gets {weight: (5,), x: (4, 3)}."
    | "LayerSkip" ->
        one
            [ "layer" => Layers.linear 4 4 ]
            [ [ 2; 4 ]; [ 4 ]; [ 3; 5; 4 ] ]
            [ 2; 5 ]
            "layer (Linear) expects last dimension 4, but gets (2, 5)."
    | "Sum"
    | "Mean"
    | "Prod"
    | "Min"
    | "Max" ->
        ofGraph
            []
            edges
            "edge_attr"
            (x [ 6; 2 ])
            ($"the root ({id}) expects "
             + if id = "Sum" || id = "Mean" then
                   "a source (5, 2), but gets (6, 2)."
               else
                   "an input that expands to (6, 2), but gets (5, 1).")
    | "WeightedSum" ->
        ofGraph
            []
            (edges @ [ "distance" ])
            "distance"
            (x [ 6; 1 ])
            "the root (WeightedSum) expects two shapes that broadcast, but gets (5, 2) and (6, 1)."
    | "LearnableDistanceWeighting" ->
        plain
            []
            [ [ [ 5; 1 ] ]; [ [ 1 ] ]; [ [ 3; 7 ] ] ]
            [ [ 5 ]; [ 5 ] ]
            "the root (LearnableDistanceWeighting) expects 1 input, but gets 2."
    | "GlobalMeanPool"
    | "GlobalAddPool"
    | "GlobalMaxPool" ->
        ofGraph
            []
            [ "x"; "batch" ]
            "batch"
            (whole 2L [ 5 ])
            ($"the root ({id}) expects "
             + if id = "GlobalMaxPool" then
                   "an input that expands to (4, 3), but gets (5, 1)."
               else
                   "a source (5, 3), but gets (4, 3).")
    | "CombineLayerActivation"
    | "Update" ->
        plain
            layers
            [ [ [ 4; 3 ]; [ 4; 2 ] ]; [ [ 1; 1 ]; [ 1; 4 ] ]; [ [ 7; 5 ]; [ 7; 0 ] ] ]
            [ [ 4; 3 ]; [ 5; 2 ] ]
            "combine (Cat) expects inputs that differ in dimension 1 alone, but gets [(4, 3); (5, 2)]."
    | "Transform" ->
        ofGraph
            [ "layer" => Layers.linear 8 3; "activation" => Layers.relu ]
            edges
            "edge_attr"
            (x [ 6; 2 ])
            "combine (Cat) expects inputs that differ in dimension 1 alone, but gets [(5, 3); (5, 3); (6, 2)]."
    | "MessagePassingNeuralNetwork" ->
        onGraph
            [ "hidden_features", ints [ 4 ]; "out_features" => 2 ]
            edges
            "edge_attr"
            (x [ 6; 2 ])
            ("blocks.0.transform.combine (Cat) expects inputs that differ in dimension 1 alone, "
             + "but gets [(5, 3); (5, 3); (6, 2)].")
    | "ResidualMessagePassingNeuralNetwork" ->
        let given (nodes: int64, edges: int64) =
            [ "x", x [ nodes; 3 ]; "edge_index", whole nodes [ 2; edges ]; "edge_attr", x [ edges; 3 ] ]

        let sizes = graphSizes |> List.map given

        example
            [ "hidden_features", ints [ 3 ]; "out_features" => 3 ]
            (sizes |> List.map Named)
            (Named(sizes.Head |> changed "x" (x [ 4; 2 ])))
            "blocks.0.skip (Add) expects two shapes that broadcast, but gets (4, 3) and (4, 2)."
    | "SparseLaplacianNormalization" ->
        ofGraph
            []
            [ "x"; "edge_index" ]
            "edge_index"
            (whole 4L [ 1; 5 ])
            "the root (SparseLaplacianNormalization) expects an index 1 in dimension 0, but gets (1, 5)."
    | "DenseLaplacianNormalization" ->
        ofGraph
            []
            [ "x"; "adjacency" ]
            "adjacency"
            (x [ 4; 5 ])
            "the root (DenseLaplacianNormalization) expects two shapes that broadcast, but gets (4, 4) and (4, 5)."
    | "Propagate" ->
        ofGraph
            []
            [ "x"; "edge_index"; "weight" ]
            "weight"
            (x [ 6 ])
            "the root (Propagate) expects two shapes that broadcast, but gets (5, 3) and (6, 1)."
    | "GraphConvolutionalNeuralNetwork" ->
        onGraph
            [ "in_features" => 3; "hidden_features", ints [ 4 ]; "out_features" => 2 ]
            [ "x"; "edge_index" ]
            "x"
            (x [ 4; 5 ])
            "blocks.0.transform (Linear) expects last dimension 3, but gets (4, 5)."
    | _ -> None
