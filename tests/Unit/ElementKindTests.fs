/// Kinds of numbers before anything is built: what operations and layers make of floating-point numbers, whole numbers and bools is what
/// libtorch makes of them, and what it refuses is told of its module.
module Deeplay.Tests.ElementKindTests

open System
open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Library
open Deeplay.Torch
open TorchSharp
open Expecto
open Deeplay.Tests
open Deeplay.Tests.LoweringHelp
open Deeplay.Tests.TrainingHelp

let private dtypes = [ torch.float32; torch.int64; torch.bool ]

let private kindOf (x: Tensor) = ElementKind.ofDType (DTypes.ofTorch x.dtype)

/// What libtorch gives; None where it refuses.
let private computed (built: torch.nn.Module) (node: Node) (inputs: Tensor list) : ElementKind list option =
    use _ = torch.NewDisposeScope()

    try
        Calls.mapped Tag.root node built [| for x in inputs -> box x |]
        |> Array.map (fun y -> kindOf (y :?> Tensor))
        |> List.ofArray
        |> Some
    with _ ->
        None

/// What is inferred; None where it is refused.
let private inferred (node: Node) (inputs: Tensor list) : ElementKind list option =
    let kinds = inputs |> List.map kindOf
    let shapes = inputs |> List.map (fun x -> Shape.known (List.ofArray x.shape))

    match Infer.flow (List.map2 Flowing.ofKind kinds shapes) node with
    | Ok(_, found) -> found |> List.map (InferParts.single Tag.root node >> _.Kind) |> Some
    | Error [ WrongShape(tag, kind, expected, found) ] ->
        Assert.equal node.Tag tag
        Assert.equal node.Definition.Id kind
        Assert.notEqual expected found
        None
    | Error other -> failtest $"{other}"

let rec private variants (inputs: Tensor list) : Tensor list list =
    match inputs with
    | [] -> [ [] ]
    | x :: rest ->
        [
            for dtype in dtypes do
                for more in variants rest -> x.``to`` dtype :: more
        ]

let private agrees (inferred: ElementKind list) (computed: ElementKind list) =
    inferred.Length <= computed.Length
    && List.forall2 ElementKind.agrees inferred (List.truncate inferred.Length computed)

let private print (kinds: ElementKind list option) =
    match kinds with
    | None -> "refused"
    | Some kinds -> $"%A{kinds}"

/// Of an operation, or of a layer, what is not as libtorch has it.
let private differences what (built: torch.nn.Module) (node: Node) (inputs: Tensor list) : string list =
    [
        for given in variants inputs do
            let kinds = given |> List.map kindOf
            let expected = inferred node given

            // libtorch ends the program where it is asked for products of bools.
            if expected.IsSome || not (List.contains ElementKind.Boolean kinds) then
                match expected, computed built node given with
                | None, None -> ()
                | Some found, Some torchs when agrees found torchs -> ()
                | found, torchs -> $"{what} of %A{kinds}: {print found} for {print torchs}"
    ]

// What is taken although libtorch may refuse it: a bias of another kind, a scatter of two kinds, dropout in training, pools over one dimension,
// limits in the place of the input.
let private isLoose (name: string) (problem: string) =
    problem.EndsWith "for refused"
    && List.exists
        (name.StartsWith: string -> bool)
        [
            "linear"
            "scatter_"
            "Dropout"
            "AlphaDropout"
            "FeatureAlphaDropout"
            "MaxPool1d"
            "Hardtanh"
            "EmbeddingBag"
        ]

let private ofCase (case: OperationTests.Case) : string list =
    use _ = torch.NewDisposeScope()
    let inputs = case.Inputs |> List.mapi (fun i what -> OperationTests.input what (0.1 * float i))
    let spec = OperationTests.specOf case
    use built = build [] spec

    if inputs.Length > 3 then
        []
    else
        differences case.Name built (Module.construct spec) inputs |> List.filter (isLoose case.Name >> not)

let private ofLayer (case: LayerCase) : string list =
    use _ = torch.NewDisposeScope()
    let spec = layerSpec case.Kind case.Arguments
    use built = build case.Inputs spec
    built.train case.Training
    // All inputs of one kind: states and weights go with them.
    let node = (Infer.run (case.Inputs |> List.map Shape.known) (Module.construct spec) |> Fail.unwrap).Root

    [
        for dtype in dtypes do
            let given = [ for shape in case.Inputs -> (fill shape 0.1).abs().``to``(dtype: torch.ScalarType) ]
            let kinds = given |> List.map kindOf

            match inferred node given, computed built node given with
            | None, None -> ()
            | Some found, Some torchs when agrees found torchs -> ()
            | found, torchs -> $"{case} of %A{kinds}: {print found} for {print torchs}"
    ]
    |> List.filter (isLoose case.Kind >> not)

let private typed (inputs: int64 list list) (types: torch.ScalarType list) =
    { optionsFor inputs with InputDTypes = types }

let private language = Layers.sequential [ Layers.embedding 11 4; Layers.linear 4 3; Layers.softmax -1 ]

[<Tests>]
let tests =
    torchTests
        "ElementKinds"
        [
            testCase "operations take and give the kinds that libtorch does" (fun () ->
                let problems =
                    OperationTests.cases |> List.filter (OperationTests.isRefused >> not) |> List.collect ofCase

                Expect.isTrue problems.IsEmpty (String.concat "\n" problems))

            testCase "layers take and give the kinds that libtorch does" (fun () ->
                let problems = layerCases |> List.collect ofLayer
                Expect.isTrue problems.IsEmpty (String.concat "\n" problems))

            testCase
                "an embedding that is given floats is told before a tensor is made, and so is what follows"
                (fun () ->
                    let before = liveTensors ()

                    match errorsOf (fun () -> Build.run (typed [ [ 2; 5 ] ] [ torch.float32 ]) language) with
                    | [ WrongShape(tag, "Embedding", expected, found) ] ->
                        Assert.equal "0" (string tag)
                        Assert.equal "whole numbers" expected
                        Assert.equal "floating-point numbers" found
                    | other -> failtest $"{other}"

                    match errorsOf (fun () -> Build.run (typed [ [ 2; 4 ] ] [ torch.int64 ]) (Layers.linear 4 3)) with
                    | [ error ] ->
                        Assert.equal
                            "the root (Linear) expects floating-point numbers, but gets whole numbers."
                            (Error.describe error)
                    | other -> failtest $"{other}"

                    Assert.equal before (liveTensors ())
                    use built = Build.run (typed [ [ 2; 5 ] ] [ torch.int32 ]) language
                    Assert.equal 3 (parametersOf built).Length)

            testCase "what a pass computes has a kind, whatever it is given" (fun () ->
                let picks =
                    Definition.create "Picks" [] (fun _ ->
                        init {
                            let! head = child "head" (Layers.linear 4 2)
                            return forward (fun x -> call head (Op.argsort -1 false x))
                        })
                    |> Module.create []

                match errorsOf (fun () -> build [ [ 2; 4 ] ] picks) with
                | [ WrongShape(tag, "Linear", _, "whole numbers") ] -> Assert.equal "head" (string tag)
                | other -> failtest $"{other}")

            testCase "named tensors have theirs by their keys" (fun () ->
                let model = Module.inputsFrom [ "x"; "batch" ] Components.globalAddPool
                let named = [ "x", [ 4L; 3L ]; "batch", [ 4L ] ]
                let options types = { optionsFor [] with Named = named; NamedDTypes = types }
                use _built = Build.run (options [ "batch", torch.int64 ]) model

                match errorsOf (fun () -> Build.run (options [ "batch", torch.float32 ]) model) with
                | [ WrongShape(_, "GlobalAddPool", _, _) ] -> ()
                | other -> failtest $"{other}"

                let problem work = Error.describeAll (errorsOf work)
                Assert.containsText "'bach'" (problem (fun () -> Build.run (options [ "bach", torch.int64 ]) model)))

            testCase "what follows from a model alone is told where shapes are asked for" (fun () ->
                Assert.equal
                    "1 (Embedding) expects whole numbers, but gets floating-point numbers."
                    (Recorded.problem (fun () ->
                        Layers.sequential [ Layers.linear 4 3; Layers.embedding 11 4 ] |> Module.inferShape [ 2; 4 ])))

            testCase "an application is told what its data holds before a tensor is made" (fun () ->
                use whole =
                    new Dataset(torch.ones (16L, 2L, dtype = torch.int64), ints [ for i in 0L .. 15L -> i % 2L ])

                use floats = points ()
                let before = liveTensors ()

                let refused layers (data: Dataset) =
                    Recorded.problem (fun () -> Application.fit (options 1) data (classifier layers))

                Assert.equal
                    "model.0 (Linear) expects floating-point numbers, but gets whole numbers."
                    (refused [ Layers.linear 2 2 ] whole)

                Assert.equal
                    "model.0 (Embedding) expects whole numbers, but gets floating-point numbers."
                    (refused [ Layers.embedding 11 4; Layers.flatten; Layers.linear 8 2 ] floats)

                Assert.equal before (liveTensors ()))

            testCase "dtypes go with inputs" (fun () ->
                let problem work = Error.describeAll (errorsOf work)

                Assert.containsText
                    "a dtype for each of 1 shapes"
                    (problem (fun () -> Build.run (typed [ [ 2; 4 ] ] [ torch.int64; torch.bool ]) (Layers.linear 4 3)))

                Assert.containsText
                    "for each of 0 shapes of inputs"
                    (problem (fun () ->
                        Build.run { typed [ [ 2 ] ] [ torch.int64 ] with Inputs = [] } (Layers.linear 4 3))))

            testCase "models take the numbers that they are made for" (fun () ->
                for id, (definition, example) in Map.toList ExampleSizes.examples do
                    let spec = Module.create example.Arguments definition

                    let dtype (input: ExampleComponents.Input) =
                        if input.Below.IsSome then torch.int64 else torch.float32

                    let options =
                        match example.Sizes.Head with
                        | ExampleComponents.Plain all ->
                            typed [ for input in all -> input.Shape ] [ for input in all -> dtype input ]
                        | ExampleComponents.Named all ->
                            { optionsFor [] with
                                Named = [ for key, input in all -> key, input.Shape ]
                                NamedDTypes = [ for key, input in all -> key, dtype input ]
                            }

                    match errorsOf (fun () -> Build.plan options spec) with
                    | [] -> ()
                    | errors -> failtest $"{id}: {Error.describeAll errors}")
        ]
