/// Every layer kind against what PyTorch computes, and against what the shape rules say (law 12).
module Deeplay.Tests.LoweringLayers

open System
open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Torch
open TorchSharp
open Xunit

open Deeplay.Tests.LoweringHelp

let caseNumbers: TheoryData<int, string> =
    let data = TheoryData<int, string>()
    layerCases |> List.iteri (fun i case -> data.Add(i, string case))
    data

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

[<Theory; MemberData(nameof caseNumbers)>]
let ``a layer is what it is in PyTorch`` (index: int, _name: string) =
    let case = layerCases[index]
    let spec = specOf case
    use _ = torch.NewDisposeScope()
    use built = build case.Inputs spec
    built.train case.Training

    // Names and shapes, in PyTorch's order.
    let parameters = parametersOf built

    Assert.Equal<(string * int64 list) list>(
        case.Parameters,
        [ for name, p in parameters -> name, shapeOf p ]
    )

    // Law 12. The batch and the sizes are known, so the output's are.
    if libraryLayers.ContainsKey case.Kind then
        let inferred =
            Construct.root spec
            |> Infer.run (case.Inputs |> List.map Shape.known)
            |> Fail.unwrap

        Assert.Equal<Carried list>([ Carried.Tensor(Shape.known case.Shape) ], inferred.Outputs)

    // Numbers.
    use _ = torch.no_grad ()

    parameters
    |> List.iteri (fun i (_, p) -> p.copy_ (fill (shapeOf p) (1.0 + float i)) |> ignore)

    let inputs = inputsOf case
    let before = inputs |> List.map (fun x -> x.clone ())
    let output = callOn built inputs
    Assert.Equal<int64 list>(case.Shape, shapeOf output)
    assertClose "output" case.Output (numbers output)

    let overwrites = List.exists2 (fun x y -> numbers x <> numbers y) inputs before
    Assert.Equal(case.Overwrites, overwrites)

    let buffers = buffersOf built

    Assert.Equal<(string * int64 list) list>(
        [ for name, shape, _ in case.Buffers -> name, shape ],
        [ for name, b in buffers -> name, shapeOf b ]
    )

    List.iter2 (fun (name, _, expected) (_, b) -> assertClose name expected (numbers b)) case.Buffers buffers

[<Fact>]
let ``every layer kind of the library has a lowering, and every lowering a recorded case`` () =
    let recorded = layerCases |> List.map (fun case -> case.Kind) |> Set.ofList
    let lowered = Lowering.standard |> Map.keys |> Set.ofSeq
    let kinds = libraryLayers |> Map.keys |> Set.ofSeq
    let training = Library.applications |> List.map (fun d -> d.Id) |> Set.ofList
    Assert.Equal<Set<string>>(Set.empty, kinds - lowered)

    // PyTorch 1.13 does not have these; they are one line with those it has.
    let newer =
        Set.ofList [ "ZeroPad1d"; "ZeroPad3d"; "CircularPad1d"; "CircularPad2d"; "CircularPad3d" ]

    Assert.Equal<Set<string>>(newer, lowered - recorded - training)

let private refuses (kind: string) (arguments: (string * Value) list) inputs (name: string) =
    let spec = layerSpec kind arguments

    match errorsOf (fun () -> build inputs spec) with
    | [ WrongValue(tag, found, parameter, _, _) ] ->
        Assert.Equal(Tag.root, tag)
        Assert.Equal(kind, found)
        Assert.Equal(name, parameter)
    | other -> Assert.Fail($"%A{other}")

[<Theory>]
[<InlineData("MaxPool1d", 3)>]
[<InlineData("MaxPool2d", 4)>]
[<InlineData("MaxPool3d", 5)>]
let ``indices of a pool can't be had, and are refused`` (kind: string, rank: int) =
    let input = List.replicate rank 4L
    refuses kind [ "kernel_size", Int 2L; "return_indices", Bool true ] [ input ] "return_indices"

[<Theory>]
[<InlineData("BatchNorm1d", 3)>]
[<InlineData("BatchNorm2d", 4)>]
[<InlineData("InstanceNorm3d", 5)>]
let ``the plain mean of statistics can't be had, and is refused`` (kind: string, rank: int) =
    refuses kind [ "num_features", Int 4L; "momentum", Null ] [ List.replicate rank 4L ] "momentum"

[<Fact>]
let ``a width that is neither set nor inferred is an error that names it`` () =
    let spec = Module.create [ "out_features", Int 3L ] Linear.definition

    match errorsOf (fun () -> build [] spec) with
    | [ Missing(tag, "Linear", "in_features", _) ] -> Assert.Equal(Tag.root, tag)
    | other -> Assert.Fail($"%A{other}")

[<Fact>]
let ``a kind without a lowering is an error that names it`` () =
    let own =
        Definition.primitive "Linaer" [] (fun _ inputs -> Ok { Outputs = inputs; Inferred = [] })

    match errorsOf (fun () -> build [ [ 2L ] ] (Module.create [] own)) with
    | [ UnknownName(_, "Linaer", "lowering", "Linaer", known) as error ] ->
        Assert.Contains("Linear", known)
        Assert.Contains("Did you mean 'Linear'", Error.describe error)
    | other -> Assert.Fail($"%A{other}")

/// What a user would write: a layer of their own.
type private Doubling() =
    inherit torch.nn.Module<torch.Tensor, torch.Tensor>("Doubling")
    override _.forward x = x.mul (Scalar.op_Implicit 2.0)

[<Fact>]
let ``a user's own layer is added beside the standard ones`` () =
    let own =
        Definition.primitive "Doubling" [] (fun _ inputs -> Ok { Outputs = inputs; Inferred = [] })

    let options =
        { optionsFor [ [ 2L ] ] with
            Lowerings = Lowering.standard |> Lowering.add "Doubling" (fun _ -> new Doubling())
        }

    use _ = torch.NewDisposeScope()
    use built = Build.run options (Module.create [] own)
    let output = callOn built [ tensorOf [ 2L ] [ 1.0; 3.0 ] ]
    Assert.Equal<float list>([ 2.0; 6.0 ], numbers output)
    Assert.False(Lowering.standard.ContainsKey "Doubling")

[<Fact>]
let ``a list of one number is one for all dimensions`` () =
    let pool = Layers.maxPool2d 1 |> Module.configure "kernel_size" [ 2 ]
    use _ = torch.NewDisposeScope()
    use built = build1 [ 1L; 1L; 4L; 4L ] pool
    Assert.Equal<int64 list>([ 1L; 1L; 2L; 2L ], shapeOf (built.call (fill [ 1L; 1L; 4L; 4L ] 0.0)))
