/// Each model of the library in a size that tests build: how it is made, and what it is given.
module Deeplay.Tests.ExampleModels

open System
open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Library
open TorchSharp
open Expecto
open Deeplay.Tests.LoweringHelp

/// Whole numbers as a value.
let ints (numbers: int list) = List [ for n in numbers -> Int(int64 n) ]

/// What a model is given: a tensor of this shape, or some tensors of a graph.
type Given =
    | One of int64 list
    | Graph of string list

// A published size with the same structure and less of it.
let private vision =
    [ "image_size" => 64; "num_layers" => 2; "hidden_dim" => 48; "mlp_dim" => 16; "num_classes" => 5 ],
    One [ 2L; 3L; 64L; 64L ]

let private perceptron = [ "in_features" => 6; "out_features" => 3 ], One [ 2L; 6L ]

/// Four nodes and five edges, of two graphs.
let graph =
    Map.ofList
        [
            "x", fun () -> fill [ 4L; 3L ] 0.1
            "edge_index", fun () -> torch.tensor (array2D [ [ 0L; 1L; 1L; 2L; 3L ]; [ 1L; 0L; 1L; 3L; 2L ] ])
            "edge_attr", fun () -> fill [ 5L; 2L ] 0.1
            "distance", fun () -> fill [ 5L; 1L ] 0.1
            "batch", fun () -> torch.tensor [| 0L; 0L; 1L; 1L |]
        ]

/// What the tensors of a graph are shaped like.
let graphShapes keys =
    use _ = torch.NewDisposeScope()
    [ for key in keys -> key, shapeOf (graph[key]()) ]

let private onGraph more =
    ([ "hidden_features", ints [ 4; 4 ]; "out_features" => 1 ]: (string * Value) list),
    Graph([ "x"; "edge_index"; "edge_attr" ] @ more)

/// How each model is made, and what it is given.
let inputs (id: string) : (string * Value) list * Given =
    match id with
    | _ when id.EndsWith "MLP" -> perceptron
    | _ when id.Contains("Resnet", StringComparison.OrdinalIgnoreCase) && not (id.StartsWith "CycleGAN") ->
        [], One [ 2L; 3L; 32L; 32L ]
    | _ when id.StartsWith "ConvNeXt" ->
        [ "channels", ints [ 8; 16 ]; "depths", ints [ 1; 2 ]; "num_classes" => 5 ], One [ 2L; 3L; 32L; 32L ]
    | "MPM"
    | "GraphToNodeMPM"
    | "GraphToEdgeMPM" -> onGraph []
    | "GraphToGlobalMPM" -> onGraph [ "batch" ]
    | "GraphToEdgeMAGIK" -> onGraph [ "distance" ]
    | "DCGANGenerator" -> [ "latent_dim" => 8; "features_dim" => 4 ], One [ 2L; 8L; 1L; 1L ]
    | "DCGANDiscriminator" -> [ "features_dim" => 4 ], One [ 2L; 1L; 192L; 192L ]
    | "CycleGANResnetGenerator" -> [ "n_residual_blocks" => 1 ], One [ 1L; 1L; 16L; 16L ]
    | "CycleGANDiscriminator" -> [], One [ 1L; 1L; 64L; 64L ]
    | "RecurrentModel" ->
        [ "in_features" => 4; "hidden_features", ints [ 8; 8 ]; "out_features" => 2 ], One [ 2L; 5L; 4L ]
    | "ViT" ->
        [
            "in_channels" => 1
            "image_size" => 8
            "patch_size" => 4
            "hidden_features", ints [ 16; 16 ]
            "out_features" => 3
            "num_heads" => 4
        ],
        One [ 2L; 1L; 8L; 8L ]
    | "VisionTransformer" -> ("patch_size" => 32) :: ("num_heads" => 4) :: fst vision, snd vision
    | _ when id.StartsWith "ViT" -> vision
    | "CausalLanguageModel" ->
        [ "vocab_size" => 11; "max_length" => 8; "features" => 8; "num_layers" => 2; "num_heads" => 2 ], One [ 2L; 5L ]
    | _ -> failtest $"{id} is new: say here how it is made, and what it is given."

/// The models of the library, by their ids.
let models: (string * Definition) list =
    Library.groups
    |> List.pick (fun (name, _, definitions) -> if name = "Models" then Some definitions else None)
    |> List.map (fun definition -> definition.Id, definition)
