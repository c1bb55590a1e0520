/// Every layer kind against what PyTorch computes, and against what the shape rules say (law 12).
module Deeplay.Tests.LoweringLayers

open System
open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Library
open Deeplay.Torch
open TorchSharp
open Expecto
open Deeplay.Tests

open Deeplay.Tests.LoweringHelp
open Deeplay.Tests.ReferenceNumbers

let private specOf (case: LayerCase) = layerSpec case.Kind case.Arguments

// Layers that do not take sines alone, as lowering.py calls them.
let private inputOf (case: LayerCase) i (shape: int64 list) : Tensor =
    let count = List.fold (*) 1L shape

    let whole (number: int64 -> int64) =
        torch.tensor(Array.init (int count) (int64 >> number): int64[]).reshape(Array.ofList shape)

    match case.Kind with
    | "EmbeddingBag" when i = 1 -> whole (fun i -> 2L * i)
    | "Embedding"
    | "EmbeddingBag" ->
        match dict(case.Arguments)["num_embeddings"] with
        | Int below -> whole (fun i -> 3L * i % below)
        | other -> failwith $"num_embeddings = {other}"
    | "MaxUnpool1d"
    | "MaxUnpool2d"
    | "MaxUnpool3d" when i = 1 ->
        let dimensions = int case.Kind[case.Kind.Length - 2] - int '0'
        let map = shape |> List.skip (shape.Length - dimensions) |> List.fold (*) 1L
        whole (fun i -> 2L * (i % map) + i % map % 2L)
    | _ -> fill shape (0.1 * float i)

let private inputsOf (case: LayerCase) : Tensor list = List.mapi (inputOf case) case.Inputs

// What a user would write: a layer of their own.
type private Doubling() =
    inherit torch.nn.Module<torch.Tensor, torch.Tensor>("Doubling")

    override _.forward x =
        use two: Scalar = Scalar.op_Implicit 2.0
        x.mul two

[<Tests>]
let tests =
    torchTests
        "LoweringLayers"
        [
            testTheory "a layer has registered what it has when it is made" (List.indexed layerCases) (fun (_, case) ->
                let node = Build.plan (optionsFor case.Inputs) (specOf case)
                use made = (Lowering.standard.TryFind node.Definition).Value node.Arguments
                let names () = List.map fst (parametersOf made) @ List.map fst (buffersOf made)
                let before = names ()

                // Looks through its fields for more.
                use holder = new Container("Holder")
                holder.register_module ("layer", made)
                Assert.equal before (names ()))

            test "the torch module that a recurrent layer stands for is disposed with it" {
                let layers = [ RNN.definition; LSTM.definition; GRU.definition; LSTMCell.definition ]

                for definition in layers do
                    let spec = Module.create [ "input_size", Int 3L; "hidden_size", Int 4L ] definition
                    let made = (Lowering.standard.TryFind definition).Value (Build.plan Build.defaults spec).Arguments
                    let target = (box made :?> IStandsFor).Target
                    Assert.equal true target.training
                    made.Dispose()
                    // It asks libtorch's module, which holds the weights.
                    Expect.throwsT<ObjectDisposedException> (fun () -> ignore target.training) definition.Id
            }

            testTheory "a layer is what it is in PyTorch" (List.indexed layerCases) (fun (_, case) ->
                let spec = specOf case
                use _ = torch.NewDisposeScope()
                use built = build case.Inputs spec
                built.train case.Training

                // Names and shapes, in PyTorch's order.
                let parameters = parametersOf built

                Assert.equal case.Parameters [ for name, p in parameters -> name, shapeOf p ]

                // Law 12. The batch and the sizes are known, so the output's are.
                let inferred = Construct.root spec |> Infer.run (case.Inputs |> List.map Shape.known) |> Fail.unwrap

                let shapes = case.Shape :: List.map fst case.More
                Assert.equal [ for shape in shapes -> Carried.Tensor(Shape.known shape) ] inferred.Outputs

                // Numbers.
                using (torch.no_grad ()) (fun _ ->
                    parameters |> List.iteri (fun i (_, p) -> p.copy_ (fill (shapeOf p) (1.0 + float i)) |> ignore))

                let before = inputsOf case

                for input in before do
                    if input.is_floating_point () then input.requires_grad_ () |> ignore

                // A leaf can't be overwritten.
                let inputs = before |> List.map (fun x -> x.clone ())
                let outputs = callAll built inputs
                Assert.equal shapes (outputs |> List.map shapeOf)

                for expected, output in List.zip (case.Output :: List.map snd case.More) outputs do
                    assertClose "output" expected (numbers output)

                let overwrites = List.exists2 (fun x y -> numbers x <> numbers y) inputs before
                Assert.equal case.Overwrites overwrites

                let buffers = buffersOf built

                Assert.equal
                    [ for name, shape, _ in case.Buffers -> name, shape ]
                    [ for name, b in buffers -> name, shapeOf b ]

                List.iter2
                    (fun (name, _, expected) (_, b) -> assertClose name expected (numbers b))
                    case.Buffers
                    buffers

                for output in outputs do
                    if output.requires_grad then (cosines output).backward(retain_graph = true)

                let graded = before @ [ for _, p in parameters -> p :> Tensor ]

                for gradients in Option.toList case.Gradients do
                    Assert.equal [ for x in graded -> not (isNull x.grad) ] (gradients |> List.map Option.isSome)

                    for i, (x, gradient) in List.indexed (List.zip graded gradients) do
                        // What is summed is about one: a gradient in which almost all of it cancels is as exact as that.
                        gradient |> Option.iter (fun gradient -> isNear 1e-5 $"gradient {i}" gradient (digest x.grad)))

            testCase "every lowering of a layer has a recorded case" (fun () ->
                let recorded = layerCases |> List.map (fun case -> case.Kind) |> Set.ofList
                Assert.equal ((libraryLayers |> Map.keys |> Set.ofSeq) - recordedApart) recorded)

            testCase "a width that is neither set nor inferred is an error that names it" (fun () ->
                let spec = Module.create [ "out_features", Int 3L ] Linear.definition

                match errorsOf (fun () -> build [] spec) with
                | [ Missing(tag, "Linear", "in_features", _) ] -> Assert.equal Tag.root tag
                | other -> failtest ($"%A{other}"))

            testCase "a kind without a lowering is an error that names it" (fun () ->
                let own = Definition.primitive "Linaer" [] (fun _ inputs -> Ok { Outputs = inputs; Inferred = [] })

                match errorsOf (fun () -> build [ [ 2L ] ] (Module.create [] own)) with
                | [ UnknownName(_, "Linaer", "lowering", "Linaer", known) as error ] ->
                    Assert.contains "Linear" known
                    Assert.containsText "Did you mean 'Linear'" (Error.describe error)
                | other -> failtest ($"%A{other}"))

            testCase "a user's own layer is added beside the standard ones" (fun () ->
                let own = Definition.primitive "Doubling" [] (fun _ inputs -> Ok { Outputs = inputs; Inferred = [] })

                let options =
                    { optionsFor [ [ 2L ] ] with
                        Lowerings = Lowering.standard |> Lowering.add own (fun _ -> new Doubling())
                    }

                use _ = torch.NewDisposeScope()
                use built = Build.run options (Module.create [] own)
                let outputs = callAll built [ tensorOf [ 2L ] [ 1.0; 3.0 ] ]
                Assert.equal [ [ 2.0; 6.0 ] ] (outputs |> List.map numbers)
                Assert.isTrue (Lowering.standard.TryFind own).IsNone)

            testCase "another definition under the id of a layer is not made as that layer" (fun () ->
                let own = Definition.primitive "Linear" [] (fun _ inputs -> Ok { Outputs = inputs; Inferred = [] })

                match errorsOf (fun () -> build [ [ 2L ] ] (Module.create [] own)) with
                | [ WrongStructure(tag, "Linear", problem) ] ->
                    Assert.equal Tag.root tag
                    Assert.containsText "another definition" problem
                | other -> failtest ($"%A{other}"))

            testCase "a list of one number is one for all dimensions" (fun () ->
                let pool = Layers.maxPool2d 1 |> Module.configure "kernel_size" [ 2 ]
                use _ = torch.NewDisposeScope()
                use built = build1 [ 1L; 1L; 4L; 4L ] pool
                Assert.equal [ 1L; 1L; 2L; 2L ] (shapeOf (built.call (fill [ 1L; 1L; 4L; 4L ] 0.0))))
        ]
