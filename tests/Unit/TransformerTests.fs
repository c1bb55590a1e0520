/// Transformers: positional embeddings, blocks whose width changes, published sizes, and what is said where something is wrong.
module Deeplay.Tests.TransformerTests

open System
open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Library
open Deeplay.Torch
open TorchSharp
open Expecto
open Deeplay.Tests
open Deeplay.Tests.LoweringHelp

let private encoder = Components.transformerEncoderLayer 4 [] 4 2 |> Module.configure "batch_first" true

/// The parameters of a model, by name and shape, without building it.
let parameters (input: int64 list) (spec: ModuleSpec) =
    let outcome = Infer.run [ Shape.known input ] (Module.construct spec) |> Fail.unwrap

    [
        for tag, node, _ in Tree.walk outcome.Root do
            for own in node.Own do
                let name = if tag = Tag.root then own.Name else $"{tag}.{own.Name}"
                name, node.SizesOf own

            for name, sizes in node.Definition.Weights node.Arguments do
                $"{tag}.{name}", sizes
    ]

let count = List.sumBy (snd >> List.fold (*) 1L)

/// The state dict of a vision transformer of torchvision's. Source: torchvision, models/vision_transformer.py.
let private published layers width inside patch image classes : (string * int64 list) list =
    let linear name input output = [ $"{name}.weight", [ output; input ]; $"{name}.bias", [ output ] ]
    let norm name = [ $"{name}.weight", [ width ]; $"{name}.bias", [ width ] ]
    let side = image / patch

    [
        "class_token", [ 1L; 1L; width ]
        "conv_proj.weight", [ width; 3L; patch; patch ]
        "conv_proj.bias", [ width ]
        "encoder.pos_embedding", [ 1L; 1L + side * side; width ]
        for i in 0 .. layers - 1 do
            let block = $"encoder.layers.encoder_layer_{i}"
            yield! norm $"{block}.ln_1"
            $"{block}.self_attention.in_proj_weight", [ 3L * width; width ]
            $"{block}.self_attention.in_proj_bias", [ 3L * width ]
            yield! linear $"{block}.self_attention.out_proj" width width
            yield! norm $"{block}.ln_2"
            yield! linear $"{block}.mlp.0" width inside
            yield! linear $"{block}.mlp.3" inside width
        yield! norm "encoder.ln"
        yield! linear "heads.head" width classes
    ]

// Source: torchvision, models/vision_transformer.py, "num_params".
let private sizes =
    [
        Models.vitb16, published 12 768L 3072L 16L 224L 1000L, 86_567_656L
        Models.vitb32, published 12 768L 3072L 32L 224L 1000L, 88_224_232L
        Models.vitl16, published 24 1024L 4096L 16L 224L 1000L, 304_326_632L
        Models.vitl32, published 24 1024L 4096L 32L 224L 1000L, 306_535_400L
    ]

let private becomes names =
    let changed, unused = NameMap.apply "vit" TorchvisionNames.visionTransformer names
    Assert.equal [] unused
    changed |> List.map (fun (name, (changed, _)) -> name, changed)

let private small = Models.visionTransformer 8 4 2 2 8 64 |> Module.configure "num_classes" 5
let private image = [ 2L; 3L; 8L; 8L ]

let private standardDeviation (tensor: Tensor) =
    use x = tensor.detach().std()
    float (x.item<float32>())

[<Tests>]
let tests =
    torchTests
        "TransformerTests"
        [
            testCase "with norm_first and with an order of one's own, the tree is the same" (fun () ->
                let first = encoder |> Module.configure TransformerEncoderLayer.normFirst true

                let ordered =
                    encoder
                    |> Module.select
                        ".../*[LayerDropoutSkipNormalization]"
                        (Module.configure "order" [ "normalization"; "layer"; "dropout"; "skip" ])

                Assert.equal (Recorded.modules first) (Recorded.modules ordered)
                Assert.notEqual (Recorded.modules encoder) (Recorded.modules first))

            testCase "nothing attends to what comes later in a causal encoder" (fun () ->
                use _ = torch.NewDisposeScope()
                let spec = encoder |> Module.configure TransformerEncoderLayer.isCausal true
                use built = build [ [ 1L; 6L; 4L ] ] spec
                let x = fill [ 1L; 6L; 4L ] 0.3
                let all = callAll built [ x ] |> List.exactlyOne
                let start = callAll built [ x.narrow (1L, 0L, 3L) ] |> List.exactlyOne
                assertClose "the first three" (numbers (all.narrow(1L, 0L, 3L).contiguous())) (numbers start))

            testCase "sequences of several lengths in one attend to themselves alone" (fun () ->
                use _ = torch.NewDisposeScope()
                let attention = Components.multiheadSelfAttention 4 2
                let spec = attention |> Module.configure MultiheadSelfAttention.ragged true
                use ragged = build [ [ 5L; 4L ]; [ 5L ] ] spec
                use plain = build [ [ 2L; 4L ] ] attention
                plain.load_state_dict (ragged.state_dict ()) |> ignore
                let x = fill [ 5L; 4L ] 0.3
                let sequences = torch.tensor [| 7L; 7L; 3L; 3L; 3L |]
                let found = callAll ragged [ x; sequences ] |> List.exactlyOne
                let alone start length = callAll plain [ x.narrow (0L, start, length) ] |> List.exactlyOne
                let expected = torch.cat [| alone 0L 2L; alone 2L 3L |]
                assertClose "each by itself" (numbers expected) (numbers found))

            testCase "a projection keeps the way past attention as wide as what it meets" (fun () ->
                let spec = Components.transformerEncoderLayer 6 [] 4 2
                Assert.equal [ 3L; 2L; 4L ] (Module.inferShape [ 3; 2; 6 ] spec)
                let lazily = Components.lazyTransformerEncoderLayer [] 4 2
                Assert.equal [ 3L; 2L; 4L ] (Module.inferShape [ 3; 2; 6 ] lazily))

            testCase "dropout is where it is asked for" (fun () ->
                let spec = encoder |> Module.configure TransformerEncoderLayer.dropout 0.1

                let found =
                    Recorded.modules spec
                    |> List.choose (fun (tag, kind, extra) -> if kind = "Dropout" then Some(tag, extra) else None)

                Assert.equal
                    [
                        "blocks.0.multihead.dropout", "p=0.1, inplace=False"
                        "blocks.0.feed_forward.dropout", "p=0.1, inplace=False"
                    ]
                    found)

            testCase "another attention and another normalization in every block" (fun () ->
                let spec =
                    Models.vitb16
                    |> Module.select ".../normalization" (Module.become Layers.identity)
                    |> Module.select ".../attention" (Module.become Layers.identity)

                Assert.equal [ 1L; 1000L ] (Module.inferShape [ 1; 3; 224; 224 ] spec))

            testCase "heads that don't divide a width are said, with the tag" (fun () ->
                match
                    errorsOf (fun () -> Components.transformerEncoderLayer 4 [ 6 ] 4 4 |> Module.construct |> ignore)
                with
                | error :: _ -> Assert.containsText "blocks.0.multihead.layer" (Error.describe error)
                | [] -> failtest "an error is expected")

            testCase "patches that don't cover an image are said" (fun () ->
                match errorsOf (fun () -> Models.viT 1 10 4 [ 8 ] 2 2 |> Module.construct |> ignore) with
                | [ error ] -> Assert.containsText "divisible by the patch_size 4" (Error.describe error)
                | errors -> failtest $"{errors}")

            testCase "the parameters of published sizes are as many as torchvision's, by its names" (fun () ->
                for spec, names, number in sizes do
                    let found = parameters [ 1L; 3L; 224L; 224L ] spec
                    Assert.equal number (count found)
                    let shapes = Map.ofList names
                    let changed = becomes (List.map fst names) |> List.map (fun (theirs, ours) -> ours, shapes[theirs])
                    Assert.equal (Map.ofList changed) (Map.ofList found)
                    Assert.equal (List.length changed) (List.length found))

            testCase "names of files from before torchvision 0.14 become the same" (fun () ->
                let block = "encoder.layers.encoder_layer_3.mlp"
                let old = [ $"{block}.linear_1.weight"; $"{block}.linear_2.bias" ]
                let now = [ $"{block}.0.weight"; $"{block}.3.bias" ]

                let apply names = NameMap.apply "vit" TorchvisionNames.visionTransformer names |> fst |> List.map snd

                Assert.equal (apply now) (apply old))

            testCase "a state dict of torchvision's is read, number by number" (fun () ->
                use _ = torch.NewDisposeScope()
                use built = build [ image ] small
                let names = published 2 8L 64L 4L 8L 5L
                let own = built.state_dict ()
                let changed = becomes (List.map fst names) |> List.map snd
                Assert.equal (List.sort changed) (List.sort (List.ofSeq own.Keys)))

            testCase "the first weights are torchvision's" (fun () ->
                use _ = torch.NewDisposeScope()
                use built = build [ [ 2L; 3L; 32L; 32L ] ] (Models.visionTransformer 32 16 1 2 64 256)
                let all = Map.ofList (parametersOf built)

                let near what expected (found: float) =
                    Expect.floatClose { absolute = 0.0; relative = 0.1 } found expected what

                let zeros name = Assert.equal [ 0.0 ] (List.distinct (numbers all[name]))
                let block = "transformer_encoder.blocks.0"
                zeros "cls_token"
                zeros "head.weight"
                zeros "head.bias"
                zeros "patch_embedder.layer.bias"
                near "patches" (sqrt (1.0 / (3.0 * 256.0))) (standardDeviation all["patch_embedder.layer.weight"])
                near "positions" 0.02 (standardDeviation all["positional_embedder.embs"])
                let xavier = sqrt (2.0 / (64.0 + 256.0))
                near "inside" xavier (standardDeviation all[$"{block}.feed_forward.layer.blocks.0.layer.weight"])
                near "bias" 1e-6 (standardDeviation all[$"{block}.feed_forward.layer.blocks.0.layer.bias"]))
        ]
