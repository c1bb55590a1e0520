/// Every layer kind against what PyTorch computes, and against what the shape rules say (law 12).
module Deeplay.Tests.LoweringLayers

open System
open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Torch
open TorchSharp
open Expecto
open Deeplay.Tests

open Deeplay.Tests.LoweringHelp

let private specOf (case: LayerCase) = layerSpec case.Kind case.Arguments

let private inputsOf (case: LayerCase) : Tensor list =
    if case.Kind = "Embedding" then
        let below =
            match dict(case.Arguments)["num_embeddings"] with
            | Int below -> below
            | other -> failwith $"num_embeddings = {other}"

        case.Inputs
        |> List.map (fun shape ->
            let count = List.fold (*) 1L shape

            torch
                .tensor(Array.init (int count) (fun i -> 3L * int64 i % below): int64[])
                .reshape(Array.ofList shape))
    else
        case.Inputs |> List.mapi (fun i shape -> fill shape (0.1 * float i))

let private callOn (built: torch.nn.Module) (inputs: Tensor list) : Tensor =
    match built, inputs with
    | (:? torch.nn.Module<torch.Tensor, torch.Tensor> as m), [ x ] -> m.call x
    | (:? torch.nn.Module<torch.Tensor, torch.Tensor, torch.Tensor> as m), [ x; y ] -> m.call (x, y)
    | _ -> failwith $"{built.GetName()} does not take {inputs.Length} inputs"

let private refuses (kind: string) (arguments: (string * Value) list) inputs (name: string) =
    let spec = layerSpec kind arguments

    match errorsOf (fun () -> build inputs spec) with
    | [ WrongValue(tag, found, parameter, _, _) ] ->
        Assert.equal Tag.root tag
        Assert.equal kind found
        Assert.equal name parameter
    | other -> failtest ($"%A{other}")

/// What a user would write: a layer of their own.
type private Doubling() =
    inherit torch.nn.Module<torch.Tensor, torch.Tensor>("Doubling")
    override _.forward x = x.mul (Scalar.op_Implicit 2.0)

[<Tests>]
let tests =
    torchTests
        "LoweringLayers"
        [
            testTheory "a layer is what it is in PyTorch" (List.indexed layerCases) (fun (_, case) ->
                let spec = specOf case
                use _ = torch.NewDisposeScope()
                use built = build case.Inputs spec
                built.train case.Training

                // Names and shapes, in PyTorch's order.
                let parameters = parametersOf built

                Assert.equal case.Parameters [ for name, p in parameters -> name, shapeOf p ]

                // Law 12. The batch and the sizes are known, so the output's are.
                if libraryLayers.ContainsKey case.Kind then
                    let inferred =
                        Construct.root spec
                        |> Infer.run (case.Inputs |> List.map Shape.known)
                        |> Fail.unwrap

                    Assert.equal [ Carried.Tensor(Shape.known case.Shape) ] inferred.Outputs

                // Numbers.
                use _ = torch.no_grad ()

                parameters
                |> List.iteri (fun i (_, p) -> p.copy_ (fill (shapeOf p) (1.0 + float i)) |> ignore)

                let inputs = inputsOf case
                let before = inputs |> List.map (fun x -> x.clone ())
                let output = callOn built inputs
                Assert.equal case.Shape (shapeOf output)
                assertClose "output" case.Output (numbers output)

                let overwrites = List.exists2 (fun x y -> numbers x <> numbers y) inputs before
                Assert.equal case.Overwrites overwrites

                let buffers = buffersOf built

                Assert.equal
                    [ for name, shape, _ in case.Buffers -> name, shape ]
                    [ for name, b in buffers -> name, shapeOf b ]

                List.iter2
                    (fun (name, _, expected) (_, b) -> assertClose name expected (numbers b))
                    case.Buffers
                    buffers)

            testCase
                "every layer kind of the library has a lowering, and every lowering a recorded case"
                (fun () ->
                    let recorded = layerCases |> List.map (fun case -> case.Kind) |> Set.ofList
                    let lowered = Lowering.standard |> Map.keys |> Set.ofSeq
                    let kinds = libraryLayers |> Map.keys |> Set.ofSeq
                    let training = Library.applications |> List.map (fun d -> d.Id) |> Set.ofList
                    Assert.equal Set.empty (kinds - lowered)

                    // PyTorch 1.13 does not have these; they are one line with those it has.
                    let newer =
                        Set.ofList
                            [ "ZeroPad1d"; "ZeroPad3d"; "CircularPad1d"; "CircularPad2d"; "CircularPad3d" ]

                    Assert.equal newer (lowered - recorded - training))

            testTheory
                "indices of a pool can't be had, and are refused"
                [ "MaxPool1d", 3; "MaxPool2d", 4; "MaxPool3d", 5 ]
                (fun (kind, rank) ->
                    let input = List.replicate rank 4L

                    refuses
                        kind
                        [ "kernel_size", Int 2L; "return_indices", Bool true ]
                        [ input ]
                        "return_indices")

            testTheory
                "the plain mean of statistics can't be had, and is refused"
                [ "BatchNorm1d", 3; "BatchNorm2d", 4; "InstanceNorm3d", 5 ]
                (fun (kind, rank) ->
                    refuses
                        kind
                        [ "num_features", Int 4L; "momentum", Null ]
                        [ List.replicate rank 4L ]
                        "momentum")

            testCase "a width that is neither set nor inferred is an error that names it" (fun () ->
                let spec = Module.create [ "out_features", Int 3L ] Linear.definition

                match errorsOf (fun () -> build [] spec) with
                | [ Missing(tag, "Linear", "in_features", _) ] -> Assert.equal Tag.root tag
                | other -> failtest ($"%A{other}"))

            testCase "a kind without a lowering is an error that names it" (fun () ->
                let own =
                    Definition.primitive "Linaer" [] (fun _ inputs -> Ok { Outputs = inputs; Inferred = [] })

                match errorsOf (fun () -> build [ [ 2L ] ] (Module.create [] own)) with
                | [ UnknownName(_, "Linaer", "lowering", "Linaer", known) as error ] ->
                    Assert.contains "Linear" known
                    Assert.containsText "Did you mean 'Linear'" (Error.describe error)
                | other -> failtest ($"%A{other}"))

            testCase "a user's own layer is added beside the standard ones" (fun () ->
                let own =
                    Definition.primitive "Doubling" [] (fun _ inputs ->
                        Ok { Outputs = inputs; Inferred = [] })

                let options =
                    { optionsFor [ [ 2L ] ] with
                        Lowerings = Lowering.standard |> Lowering.add "Doubling" (fun _ -> new Doubling())
                    }

                use _ = torch.NewDisposeScope()
                use built = Build.run options (Module.create [] own)
                let output = callOn built [ tensorOf [ 2L ] [ 1.0; 3.0 ] ]
                Assert.equal [ 2.0; 6.0 ] (numbers output)
                Assert.isFalse (Lowering.standard.ContainsKey "Doubling"))

            testCase "a list of one number is one for all dimensions" (fun () ->
                let pool = Layers.maxPool2d 1 |> Module.configure "kernel_size" [ 2 ]
                use _ = torch.NewDisposeScope()
                use built = build1 [ 1L; 1L; 4L; 4L ] pool
                Assert.equal [ 1L; 1L; 2L; 2L ] (shapeOf (built.call (fill [ 1L; 1L; 4L; 4L ] 0.0))))
        ]
