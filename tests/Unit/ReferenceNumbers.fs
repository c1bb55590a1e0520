/// Networks against what PyTorch recorded of them: outputs and all gradients, with the same numbers for the weights. Both
/// sides compute these by the same formulas (reference/convolutions.py), so that nobody has to keep them.
module Deeplay.Tests.ReferenceNumbers

open System
open System.Text.Json
open Expecto
open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Torch
open Deeplay.Tests
open Deeplay.Tests.LoweringHelp
open TorchSharp

/// sin(0.7 i + start) for element i, in float64.
let wave (shape: int64 list) (start: float) : Tensor =
    let count = List.fold (*) 1L shape
    let values = Array.init (int count) (fun i -> sin (float i * 0.7 + start))
    torch.tensor(values).reshape(Array.ofList shape)

/// The same in float32, as an input whose gradient is asked for.
let graded (shape: int64 list) (start: float) : Tensor = (wave shape start).``to``(torch.float32).requires_grad_()

/// The numbers of float32 in float64, for networks that make much of what rounding leaves, as norms and attention do.
let single (shape: int64 list) (start: float) : Tensor = (wave shape start).``to``(torch.float32).``to`` torch.float64

/// A parameter's first numbers, by the name it has in PyTorch.
let first (name: string) (shape: int64 list) : Tensor =
    let seed = (name |> Seq.mapi (fun i c -> int c * (i + 1)) |> Seq.sum) % 101
    let wave = wave shape (float seed)

    if shape.Length > 1 then
        wave * (sqrt (2.0 / float (List.fold (*) 1L shape.Tail))).ToScalar()
    elif name.EndsWith("weight", StringComparison.Ordinal) then
        (wave * (0.1).ToScalar()) + (1.0).ToScalar()
    else
        wave * (0.1).ToScalar()

/// The sum over all elements, each times a cosine of its place.
let digest (tensor: Tensor) : float =
    let flat = tensor.detach().``to``(torch.float64).flatten()
    let cosines = torch.cos (torch.arange (flat.numel (), dtype = torch.float64) * (0.3).ToScalar())
    (flat * cosines).sum().ToDouble()

/// Off by at most a hundred thousandth of what the terms of the sum come to, and by `rounding` beside. Where they come to
/// nothing but rounding, as the gradient of a bias in front of a norm does, they do so here.
let isNear (rounding: float) what (expected: float, size: float) (found: float) =
    let bound = if size < 1e-5 then 1e-4 else 1e-5 * size + rounding
    Expect.isTrue (abs (found - expected) <= bound) $"{what}: {expected} of {size}, but {found}"

/// The same with a sum and its size as they were recorded.
let isDigestBut rounding what (recorded: JsonElement) (found: float) =
    isNear rounding what (recorded[0].GetDouble(), recorded[1].GetDouble()) found

let isDigest what recorded found = isDigestBut 0.0 what recorded found

/// The sum over an output, each number times a cosine of its place.
let cosines (output: Tensor) : Tensor =
    let cosines = torch.cos (torch.arange (output.numel (), dtype = output.dtype) * (0.3).ToScalar())
    (output * cosines.reshape output.shape).sum()

/// The gradients of that sum.
let backward (output: Tensor) = (cosines output).backward()

/// A network that was recorded, and how it is made and called here.
[<NoEquality; NoComparison>]
type Network =
    {
        /// The name that it has in the file.
        Name: string
        Spec: ModuleSpec
        /// The type that both sides compute in; the numbers they begin with are of float32.
        DType: torch.ScalarType
        IsTraining: bool
        /// The input of this shape, whose gradient counts where it has one.
        Input: int64 list -> Tensor
        /// All that the network is called with, given this input.
        Inputs: Tensor -> Tensor list
        /// The names of our parameters with those of PyTorch's program, given the latter.
        Names: string list -> Map<string, string>
        /// Parameters that have no part in what was recorded.
        IsIdle: string -> bool
        /// What rounding may add to a gradient.
        Rounding: float
        /// What inference says of the output, given its sizes.
        Foreseen: int64 list -> Shape
    }

    /// The shapes of the inputs, given that of the first.
    member this.Shapes(shape: int64 list) =
        use _scope = torch.NewDisposeScope()
        [ for input in this.Inputs(this.Input shape) -> shapeOf input ]

/// A network of one input, whose parameters have PyTorch's names.
let network name (spec: ModuleSpec) : Network =
    {
        Name = name
        Spec = spec
        DType = torch.float32
        IsTraining = true
        Input = fun shape -> graded shape 1.0
        Inputs = List.singleton
        Names = List.map (fun name -> name, name) >> Map.ofList
        IsIdle = fun _ -> false
        Rounding = 0.0
        Foreseen = Shape.known
    }

/// The names of our parameters with those that a published map of names has for them.
let published name rules (recorded: string list) : Map<string, string> =
    NameMap.apply name rules recorded
    |> fst
    |> List.map (fun (theirs, (ours, _)) -> ours, theirs)
    |> Map.ofList

/// What was recorded under this name.
let named (models: JsonElement list) name =
    models |> List.find (fun model -> model.GetProperty("name").GetString() = name)

/// The sizes of the inputs that were tried: shapes with what came out, nothing where they were refused.
let private sizes (model: JsonElement) =
    [ for size in model.GetProperty "sizes" |> Recorded.items -> Recorded.sizes size[0], size[1] ]

/// Writes the numbers that both sides begin with, by PyTorch's names.
let write (theirs: string -> string) (parameters: (string * Modules.Parameter) list) =
    use _noGrad = torch.no_grad ()

    for name, p in parameters do
        p.copy_ ((first (theirs name) (shapeOf p)).``to`` torch.float32) |> ignore

/// Compares the gradients of all parameters with those recorded; null for none.
let areGradients
    rounding
    (gradients: JsonElement)
    (theirs: string -> string)
    (parameters: (string * Modules.Parameter) list)
    =
    Assert.equal
        (List.sort [ for gradient in gradients.EnumerateObject() -> gradient.Name ])
        (List.sort [ for name, _ in parameters -> theirs name ])

    for name, p in parameters do
        match gradients.GetProperty(theirs name) with
        | none when none.ValueKind = JsonValueKind.Null -> Expect.isTrue (isNull p.grad) name
        | recorded -> isDigestBut rounding name recorded (digest p.grad)

let private options (network: Network) shape =
    let options = optionsFor (network.Shapes shape)
    if network.DType = torch.float32 then options else { options with DType = Some network.DType }

/// Compares what the network gives, and all gradients, for the first of the recorded sizes.
let check (models: JsonElement list) (network: Network) =
    use _scope = torch.NewDisposeScope()
    let model = named models network.Name
    let shape = fst (sizes model).Head
    use built = network.Spec |> Build.run (options network shape)
    built.train network.IsTraining
    let parameters = parametersOf built |> List.filter (fst >> network.IsIdle >> not)
    let gradients = model.GetProperty "gradients"
    let theirs = network.Names [ for gradient in gradients.EnumerateObject() -> gradient.Name ]
    let nameOf name = theirs |> Map.tryFind name |> Option.defaultValue name
    write nameOf parameters
    let input = network.Input shape
    let output = callAll built (network.Inputs input) |> List.head
    backward output
    isDigest "output" (model.GetProperty "output") (digest output)

    if input.requires_grad then
        isDigestBut network.Rounding "gradient of the input" (model.GetProperty "input_gradient") (digest input.grad)

    areGradients network.Rounding gradients nameOf parameters

/// Compares the shapes that come out, of all sizes: those that PyTorch refuses are refused.
let checkShapes (models: JsonElement list) (network: Network) =
    for shape, expected in sizes (named models network.Name) do
        let inputs = network.Shapes shape |> List.map Shape.known
        let found = Infer.run inputs (Module.construct network.Spec)

        match expected.ValueKind, found with
        | JsonValueKind.Null, Error _ -> ()
        | JsonValueKind.Array, Ok outcome ->
            Assert.equal (Carried.Tensor(network.Foreseen(Recorded.sizes expected))) outcome.Outputs.Head
        | _ -> failtest $"{network.Name}: {shape} gives {expected}, but {found}"

/// The comparison of all networks that a file of references has; each of these at least once.
let tests (models: JsonElement list) (networks: Network list) =
    let each = List.indexed networks |> List.map (fun (i, network) -> $"{network.Name} {i}", network)

    [
        testCase "every recorded network is compared" (fun () ->
            Assert.equal
                (List.sort [ for model in models -> model.GetProperty("name").GetString() ])
                (networks |> List.map _.Name |> List.distinct |> List.sort))

        for name, network in each do
            testCase $"outputs and gradients are PyTorch's: {name}" (fun () -> check models network)
            testCase $"the shapes that come out are PyTorch's: {name}" (fun () -> checkShapes models network)
    ]
