/// ConvNeXts: published sizes, the names of torchvision, initial values, stochastic depth.
module Deeplay.Tests.ConvNeXtTests

open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Library
open Deeplay.Torch
open TorchSharp
open Expecto
open Deeplay.Tests
open Deeplay.Tests.LoweringHelp
open Deeplay.Tests.TransformerTests

// Source: torchvision, models/convnext.py, "num_params".
let private sizes =
    [
        Models.convNeXtTiny, 28_589_128L
        Models.convNeXtSmall, 50_223_688L
        Models.convNeXtBase, 88_591_464L
        Models.convNeXtLarge, 197_767_336L
    ]

let private small = Models.convNeXt [ 8; 12 ] [ 2; 1 ] |> Module.configure "num_classes" 5

let private probabilities (spec: ModuleSpec) =
    [
        for _, node, _ in Tree.walk (Module.construct spec) do
            if node.Definition.Is DropPath.definition then node.Arguments.Get DropPath.p
    ]

[<Tests>]
let tests =
    torchTests
        "ConvNeXtTests"
        [
            testCase "the parameters are as many as torchvision's" (fun () ->
                for spec, published in sizes do
                    Assert.equal published (count (parameters [ 1L; 3L; 64L; 64L ] spec)))

            testCase "the depth is the more random the deeper" (fun () ->
                let last = probabilities Models.convNeXtTiny
                Assert.equal 18 last.Length

                List.iter2
                    (fun a b -> Expect.floatClose Accuracy.high a b "p")
                    last
                    [ for i in 0..17 -> 0.1 * float i / 17.0 ]

                Assert.equal [ 0.0; 0.0; 0.0 ] (probabilities small)
                let one = Models.convNeXt [ 8 ] [ 1 ] |> Module.configure "stochastic_depth_prob" 0.5
                Assert.equal [ 0.0 ] (probabilities one))

            testCase "the first weights are normal, biases zero, scales small" (fun () ->
                use _ = torch.NewDisposeScope()
                use built = build [ [ 1L; 3L; 32L; 32L ] ] (Models.convNeXt [ 64; 96 ] [ 1; 1 ])
                let all = Map.ofList (parametersOf built)

                for name in [ "stem.layer"; "stages.1.downsample.layer"; "stages.1.blocks.0.feed_forward.up"; "head" ] do
                    let weight = all[$"{name}.weight"].detach().std().item<float32>()
                    Expect.floatClose { absolute = 0.0; relative = 0.05 } (float weight) 0.02 name
                    Assert.equal [ 0.0 ] (List.distinct (numbers all[$"{name}.bias"]))

                Assert.equal [ 1.0 ] (List.distinct (numbers all["stem.normalization.weight"]))

                Expect.floatClose
                    Accuracy.medium
                    (List.head (numbers all["stages.0.blocks.0.layer_scale"]))
                    1e-6
                    "scale")

            testCase "any part of it is changed as everywhere" (fun () ->
                let changed =
                    small
                    |> Module.select ".../*[GELU]" (Module.become (Module.create [] SiLU.definition))
                    |> Module.select ".../*[LayerNorm2d]" (Module.become (Module.create [] BatchNorm2d.definition))

                let kinds = [ for _, node, _ in Tree.walk (Module.construct changed) -> node.Definition.Id ]
                Assert.equal 3 (kinds |> List.filter ((=) "SiLU") |> List.length)
                Assert.equal 2 (kinds |> List.filter ((=) "BatchNorm2d") |> List.length)
                Assert.equal [ 2L; 5L ] (Module.inferShape [ 2; 3; 33; 40 ] changed))

            testCase "stages that have no number of blocks, and images that are too small, are errors" (fun () ->
                match errorsOf (fun () -> Module.construct (Models.convNeXt [ 8; 12 ] [ 2 ]) |> ignore) with
                | error :: _ -> Assert.containsText "one number for each of the 2 channels" (Error.describe error)
                | [] -> failtest "an error is expected"

                match errorsOf (fun () -> Module.inferShape [ 1; 3; 3; 40 ] small |> ignore) with
                | error :: _ -> Assert.containsText "stem.layer" (Error.describe error)
                | [] -> failtest "an error is expected")
        ]
