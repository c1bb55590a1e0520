/// ResNets against what torchvision publishes of its own.
module Deeplay.Tests.ResnetTests

open Expecto
open Deeplay.Tests
open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Torch
open Deeplay.Tests.LoweringHelp
open TorchSharp

/// The state dict of torchvision's ResNet of these stages. Source: torchvision, models/resnet.py.
let names counts isBottleneck : (string * int64 list) list =
    let norm name width =
        [
            for tensor in [ "weight"; "bias"; "running_mean"; "running_var" ] do
                $"{name}.{tensor}", [ width ]

            $"{name}.num_batches_tracked", []
        ]

    let expansion = if isBottleneck then 4L else 1L
    let mutable input = 64L

    [
        "conv1.weight", [ 64L; 3L; 7L; 7L ]
        yield! norm "bn1" 64L

        for stage, count in List.indexed counts do
            let planes = 64L <<< stage

            for i in 0 .. count - 1 do
                let name = $"layer{stage + 1}.{i}"
                let output = planes * expansion

                let plan =
                    if isBottleneck then
                        [ planes, input, 1L; planes, planes, 3L; output, planes, 1L ]
                    else
                        [ planes, input, 3L; planes, planes, 3L ]

                for k, (out, ins, kernel) in List.indexed plan do
                    $"{name}.conv{k + 1}.weight", [ out; ins; kernel; kernel ]
                    yield! norm $"{name}.bn{k + 1}" out

                if i = 0 && (stage > 0 || input <> output) then
                    $"{name}.downsample.0.weight", [ output; input; 1L; 1L ]
                    yield! norm $"{name}.downsample.1" output

                input <- output

        "fc.weight", [ 1000L; input ]
        "fc.bias", [ 1000L ]
    ]

let private sizes =
    [
        "18",
        Models.resNet18,
        Models.backboneResnet18,
        TorchvisionNames.resNet18,
        TorchvisionNames.backboneResnet18,
        names [ 2; 2; 2; 2 ] false,
        11_689_512L
        "34",
        Models.resNet34,
        Models.backboneResnet34,
        TorchvisionNames.resNet34,
        TorchvisionNames.backboneResnet34,
        names [ 3; 4; 6; 3 ] false,
        21_797_672L
        "50",
        Models.resNet50,
        Models.backboneResnet50,
        TorchvisionNames.resNet50,
        TorchvisionNames.backboneResnet50,
        names [ 3; 4; 6; 3 ] true,
        25_557_032L
        "101",
        Models.resNet101,
        Models.backboneResnet101,
        TorchvisionNames.resNet101,
        TorchvisionNames.backboneResnet101,
        names [ 3; 4; 23; 3 ] true,
        44_549_160L
    ]

let private tensors (spec: ModuleSpec) =
    let outcome = Infer.run [ Shape.known [ 1L; 3L; 64L; 64L ] ] (Module.construct spec) |> Fail.unwrap

    [
        for tag, node, _ in Tree.walk outcome.Root do
            for name, shape in node.Definition.Weights node.Arguments do
                $"{tag}.{name}", shape
    ]

let private isTrained (name: string) =
    not (name.Contains "running_" || name.EndsWith("num_batches_tracked", System.StringComparison.Ordinal))

[<Tests>]
let tests =
    torchTests
        "ResnetTests"
        [
            testCase "the parameters are as many as torchvision's" (fun () ->
                for depth, spec, _, _, _, names, published in sizes do
                    let count tensors = tensors |> List.sumBy (snd >> List.fold (*) 1L)
                    Assert.equal (depth, published) (depth, count (tensors spec))
                    Assert.equal published (count (List.filter (fst >> isTrained) names)))

            testCase "of other depths it is torchvision's resnet152" (fun () ->
                let deeper = Models.resNet50 |> Module.configure "depths" [ 3; 8; 36; 3 ]
                let shapes = tensors deeper
                Assert.equal 60_192_808L (shapes |> List.sumBy (snd >> List.fold (*) 1L))
                let names = names [ 3; 8; 36; 3 ] true
                let changed, unused = NameMap.apply "152" TorchvisionNames.resNet50 (List.map fst names)
                let becomes = List.map2 (fun (_, (name, _)) (_, shape) -> name, shape) changed names
                Assert.equal [] unused
                Assert.equal (Map.ofList shapes) (becomes |> List.filter (fst >> isTrained) |> Map.ofList))

            testCase "channels and depths are of as many stages" (fun () ->
                let narrow =
                    Models.backboneResnet18
                    |> Module.configure "channels" [ 8; 16 ]
                    |> Module.configure "depths" [ 1; 3 ]

                use built = build [ [ 1L; 3L; 32L; 32L ] ] narrow
                use images = torch.rand [| 1L; 3L; 32L; 32L |]
                Assert.equal [ [ 1L; 16L; 4L; 4L ] ] (callAll built [ images ] |> List.map shapeOf)

                let error =
                    Assert.throws<DeeplayException>(fun () ->
                        Models.backboneResnet18
                        |> Module.configure "channels" [ 8; 16; 32 ]
                        |> Module.construct
                        |> ignore)

                Assert.equal
                    "the root (BackboneResnet18): 'depths' must be one number for each of the 3 channels, but is [2, 2, 2, 2]."
                    error.Message)

            testCase "torchvision's names become the model's, one to one" (fun () ->
                for depth, spec, backbone, rules, backboneRules, names, _ in sizes do
                    let shapes = Map.ofList names

                    let becomes rules =
                        let changed, unused = NameMap.apply depth rules (List.map fst names)
                        Assert.equal [] unused
                        changed |> List.map (fun (name, (changed, _)) -> changed, shapes[name]) |> Map.ofList

                    let trained = becomes rules |> Map.filter (fun name _ -> isTrained name)
                    Assert.equal (Map.ofList (tensors spec)) trained
                    let trunk = becomes backboneRules |> Map.filter (fun name _ -> isTrained name)
                    Assert.equal (Map.ofList (tensors backbone)) trunk)

            testCase "a state dict of torchvision's is read, with its running statistics" (fun () ->
                let names = names [ 2; 2; 2; 2 ] false
                use built = build [ [ 1L; 3L; 64L; 64L ] ] Models.resNet18
                let changed, _ = NameMap.apply "18" TorchvisionNames.resNet18 (List.map fst names)
                let own = Map.ofList [ for KeyValue(name, tensor) in built.state_dict () -> name, shapeOf tensor ]
                let expected = Map.ofList (List.map2 (fun (_, (name, _)) (_, shape) -> name, shape) changed names)
                Assert.equal expected own)

            testCase "the first weights are He's" (fun () ->
                use built = build [ [ 1L; 3L; 64L; 64L ] ] Models.backboneResnet18
                let all = Map.ofList (parametersOf built)
                use weight = all["blocks.4.blocks.1.blocks.0.layer.weight"].detach()
                // 512 · 3 · 3 outgoing connections.
                let expected = sqrt (2.0 / (512.0 * 9.0))
                use std = weight.std ()
                Expect.floatClose { absolute = 0.0; relative = 0.01 } ((std.item<float32>() |> float)) expected "std"
                Assert.equal (List.replicate 64 1.0) (numbers all["blocks.0.normalization.weight"])
                Assert.equal (List.replicate 64 0.0) (numbers all["blocks.0.normalization.bias"]))

            testCase "what a user initializes is the user's" (fun () ->
                let half = Initializer.constant [ Initializer.weight => Some 0.5 ]
                let spec = Models.backboneResnet18 |> Module.select "blocks/0/layer" half
                use built = build [ [ 1L; 3L; 64L; 64L ] ] spec
                let _, weight = List.find (fun (name, _) -> name = "blocks.0.layer.weight") (parametersOf built)
                Assert.equal [ 0.5 ] (List.distinct (numbers weight)))

            testCase "another activation everywhere is nowhere an unused setting" (fun () ->
                for spec in [ Models.resNet18; Models.backboneResnet50 ] do
                    let changed = spec |> Module.select ".../[ReLU]" (Module.become Layers.silu)
                    use built = build [ [ 1L; 3L; 32L; 32L ] ] changed
                    let kinds = [ for struct (_, part) in built.named_modules () -> part.GetName() ]
                    Expect.isFalse (List.contains "ReLU" kinds) "no ReLU is left"
                    Expect.isTrue (List.contains "SiLU" kinds) "they are SiLUs")

            testCase "an encoder of any width in the style of a ResNet" (fun () ->
                let spec = Components.convolutionalEncoder2d 1 [ 8; 8; 16 ] 32 |> Style.resnet18 ()
                Assert.equal [ 2L; 32L; 4L; 4L ] (Module.inferShape [ 2; 1; 64; 64 ] spec)
                let kinds = Module.names "blocks/:" spec
                Assert.equal [ "blocks.0"; "blocks.1"; "blocks.2"; "blocks.3" ] kinds
                Assert.equal [] (Recorded.tags spec |> List.filter (fun tag -> tag.Contains "blocks.1.pool")))
        ]
