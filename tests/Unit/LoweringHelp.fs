/// What the tests of lowering have in common.
module Deeplay.Tests.LoweringHelp

open System
open System.IO
open System.Text.Json
open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Library
open Deeplay.Torch
open TorchSharp
open Expecto
open Deeplay.Tests

type Tensor = torch.Tensor

let cpu = torch.device (DeviceType.CPU, -1)

/// Options for building on the CPU, with the shapes of the inputs.
let optionsFor (inputs: int64 list list) : BuildOptions = { Build.defaults with Device = "cpu"; Inputs = inputs }

let build inputs spec = Build.run (optionsFor inputs) spec

/// Builds what takes one tensor and gives one.
let build1 (input: int64 list) spec = build [ input ] spec :?> torch.nn.Module<torch.Tensor, torch.Tensor>

/// Numbers in a shape.
let tensorOf (shape: int64 list) (numbers: float seq) : Tensor =
    use flat = torch.tensor (numbers |> Seq.map float32 |> Array.ofSeq: float32[])
    flat.reshape (Array.ofList shape)

/// sin(0.7 i + seed) for element i, as lowering.py fills.
let fill (shape: int64 list) (seed: float) : Tensor =
    let count = List.fold (*) 1L shape
    tensorOf shape (Seq.init (int count) (fun i -> sin (0.7 * float i + seed)))

let shapeOf (x: Tensor) = List.ofArray x.shape

let numbers (x: Tensor) : float list =
    use _scope = torch.NewDisposeScope()
    let flat = x.detach().``to``(torch.ScalarType.Float32).contiguous()
    flat.data<float32>().ToArray() |> Array.map float |> List.ofArray

/// What a built module gives for these inputs.
let callAll (built: torch.nn.Module) (inputs: Tensor list) : Tensor list =
    match built, inputs with
    | (:? torch.nn.Module<torch.Tensor, torch.Tensor> as m), [ x ] -> [ m.call x ]
    | (:? torch.nn.Module<torch.Tensor, torch.Tensor[]> as m), [ x ] -> List.ofArray (m.call x)
    | (:? torch.nn.Module<torch.Tensor, torch.Tensor, torch.Tensor> as m), [ x; y ] -> [ m.call (x, y) ]
    | (:? torch.nn.Module<torch.Tensor[], torch.Tensor[]> as m), _ -> List.ofArray (m.call (Array.ofList inputs))
    | _ -> failwith $"{built.GetName()} does not take {inputs.Length} inputs"

/// Fails where a number is off by more than a millionth of its size, or of one.
let assertClose what (expected: float list) (actual: float list) =
    Assert.equal expected.Length actual.Length

    List.iteri2
        (fun i (e: float) (a: float) ->
            let bound = 2e-5 * max 1.0 (abs e)

            Expect.isTrue (abs (e - a) <= bound || (Double.IsNaN e && Double.IsNaN a)) $"{what}[{i}]: {e}, but {a}")
        expected
        actual

let parametersOf (built: torch.nn.Module) = [ for struct (name, p) in built.named_parameters () -> name, p ]

let buffersOf (built: torch.nn.Module) = [ for struct (name, b) in built.named_buffers () -> name, b ]

/// Tensors of this thread that are alive.
let liveTensors () = DisposeScopeManager.Statistics.ThreadTotalLiveCount

/// The typed errors that `work` raises.
let errorsOf (work: unit -> 'a) : Error list =
    match Fail.catch (work >> ignore) with
    | Ok() -> []
    | Error errors -> errors

/// The layers of the library, by their ids.
let libraryLayers: Map<string, Definition> =
    Library.layers @ Library.activations
    |> List.map (fun definition -> definition.Id, definition)
    |> Map.ofList

/// A layer whose record is apart: it takes one input or several, and masks (AttentionTests.fs compares it).
let recordedApart = Set.ofList [ "MultiheadAttention" ]

let layerSpec (kind: string) (arguments: (string * Value) list) : ModuleSpec =
    Module.create arguments libraryLayers[kind]

/// One recorded layer.
[<NoComparison>]
type LayerCase =
    {
        Kind: string
        Arguments: (string * Value) list
        Training: bool
        Inputs: int64 list list
        Parameters: (string * int64 list) list
        Overwrites: bool
        Shape: int64 list
        Output: float list
        /// What it gives beside: the places of maxima, the last states.
        More: (int64 list * float list) list
        Buffers: (string * int64 list * float list) list
        /// Of the inputs, then of the parameters: the gradient's digest with its size, none where it has none; nothing where it is
        /// not compared.
        Gradients: (float * float) option list option
    }

    override this.ToString() =
        let arguments = this.Arguments |> List.map (fun (name, value) -> $"{name}={Value.print value}")

        let arguments = String.Join(", ", arguments)
        let mode = if this.Training then " training" else ""
        $"{this.Kind}({arguments}){mode}"

/// A value that a reference file holds.
let rec valueOf (json: JsonElement) : Value =
    match json.ValueKind with
    | JsonValueKind.True -> Bool true
    | JsonValueKind.False -> Bool false
    | JsonValueKind.String -> Text(json.GetString())
    | JsonValueKind.Array -> List [ for item in json.EnumerateArray() -> valueOf item ]
    | JsonValueKind.Number ->
        let text = json.GetRawText()

        if text.Contains '.' || text.Contains 'e' then Float(json.GetDouble()) else Int(json.GetInt64())
    | _ -> Null

/// What PyTorch gave: reference/lowering.json.
let layerCases: LayerCase list =
    let path = Path.Combine(AppContext.BaseDirectory, "reference", "lowering.json")
    use document = JsonDocument.Parse(File.ReadAllText path)

    let longs (json: JsonElement) = [ for n in json.EnumerateArray() -> n.GetInt64() ]

    let floats (json: JsonElement) = [ for n in json.EnumerateArray() -> n.GetDouble() ]

    [
        for case in document.RootElement.GetProperty("cases").EnumerateArray() do
            let at (name: string) = case.GetProperty name

            {
                Kind = (at "kind").GetString()
                Arguments = [ for p in (at "arguments").EnumerateObject() -> p.Name, valueOf p.Value ]
                Training = (at "training").GetBoolean()
                Inputs = [ for shape in (at "inputs").EnumerateArray() -> longs shape ]
                Parameters = [ for p in (at "parameters").EnumerateArray() -> p[0].GetString(), longs p[1] ]
                Overwrites = (at "overwrites").GetBoolean()
                Shape = longs (at "shape")
                Output = floats (at "output")
                More =
                    match case.TryGetProperty "more" with
                    | true, more -> [ for output in more.EnumerateArray() -> longs output[0], floats output[1] ]
                    | _ -> []
                Buffers = [ for b in (at "buffers").EnumerateArray() -> b[0].GetString(), longs b[1], floats b[2] ]
                Gradients =
                    match case.TryGetProperty "gradients" with
                    | true, gradients ->
                        Some
                            [
                                for gradient in gradients.EnumerateArray() do
                                    if gradient.ValueKind = JsonValueKind.Null then
                                        None
                                    else
                                        Some(gradient[0].GetDouble(), gradient[1].GetDouble())
                            ]
                    | _ -> None
            }
    ]
