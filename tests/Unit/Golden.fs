/// Perceptrons, convolutional networks and blocks against what Python Deeplay makes of them (golden/).
module Deeplay.Tests.Golden

open System.Text.Json
open System.Text.RegularExpressions
open Expecto
open Deeplay.Tests
open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Library
open Deeplay.Tests.LoweringHelp

let private mlp = Components.multiLayerPerceptron

let private specs: (string * ModuleSpec) list =
    [
        "mlp_default", mlp 2 [ 4 ] 3
        "mlp_784_256_256_10", mlp 784 [ 256; 256 ] 10
        "mlp_batchnorm", mlp 2 [ 4; 3; 5 ] 3 |> Module.select "blocks/:" (Block.normalized Layers.batchNorm1d)
        "mlp_bias_false", mlp 2 [ 4; 3; 5 ] 3 |> Module.select "blocks/:/layer" (Module.configure Linear.bias false)
        "mlp_dropout", mlp 2 [ 4; 3 ] 3 |> Module.select "blocks/:-1" (Block.appendDropout 0.25)
        "mlp_hidden_features_changed", mlp 2 [ 4 ] 3 |> Module.configure "hidden_features" [ 8; 8 ]
        "mlp_lazy",
        MultiLayerPerceptron.definition
        |> Module.create [ MultiLayerPerceptron.hiddenFeatures => [ 4 ]; MultiLayerPerceptron.outFeatures => 3 ]
        "mlp_no_hidden", mlp 2 [] 3
        "mlp_noflatten", mlp 2 [ 4 ] 3 |> Module.configure MultiLayerPerceptron.flattenInput false
        "mlp_norm_configure", mlp 2 [ 4; 3 ] 3 |> Module.select "blocks/:" (Block.normalized Layers.batchNorm1d)
        "mlp_out_sigmoid", mlp 2 [ 4 ] 3 |> Module.configure MultiLayerPerceptron.outActivation (Some Layers.sigmoid)
        // A layer kind stands for itself without arguments.
        "mlp_out_sigmoid_instance", mlp 2 [ 4 ] 3 |> Module.configure "out_activation" Sigmoid.definition
        "mlp_selector_gelu", mlp 2 [ 4; 5 ] 3 |> Module.select ".../activation" (Module.become Layers.gelu)
        "linearblock", Blocks.linear 4 6
        "smallmlp", Models.smallMLP 10 3
        "mediummlp", Models.mediumMLP 10 3
        "largemlp", Models.largeMLP 10 3
    ]
    @ GoldenConvolutions.specs
    @ GoldenRecurrent.specs
    @ GoldenTransformers.specs

/// Where Deeplay is wrong, and what of it is compared elsewhere.
let private wrong =
    [
        // Its forward pass fails, and its dropout is a module that holds another: RecurrentTests.
        "recurrentmodel_bidir_dropout"
    ]

let private keys = specs |> List.map fst |> List.except wrong

let private spec key = specs |> List.find (fst >> (=) key) |> snd

let private differences =
    GoldenTransformers.differences
    |> List.fold (fun all (key, difference) -> Map.add key difference all) GoldenConvolutions.differences

/// PyTorch prints the unknown width of its lazy layer as 0 and gives the layer another name.
let private ours key (text: string) =
    let text = text.Replace("LazyLinear", "Linear").Replace("in_features=0,", "in_features=?,")
    let text = Regex.Replace(text.Replace("LazyConv", "Conv"), @"(^|Conv\dd\()0, ", "$1?, ")

    match differences.TryFind key with
    | Some difference -> difference.Print text
    | None -> text

let private isThere key name =
    match differences.TryFind key with
    | Some difference -> difference.Keeps name
    | None -> true

/// The shapes of inputs where a golden file has no forward pass.
let private givenInputs =
    GoldenTransformers.shapes
    |> List.fold (fun all (key, (input, _)) -> Map.add key [ input ] all) GoldenConvolutions.inputs

let private inputs key =
    match givenInputs.TryFind key with
    | Some inputs -> inputs
    | None ->
        (Recorded.read "golden" key).GetProperty("forward").GetProperty "inp"
        |> Recorded.items
        |> List.map Recorded.sizes

let private holds key tag =
    match differences.TryFind key with
    | Some difference -> difference.Holds tag
    | None -> true

let private infer key =
    let shapes = inputs key |> List.map Shape.known
    Infer.run shapes (Module.construct (spec key)) |> Fail.unwrap

/// Names and shapes of parameters. Where a width was unknown before, what counts is how it is after the first forward pass.
let private recorded key (property: string) =
    let golden = Recorded.read "golden" key

    let source =
        match golden.TryGetProperty "after_forward" with
        | true, after when property = "named_parameters" -> after
        | _ -> golden

    source.GetProperty property
    |> Recorded.items
    |> List.map (fun row -> row[0].GetString(), Recorded.sizes row[1])
    |> List.filter (fun (name, _) -> isThere key name)

let private count (parameters: (string * int64 list) list) =
    parameters |> List.sumBy (fun (_, sizes) -> List.fold (*) 1L sizes)

[<Tests>]
let tests =
    torchTests
        "Golden"
        [
            testTheory "the tags of the modules before they are built" keys (fun (key: string) ->
                let tags (property: string) =
                    (Recorded.read "golden" key).GetProperty property
                    |> Recorded.items
                    |> List.map (fun row -> row[0].GetString())

                // What a layer of Deeplay's holds comes only when it is built.
                let later = List.except (tags "unbuilt_modules") (tags "named_modules")
                Assert.equal (tags "unbuilt_modules") (List.except later (Recorded.tags (spec key))))

            testTheory "names, kinds and what is printed of each module" keys (fun (key: string) ->
                let expected =
                    (Recorded.read "golden" key).GetProperty "named_modules"
                    |> Recorded.items
                    |> List.map (fun row ->
                        match Recorded.texts row with
                        | [ tag; kind; extra ] -> tag, ours key kind, ours key extra
                        | _ -> failwith "three texts expected")
                    |> List.filter (fun (tag, _, _) -> holds key tag)

                Assert.equal expected (Recorded.modules (spec key)))

            testTheory "the printed tree" keys (fun (key: string) ->
                let expected = (Recorded.read "golden" key).GetProperty "repr" |> Recorded.texts |> String.concat "\n"

                Assert.equal (ours key expected) (string (spec key)))

            testTheory "the shape that comes out" keys (fun (key: string) ->
                let expected =
                    match List.tryFind (fst >> (=) key) GoldenTransformers.shapes, givenInputs.TryFind key with
                    | Some(_, (_, output)), _ -> output
                    // As it came in.
                    | None, Some inputs -> inputs.Head
                    | None, None ->
                        (Recorded.read "golden" key).GetProperty("forward").GetProperty "out" |> Recorded.sizes

                Assert.equal [ Carried.Tensor(Shape.known expected) ] (infer key).Outputs)

            testTheory "the parameters that are trained, by name and shape" keys (fun (key: string) ->
                let found =
                    [
                        for tag, node, _ in Tree.walk (infer key).Root do
                            for own in node.Own do
                                string (Tag.child own.Name tag), node.SizesOf own

                            for name, sizes in node.Definition.Weights node.Arguments do
                                $"{tag}.{name}", sizes
                    ]

                Assert.equal (recorded key "named_parameters") found)

            testTheory
                "the built module's parameters and buffers, in order, and their number"
                keys
                (fun (key: string) ->
                    let golden = Recorded.read "golden" key

                    let all =
                        golden.GetProperty "named_parameters"
                        |> Recorded.items
                        |> List.map (fun row -> row[0].GetString(), ())

                    use built = build (inputs key) (spec key)
                    let expected = recorded key "named_parameters"
                    let found = parametersOf built |> List.map (fun (name, p) -> name, shapeOf p)
                    Assert.equal expected found

                    Assert.equal
                        (recorded key "named_buffers")
                        (buffersOf built |> List.map (fun (name, b) -> name, shapeOf b))

                    let isWhole = differences.TryFind key |> Option.forall (fun d -> List.forall (fst >> d.Keeps) all)

                    match golden.GetProperty "num_params" with
                    | number when number.ValueKind = JsonValueKind.Number && isWhole ->
                        Assert.equal (number.GetInt64()) (count found)
                    | _ -> ())

            testCase "every golden file is compared" (fun () ->
                let files =
                    System.IO.Directory.GetFiles(System.IO.Path.Combine(System.AppContext.BaseDirectory, "golden"))
                    |> Array.map System.IO.Path.GetFileNameWithoutExtension
                    |> Array.filter ((<>) "selectors")

                let apart = GoldenGraphs.keys @ GoldenApplications.keys
                Assert.equal (Set.ofArray files) (Set.ofList (List.map fst specs @ apart)))

            testCase "the largest of the sized perceptrons" (fun () ->
                let widths =
                    Recorded.modules (Models.xLargeMLP 10 3)
                    |> List.choose (fun (_, kind, extra) -> if kind = "Linear" then Some extra else None)

                Assert.equal
                    [
                        "in_features=10, out_features=128, bias=True"
                        "in_features=128, out_features=256, bias=True"
                        "in_features=256, out_features=512, bias=True"
                        "in_features=512, out_features=512, bias=True"
                        "in_features=512, out_features=3, bias=True"
                    ]
                    widths)

            testCase "a width that is unknown is inferred by the first block" (fun () ->
                let outcome = Infer.run [ Shape.known [ 2L; 5L ] ] (Module.construct (spec "mlp_lazy")) |> Fail.unwrap

                let first = Tree.find (Tag.parse "blocks.0.layer") outcome.Root
                Assert.equal 5 (first.Arguments.Get Linear.inFeatures))

            testCase "every kind of module in these trees can be found by its id" (fun () ->
                for key, spec in specs do
                    for _, kind, _ in Recorded.modules spec do
                        Expect.isTrue (Library.registry.Definitions.ContainsKey kind) $"{key}: {kind}")

            testCase "a perceptron comes back from JSON as it was" (fun () ->
                for _, spec in specs do
                    let text = Codec.encode spec |> Fail.unwrap
                    let back = Codec.decode Library.registry text |> Fail.unwrap
                    Assert.equal spec back
                    Assert.equal (string spec) (string back))

            testCase "thirty thousand blocks are constructed, changed and checked" (fun () ->
                let model =
                    mlp 4 (List.replicate 30000 4) 2
                    |> Module.style "normed_leaky" []
                    |> Module.select "blocks/-1" (Block.setDropout 0.1)

                Assert.equal 30001 ((Module.construct model |> Tree.find (Tag.parse "blocks")).Children.Length)

                Assert.equal [ 3L; 2L ] (Module.inferShape [ 3; 4 ] model))
        ]
