/// Operations of a forward pass against what PyTorch computes and refuses (reference/operations.py): numbers, types,
/// gradients, and the shapes that the rules give.
module Deeplay.Tests.OperationTests

open System
open System.Text.Json
open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Torch
open Microsoft.FSharp.Reflection
open TorchSharp
open Expecto
open Deeplay.Tests
open Deeplay.Tests.LoweringHelp
open Deeplay.Tests.OperationNames

/// One recorded operation.
[<NoComparison>]
type Case = { Name: string; Inputs: JsonElement list; Json: JsonElement }

/// What PyTorch gave: reference/operations.json.
let cases =
    [
        for json in Recorded.items ((Recorded.read "reference" "operations").GetProperty "cases") do
            {
                Name = (json.GetProperty "name").GetString()
                Inputs = Recorded.items (json.GetProperty "inputs")
                Json = json
            }
    ]

let isRefused (case: Case) = fst (case.Json.TryGetProperty "refused")

let private wholes (below: int64) (shape: int64 list) : Tensor =
    let count = List.fold (*) 1L shape
    torch.tensor([| for i in 0L .. count - 1L -> 3L * i % below |]: int64[]).reshape(Array.ofList shape)

/// An input as operations.py makes it.
let input (what: JsonElement) (seed: float) : Tensor =
    match Recorded.items what with
    | kind :: rest when kind.ValueKind = JsonValueKind.String ->
        let sines factor more =
            let shape = Recorded.sizes rest.Head
            let count = int (List.fold (*) 1L shape)
            // As there: sines are rounded to float32 before anything is done to them.
            let sine i = float (float32 (sin (0.7 * float i + seed)))
            tensorOf shape (Seq.init count (fun i -> sine i * factor + more))

        match kind.GetString() with
        | "positive" -> sines 1.0 1.5
        | "unit" -> sines 0.9 0.0
        | "big" -> sines 4.0 0.0
        | "mask" -> (fill (Recorded.sizes rest.Head) seed).gt(Scalar.op_Implicit 0.0)
        | "index" -> wholes (rest.Head.GetInt64()) (Recorded.sizes rest[1])
        | _ ->
            match rest.Head.ValueKind with
            | JsonValueKind.Number -> torch.tensor (rest.Head.GetInt64())
            | _ ->
                match (Recorded.items rest.Head).Head.ValueKind with
                | JsonValueKind.Number -> torch.tensor (Array.ofList (Recorded.sizes rest.Head))
                | _ ->
                    let rows = Recorded.items rest.Head |> List.map Recorded.items
                    let flags = rows.Head |> List.forall (fun cell -> cell.ValueKind <> JsonValueKind.Number)
                    let cell (json: JsonElement) = if flags then Convert.ToInt64(json.GetBoolean()) else json.GetInt64()

                    let made =
                        torch.tensor (
                            [|
                                for row in rows do
                                    for json in row -> cell json
                            |]
                            : int64[]
                        )

                    let shaped = made.reshape (int64 rows.Length, -1L)
                    if flags then shaped.to_type torch.ScalarType.Bool else shaped
    | _ -> fill (Recorded.sizes what) seed

let private numbersOf (json: JsonElement) =
    [
        for item in Recorded.items json ->
            match item.ValueKind with
            | JsonValueKind.String when item.GetString() = "nan" -> nan
            | JsonValueKind.String -> if item.GetString() = "inf" then infinity else -infinity
            | _ -> item.GetDouble()
    ]

/// A module that is this operation alone.
let specOf (case: Case) : ModuleSpec =
    let names = case.Inputs |> List.mapi (fun i _ -> $"x{i}")

    Definition.create "Operation" [] (fun _ -> init { return forwardMany names (operation case.Name) })
    |> Module.create []

let private read (x: Tensor) = if x.numel () = 0L then [] else numbers x

let private close what (expected: float list) (actual: float list) =
    Assert.equal expected.Length actual.Length

    List.iteri2
        (fun i (e: float) (a: float) ->
            let isSame = Double.IsNaN e && Double.IsNaN a || e = a
            Expect.isTrue (isSame || abs (e - a) <= 2e-5 * max 1.0 (abs e)) $"{what}[{i}]: {e}, but {a}")
        expected
        actual

let private inferred (case: Case) (inputs: Tensor list) = Shapes.outputs [ for x in inputs -> shapeOf x ] (specOf case)

let private check (case: Case) =
    use _ = torch.NewDisposeScope()
    let inputs = case.Inputs |> List.mapi (fun i what -> input what (0.1 * float i))

    for x in inputs do
        if x.is_floating_point () then x.requires_grad <- true

    let spec = specOf case
    let node = Module.construct spec
    use built = build [] spec
    let outputs = Calls.mapped Tag.root node built [| for x in inputs -> box x |] |> Array.map (fun y -> y :?> Tensor)
    let shapes = Recorded.items (case.Json.GetProperty "shapes") |> List.map Recorded.sizes
    Assert.equal shapes [ for y in outputs -> shapeOf y ]

    if case.Name.StartsWith("bincount", StringComparison.Ordinal) then
        // How many numbers there are depends on them.
        let found = Infer.run [ for x in inputs -> Shape.known (shapeOf x) ] node |> Fail.unwrap
        Assert.equal [ Carried.Tensor(Ranked [ Unknown ]) ] found.Outputs
    else
        Assert.equal shapes (inferred case inputs)

    Assert.equal (Recorded.texts (case.Json.GetProperty "types")) [ for y in outputs -> Shown.dtype y.dtype ]

    for y, expected in Seq.zip outputs (Recorded.items (case.Json.GetProperty "outputs")) do
        close case.Name (numbersOf expected) (read y)

    let mutable loss: Tensor = null

    for y in outputs do
        if y.is_floating_point () && y.requires_grad then
            let weights = tensorOf (shapeOf y) (Seq.init (int (y.numel ())) (fun i -> sin (0.3 * float i + 0.5)))
            let part = (y * weights).sum()
            loss <- if isNull loss then part else loss + part

    if not (isNull loss) then loss.backward ()

    for x, expected in Seq.zip inputs (Recorded.items (case.Json.GetProperty "gradients")) do
        if expected.ValueKind = JsonValueKind.Null then
            Assert.isTrue (isNull x.grad)
        else
            close $"{case.Name}, gradient" (numbersOf expected) (read x.grad)

let private checkRefused (case: Case) =
    use _ = torch.NewDisposeScope()
    let inputs = case.Inputs |> List.mapi (fun i what -> input what (0.1 * float i))

    match errorsOf (fun () -> inferred case inputs) with
    | [ WrongShape _ ] -> ()
    | other -> failtest $"{case.Name} {case.Json}: {other}"

// Every operation there is, by family and name.
let private operations =
    set
        [
            for family in
                [
                    typeof<UnaryOp>
                    typeof<TunedOp>
                    typeof<BinaryOp>
                    typeof<Reduction>
                    typeof<AlongOp>
                    typeof<ArrangeOp>
                    typeof<SeveralOp>
                    typeof<ProductOp>
                    typeof<IndexOp>
                    typeof<SizedOp>
                ] do
                for case in FSharpType.GetUnionCases(family, true) -> $"{family.Name}.{case.Name}"
        ]

let private nameOf (op: obj) =
    let case, fields = FSharpValue.GetUnionFields(op, op.GetType(), true)
    $"{case.DeclaringType.Name}.{case.Name}", fields

/// What has no numbers to be compared: drawn at random, and tested by what they are.
let private drawn =
    set
        [
            "UnaryOp.RandLike"
            "UnaryOp.RandnLike"
            "TunedOp.Dropout"
            "SizedOp.Rand"
            "SizedOp.Randn"
            "SizedOp.Randint"
        ]

[<Tests>]
let tests =
    torchTests
        "Operations"
        [
            testTheory
                "an operation gives PyTorch's numbers, types and gradients"
                (List.distinct
                    [
                        for c in cases do
                            if not (isRefused c) then c.Name
                    ])
                (fun name ->
                    for case in cases do
                        if case.Name = name && not (isRefused case) then check case)

            testTheory
                "what PyTorch refuses is a wrong shape before anything is built"
                (List.distinct
                    [
                        for c in cases do
                            if isRefused c then c.Name
                    ])
                (fun name ->
                    for case in cases do
                        if case.Name = name && isRefused case then checkRefused case)

            testCase "every operation is compared" (fun () ->
                let compared =
                    set
                        [
                            for case in cases do
                                for instruction in (Module.construct (specOf case)).Graph.Value.Instructions do
                                    match instruction.Operation with
                                    | Sized(op, _) -> fst (nameOf op)
                                    | Apply op ->
                                        match nameOf op with
                                        | _, [| :? BinaryOp as op; _ |] -> fst (nameOf op)
                                        | _, fields -> fst (nameOf fields[0])
                                    | _ -> ()
                        ]

                Assert.equal Set.empty (operations - compared - drawn)
                Assert.equal Set.empty (Set.intersect compared drawn))

            testCase "every operation is written in a listing by its name" (fun () ->
                let text = (Module.construct (specOf { cases.Head with Name = "softmax_-1" })).Graph.Value
                Assert.equal "%0 = input x0\n%1 = softmax(-1) %0\nreturn %1" (Graph.describe text))
        ]
