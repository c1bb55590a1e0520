/// Layers whose weight is computed, against PyTorch: what they give in several calls, gradients, and what they keep
/// (reference/surgery.py).
module Deeplay.Tests.SurgeryNumbers

open System.Text.Json
open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Library
open Deeplay.Torch
open TorchSharp
open Expecto
open Deeplay.Tests
open Deeplay.Tests.LoweringHelp

let private cases = Recorded.read "reference" "surgery" |> Recorded.items

let private text (case: JsonElement) (name: string) = (case.GetProperty name).GetString()
let private values (json: JsonElement) = [ for p in json.EnumerateObject() -> p.Name, Recorded.value p.Value ]
let private floats (json: JsonElement) = [ for n in Recorded.items json -> n.GetDouble() ]

let private describe (case: JsonElement) =
    let given = Value.printArguments (Map.ofList (values (case.GetProperty "given")))
    String.concat " " [ text case "kind"; text case "edit"; given ]

let private specOf (case: JsonElement) : ModuleSpec =
    let definition = Library.registry.Definitions[text case "kind"]
    let spec = Module.create (values (case.GetProperty "arguments")) definition

    match text case "edit" with
    | null -> spec
    | edit -> Module.call edit (values (case.GetProperty "given")) spec

// A hundred thousandth of the largest of them.
let private isClose what (expected: float list) (found: float list) =
    let scale = expected |> List.map abs |> List.fold max 1e-2
    Assert.equal expected.Length found.Length

    for e, f in List.zip expected found do
        Expect.isTrue (abs (e - f) <= 1e-5 * scale) $"{what}: {e}, but {f}"

let private check (case: JsonElement) =
    use _scope = torch.NewDisposeScope()
    let shape = Recorded.sizes (case.GetProperty "shape")
    let spec = specOf case
    use built = build1 shape spec
    let parameters = parametersOf built

    let recorded =
        [ for p in Recorded.items (case.GetProperty "parameters") -> p[0].GetString(), Recorded.sizes p[1] ]

    Assert.equal recorded [ for name, p in parameters -> name, shapeOf p ]
    let buffers = buffersOf built
    let kept = Recorded.items (case.GetProperty "buffers")
    Assert.equal [ for b in kept -> b[0].GetString() ] (List.map fst buffers)

    // What the spec says that it will have is what it has.
    let foreseen =
        [
            for tag, node, _ in Tree.walk (Module.construct spec) do
                for name, sizes in node.Weights do
                    string (Tag.child name tag), sizes
        ]

    Assert.equal (List.sort recorded) (List.sort foreseen)

    using (torch.no_grad ()) (fun _ ->
        parameters |> List.iteri (fun i (_, p) -> p.copy_ (fill (shapeOf p) (1.0 + float i)) |> ignore)

        for i, (_, b) in List.indexed buffers do
            let start = fill (shapeOf b) (11.0 + float i)
            b.copy_ (start / start.norm ()) |> ignore)

    let input = (fill shape 0.1).requires_grad_()
    built.train ()

    for expected in Recorded.items (case.GetProperty "outputs") do
        for p in input :: List.map (fun (_, p: Modules.Parameter) -> p :> Tensor) parameters do
            if not (isNull p.grad) then p.grad.zero_ () |> ignore

        let output = built.call input
        Assert.equal (Recorded.sizes (case.GetProperty "output_shape")) (shapeOf output)
        isClose "output" (floats expected) (numbers output)
        let cosines = torch.cos (torch.arange (output.numel (), dtype = torch.float32) * (0.3f).ToScalar())
        (output * cosines.reshape output.shape).sum().backward()

    isClose "gradient of the input" (floats (case.GetProperty "input_gradient")) (numbers input.grad)
    let gradients = case.GetProperty "gradients"

    for name, p in parameters do
        match gradients.TryGetProperty name with
        | true, expected -> isClose name (floats expected) (numbers p.grad)
        | _ -> Expect.isFalse p.requires_grad name

    for (name, buffer), expected in List.zip buffers kept do
        isClose name (floats expected[2]) (numbers buffer)

    built.eval ()
    isClose "evaluated" (floats (case.GetProperty "evaluated")) (numbers (built.call input))

[<Tests>]
let tests =
    torchTests
        "SurgeryNumbers"
        [
            for i, case in List.indexed cases do
                testCase $"{describe case} is PyTorch's {i}" (fun () -> check case)
        ]
