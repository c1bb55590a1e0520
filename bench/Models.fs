/// What it costs to construct and build each model of the library, beside making its torch modules by hand.
module Deeplay.Bench.Models

open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Library
open Deeplay.Torch
open Deeplay.Bench.Measure

// The models as people make them: by the id of the definition, a size where it is not the published one, and the
// arguments. The largest have few blocks here: a model is made more than once.
let private models: (string * string * (string * Value) list) list =
    let ints numbers = List [ for n in numbers -> Int n ]
    let perceptron = [ "in_features", Int 784L; "out_features", Int 10L ]
    let graph = [ "hidden_features", ints [ 96L; 96L; 96L; 96L ]; "out_features", Int 1L ]

    [
        "SmallMLP", "", perceptron
        "MediumMLP", "", perceptron
        "LargeMLP", "", perceptron
        "XLargeMLP", "", perceptron
        "BackboneResnet18", "", []
        "BackboneResnet34", "", []
        "BackboneResnet50", "", []
        "BackboneResnet101", "", []
        "ResNet18", "", []
        "ResNet34", "", []
        "ResNet50", "", []
        "ResNet101", "", []
        "DCGANGenerator", "", []
        "DCGANDiscriminator", "", []
        "CycleGANResnetGenerator", "", []
        "CycleGANDiscriminator", "", []
        "RecurrentModel",
        "",
        [ "in_features", Int 64L; "hidden_features", ints [ 128L; 128L ]; "out_features", Int 10L ]
        "ViT",
        "",
        [
            "in_channels", Int 3L
            "image_size", Int 32L
            "patch_size", Int 4L
            "hidden_features", ints (List.replicate 7 384L)
            "out_features", Int 10L
            "num_heads", Int 12L
        ]
        "VisionTransformer",
        "",
        [
            "image_size", Int 32L
            "patch_size", Int 4L
            "num_layers", Int 6L
            "num_heads", Int 3L
            "hidden_dim", Int 192L
            "mlp_dim", Int 768L
            "num_classes", Int 10L
        ]
        "ViTB16", "", []
        "ViTB32", "", []
        "ViTL16", "_of_4_blocks", [ "num_layers", Int 4L ]
        "ViTL32", "_of_4_blocks", [ "num_layers", Int 4L ]
        "ConvNeXt", "", [ "channels", ints [ 40L; 80L; 160L; 320L ]; "depths", ints [ 2L; 2L; 6L; 2L ] ]
        "ConvNeXtTiny", "", []
        "ConvNeXtSmall", "", []
        "ConvNeXtBase", "_of_12_blocks", [ "depths", ints [ 2L; 2L; 6L; 2L ] ]
        "ConvNeXtLarge", "_of_6_blocks", [ "depths", ints [ 1L; 1L; 3L; 1L ] ]
        "CausalLanguageModel", "_of_6_blocks", [ "num_layers", Int 6L; "vocab_size", Int 10000L ]
        "MPM", "", graph
        "GraphToGlobalMPM", "", graph
        "GraphToNodeMPM", "", graph
        "GraphToEdgeMPM", "", graph
        "GraphToEdgeMAGIK", "", graph
    ]

let private definitions =
    Library.groups
    |> List.pick (function
        | "Models", _, definitions -> Some definitions
        | _ -> None)

// A graph's widths follow from what it is called with.
let private options (definition: Definition) =
    let graph = [ "x", [ 8L; 3L ]; "edge_index", [ 2L; 16L ]; "edge_attr", [ 16L; 2L ] ]

    let named =
        if not (definition.Is MPM.definition) then []
        elif definition.Id = "GraphToGlobalMPM" then graph @ [ "batch", [ 8L ] ]
        elif definition.Id = "GraphToEdgeMAGIK" then graph @ [ "distance", [ 16L; 1L ] ]
        else graph

    { Build.defaults with Device = "cpu"; Named = named }

/// All figures of models.
let figures () =
    seq {
        for definition in definitions do
            match models |> List.filter (fun (id, _, _) -> id = definition.Id) with
            | [ id, size, arguments ] ->
                let options = options definition

                // A spec remembers its tree: each time it is another one.
                let spec () = Module.create arguments definition
                let deeplay () = (Build.run options (spec ())).Dispose()
                let make = ByHand.plan (Build.plan options (spec ()))
                let hand () = (make ()).Dispose()
                yield ratioWithin 10.0 deeplay hand |> atMost 1.25 $"models_build_{id}{size}_over_by_hand"
            | _ -> failwith $"{definition.Id} is not among the models that are measured"

        yield! Steps.figures ()
    }
