/// Each component and model of the library at three sizes, odd ones where it takes them, and an input that it can't take.
module Deeplay.Tests.ExampleSizes

open System
open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Library
open Expecto
open Deeplay.Tests.ExampleModels
open Deeplay.Tests.ExampleComponents

[<NoComparison>]
type Example =
    {
        Arguments: (string * Value) list
        Sizes: Inputs list
        Wrong: Inputs
        /// What is said of it.
        Problem: string
    }

// Those of the models, which are made as everywhere.
let private model (id: string) =
    let arguments, given = inputs id
    let one sizes wrong problem = one arguments sizes wrong problem

    let resnetProblem =
        (if id.StartsWith "Backbone" then "" else "backbone.")
        + "blocks.0.layer (Conv2d) expects in dimension 1 the size 3, but gets (2, 4, 32, 32)."

    let visionProblem =
        let tokens, there = if id.EndsWith "16" then 25, 17 else 7, 5

        $"positional_embedder (PositionalEmbedding) expects {tokens} elements from 0 on in dimension 1, "
        + $"but gets (1, {there}, 48)."

    let graphProblem =
        let block = if id.EndsWith "MAGIK" then 1 else 0

        $"backbone.blocks.{block}.transform.combine (Cat) expects inputs that differ in dimension 1 alone, "
        + "but gets [(5, 4); (5, 4); (6, 4)]."

    match id, given with
    | _ when id.EndsWith "MLP" ->
        one
            [ [ 2; 6 ]; [ 1; 6 ]; [ 3; 2; 3 ] ]
            [ 2; 7 ]
            "blocks.0.layer (Linear) expects last dimension 6, but gets (2, 7)."
    | "CycleGANResnetGenerator", _ ->
        one
            [ [ 1; 1; 16; 16 ]; [ 2; 1; 17; 23 ]; [ 1; 1; 9; 12 ] ]
            [ 1; 3; 16; 16 ]
            "encoder.blocks.0.layer (Conv2d) expects in dimension 1 the size 1, but gets (1, 3, 16, 16)."
    | "CycleGANDiscriminator", _ ->
        one
            [ [ 1; 1; 64; 64 ]; [ 2; 1; 71; 45 ]; [ 1; 1; 33; 40 ] ]
            [ 1; 1; 16; 16 ]
            ("blocks.3.normalization (InstanceNorm2d) expects more than 1 value for each channel of an example, "
             + "for it keeps no running statistics, but gets (1, 512, 1, 1).")
    | _ when id.Contains("Resnet", StringComparison.OrdinalIgnoreCase) ->
        one [ [ 2; 3; 32; 32 ]; [ 1; 3; 33; 47 ]; [ 3; 3; 17; 64 ] ] [ 2; 4; 32; 32 ] resnetProblem
    | _ when id.StartsWith "ConvNeXt" ->
        one
            [ [ 2; 3; 32; 32 ]; [ 1; 3; 37; 45 ]; [ 3; 3; 9; 64 ] ]
            [ 2; 4; 32; 32 ]
            "stem.layer (Conv2d) expects in dimension 1 the size 3, but gets (2, 4, 32, 32)."
    | _, Graph keys -> onGraph arguments keys "edge_attr" (x [ 6; 2 ]) graphProblem
    | "DCGANGenerator", _ ->
        one
            [ [ 2; 8; 1; 1 ]; [ 1; 8; 1; 1 ]; [ 3; 8; 2; 3 ] ]
            [ 2; 9; 1; 1 ]
            "blocks.0.layer (ConvTranspose2d) expects in dimension 1 the size 8, but gets (2, 9, 1, 1)."
    | "DCGANDiscriminator", _ ->
        one
            [ [ 2; 1; 192; 192 ]; [ 1; 1; 64; 64 ]; [ 3; 1; 97; 131 ] ]
            [ 2; 1; 32; 64 ]
            ("blocks.4.layer (Conv2d) expects spatial sizes that with a padding of (0, 0) are at least (4, 4), "
             + "but gets (2, 32, 2, 4).")
    | "RecurrentModel", _ ->
        one
            [ [ 2; 5; 4 ]; [ 1; 1; 4 ]; [ 3; 7; 4 ] ]
            [ 2; 5; 3 ]
            "blocks.0.layer (LSTM) expects last dimension 4, but gets (2, 5, 3)."
    | "ViT", _ ->
        one
            [ [ 2; 1; 8; 8 ]; [ 1; 1; 8; 8 ]; [ 5; 1; 9; 11 ] ]
            [ 2; 1; 12; 8 ]
            ("positional_embedder (PositionalEmbedding) expects 7 elements from 0 on in dimension 1, "
             + "but gets (1, 5, 16).")
    | _ when id.StartsWith "ViT" || id = "VisionTransformer" ->
        one [ [ 2; 3; 64; 64 ]; [ 1; 3; 64; 64 ]; [ 3; 3; 64; 64 ] ] [ 2; 3; 96; 64 ] visionProblem
    | "CausalLanguageModel", _ ->
        let given length batch = Plain [ whole 11L [ batch; length ] ]

        example
            arguments
            [ given 5L 2L; given 1L 1L; given 8L 3L ]
            (given 9L 2L)
            "positional_embedder (PositionalEmbedding) expects 9 elements from 0 on in dimension 1, but gets (1, 8, 8)."
    | _ -> None

// It takes two lots of named tensors, which no example here does: AddDictTests has its shapes.
let private apart = [ "AddDict" ]

let private ofGroup name find : (string * (Definition * Example)) list =
    let definitions = Library.groups |> List.pick (fun (found, _, all) -> if found = name then Some all else None)

    [
        for definition in definitions do
            match find definition.Id with
            | Some(arguments, sizes, wrong, problem) ->
                definition.Id, (definition, { Arguments = arguments; Sizes = sizes; Wrong = wrong; Problem = problem })
            | None when List.contains definition.Id apart -> ()
            | None ->
                failtest $"{definition.Id} is new: say here what it is given at three sizes, and what it can't take."
    ]

/// By the ids of their definitions.
let examples: Map<string, Definition * Example> =
    Map.ofList (ofGroup "Components" component' @ ofGroup "Models" model)
