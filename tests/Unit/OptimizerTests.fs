/// Optimizers against what PyTorch's do (reference/optimizers.py).
module Deeplay.Tests.OptimizerTests

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
open Deeplay.Tests.LoweringHelp

[<NoComparison>]
type private Case =
    {
        Kind: string
        Arguments: (string * Value) list
        /// The two parameters after each step.
        After: float list list list
        State: Map<string, float list>
    }

let private read (case: JsonElement) =
    let floats (element: JsonElement) = [ for number in element.EnumerateArray() -> number.GetDouble() ]

    let value (element: JsonElement) =
        match element.ValueKind with
        | JsonValueKind.True -> Bool true
        | JsonValueKind.Array -> Value.List(floats element |> List.map Float)
        | _ -> Float(element.GetDouble())

    {
        Kind = case.GetProperty("kind").GetString()
        Arguments = [ for p in case.GetProperty("arguments").EnumerateObject() -> p.Name, value p.Value ]
        After =
            [
                for step in case.GetProperty("after").EnumerateArray() -> [ for p in step.EnumerateArray() -> floats p ]
            ]
        State = Map.ofList [ for p in case.GetProperty("state").EnumerateObject() -> p.Name, floats p.Value ]
    }

let private cases =
    use file = File.OpenRead(Path.Combine(AppContext.BaseDirectory, "reference", "optimizers.json"))
    use json = JsonDocument.Parse file
    [ for case in json.RootElement.EnumerateArray() -> read case ]

let private make kind arguments named =
    let node = Module.create arguments Library.registry.Definitions[kind] |> Module.construct
    let create = (Lowering.standard.TryFind node.Definition).Value
    (create node.Arguments :?> OptimizerMaker).Create(node, named)

let private parameter shape seed = new Modules.Parameter(fill shape seed)

// As the reference does: the second has no gradient in the second step.
let private setGradients step (a: Modules.Parameter) (b: Modules.Parameter) =
    a.grad <- fill [ 3L ] (0.3 * float step)
    b.grad <- if step = 1 then null else fill [ 2L; 2L ] (0.5 * float step + 1.0)

// The numbers of one parameter after a step against this gradient.
let private stepOnce kind arguments (from: Tensor) (gradient: Tensor) =
    let p = new Modules.Parameter(from.clone ())
    p.grad <- gradient
    use optimizer = make kind arguments [ "p", p ]
    optimizer.Step()
    numbers p

// Rosenbrock's function, as reference/lbfgs.py has it.
let private rosenbrock (x: Tensor) =
    let before, after = x.narrow (0L, 0L, 3L), x.narrow (0L, 1L, 3L)
    let squared (y: Tensor) = y.mul y
    let one = torch.ones_like before
    let hundred = one.mul (torch.tensor 100.0)
    hundred.mul(squared (after.sub (squared before))).add(squared (one.sub before)).sum()

[<Tests>]
let tests =
    torchTests
        "OptimizerTests"
        [
            testTheory
                "steps and what is kept for the next are PyTorch's"
                (cases |> List.map _.Kind |> List.distinct)
                (fun kind ->
                    for case in cases |> List.filter (fun case -> case.Kind = kind) do
                        use _ = torch.NewDisposeScope()
                        let a, b = parameter [ 3L ] 0.0, parameter [ 2L; 2L ] 1.0
                        use optimizer = make kind case.Arguments [ "a", a; "b", b ]

                        for step, after in List.indexed case.After do
                            setGradients step a b
                            optimizer.Step()
                            assertClose $"{case.Arguments}, step {step}" (List.concat after) (numbers a @ numbers b)

                        let found = Map.ofList [ for name, tensor in optimizer.Stepping.State -> name, numbers tensor ]
                        Assert.equal (Map.keys case.State |> Set.ofSeq) (Map.keys found |> Set.ofSeq)

                        for KeyValue(name, expected) in case.State do
                            assertClose $"{case.Arguments}, {name}" expected found[name])

            testCase "every optimizer has its reference" (fun () ->
                let all = Library.registry.Definitions.Values |> Seq.filter (fun d -> d.Is Optimizers.definition)
                let known = Optimizers.definition.Id :: "LBFGS" :: (cases |> List.map _.Kind)

                Assert.equal
                    []
                    [
                        for definition in all do
                            if not (List.contains definition.Id known) then definition.Id
                    ])

            // What PyTorch 1.13 does not have yet, by what it means.
            testTheory "to maximize is to step against the gradient's negative" [ "NAdam"; "RAdam" ] (fun kind ->
                use _ = torch.NewDisposeScope()
                let from, gradient = fill [ 4L ] 0.0, fill [ 4L ] 1.0
                let expected = stepOnce kind [] from (gradient.neg ())
                assertClose kind expected (stepOnce kind [ "maximize", Bool true ] from gradient))

            testTheory
                "decoupled weight decay makes weights smaller before a step without it"
                [ "Adam"; "NAdam"; "RAdam" ]
                (fun kind ->
                    use _ = torch.NewDisposeScope()
                    let from, gradient = fill [ 4L ] 0.0, fill [ 4L ] 1.0
                    let lr = [ "lr", Float 0.1 ]
                    let expected = stepOnce kind lr (from * (Scalar.op_Implicit 0.98)) gradient
                    let decoupled = [ "weight_decay", Float 0.2; "decoupled_weight_decay", Bool true ]
                    assertClose kind expected (stepOnce kind (lr @ decoupled) from gradient))

            testCase "another learning rate holds from the next step on" (fun () ->
                use _ = torch.NewDisposeScope()
                let p = parameter [ 2L ] 0.0
                let start = numbers p
                use optimizer = make "SGD" [ "lr", Float 0.5 ] [ "p", p ]
                p.grad <- torch.ones 2L
                optimizer.Step()
                optimizer.LearningRate <- 0.25
                Assert.equal 0.25 optimizer.LearningRate
                optimizer.Step()
                assertClose "p" (start |> List.map (fun x -> x - 0.75)) (numbers p)

                for wrong in [ -0.1; nan; infinity ] do
                    Assert.throws<ArgumentException>(fun () -> optimizer.LearningRate <- wrong) |> ignore)

            testCase "parameters of several types are stepped each in its own" (fun () ->
                use _ = torch.NewDisposeScope()
                let of' (dtype: torch.ScalarType) = new Modules.Parameter(torch.ones (2L, dtype = dtype))
                let all = [ torch.float32; torch.float64; torch.bfloat16 ] |> List.map of'
                use optimizer = make "Adam" [ "lr", Float 0.5 ] (all |> List.map (fun p -> string p.dtype, p))

                for p in all do
                    p.grad <- torch.ones_like p

                optimizer.Step()

                for p in all do
                    assertClose (string p.dtype) [ 0.5; 0.5 ] (numbers p))

            testCase "a step leaves no tensor behind but what it keeps, and that goes with the optimizer" (fun () ->
                use _ = torch.NewDisposeScope()
                let p = parameter [ 2L ] 0.0
                let gradient = torch.ones 2L
                let before = liveTensors ()
                let optimizer = make "Adam" [] [ "p", p ]
                p.grad <- gradient

                for kept in [ 4L; 4L ] do
                    optimizer.Step()
                    // Three states, and the numbers.
                    Assert.equal (before + kept) (liveTensors ())

                (optimizer :> IDisposable).Dispose()
                optimizer.ZeroGrad()
                Assert.equal before (liveTensors ())
                Assert.isTrue (isNull p.grad))

            testCase "LBFGS steps as PyTorch's does (reference/lbfgs.py)" (fun () ->
                use file = File.OpenRead(Path.Combine(AppContext.BaseDirectory, "reference", "lbfgs.json"))
                use json = JsonDocument.Parse file

                for case in json.RootElement.EnumerateArray() do
                    use _ = torch.NewDisposeScope()

                    let arguments =
                        [
                            for p in case.GetProperty("arguments").EnumerateObject() ->
                                p.Name,
                                match p.Value.ValueKind with
                                | JsonValueKind.String -> Text(p.Value.GetString())
                                | _ when p.Name.StartsWith("max_") || p.Name = "history_size" ->
                                    Int(p.Value.GetInt64())
                                | _ -> Float(p.Value.GetDouble())
                        ]

                    let x = new Modules.Parameter(torch.tensor ([| -1.2; 1.0; 0.5; -0.5 |], dtype = torch.float64))
                    use optimizer = make "LBFGS" arguments [ "x", x ]

                    for place, after in Seq.indexed (case.GetProperty("after").EnumerateArray()) do
                        let first = ref nan

                        optimizer.Step(fun () ->
                            let loss = rosenbrock x
                            if Double.IsNaN first.Value then first.Value <- Numbers.read loss
                            loss)

                        let given = case.GetProperty("arguments").GetRawText()
                        let told = $"{given}, step {place}"
                        let close a b = abs (a - b) <= 1e-6 * (1.0 + abs b)
                        let wanted = [ for number in after.GetProperty("x").EnumerateArray() -> number.GetDouble() ]

                        Expect.isTrue
                            (close first.Value (after.GetProperty("loss").GetDouble()))
                            $"{told}: loss {first.Value}"

                        Expect.isTrue (List.forall2 close (numbers x) wanted) $"{told}: %A{numbers x}, not %A{wanted}")

            testCase "a step of LBFGS without a function is an error" (fun () ->
                let p = new Modules.Parameter(fill [ 2L ] 0.3)
                p.grad <- fill [ 2L ] 0.1
                use optimizer = make "LBFGS" [] [ "p", p ]
                let error = Assert.throws<DeeplayException>(fun () -> optimizer.Step())
                Assert.containsText "function" error.Message)
        ]
