/// Forward graphs as programs: every operation against the naive computation, and what becomes of the tensors.
module Deeplay.Tests.LoweringGraphs

open System
open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Torch
open TorchSharp
open Expecto
open Deeplay.Tests

open Deeplay.Tests.LoweringHelp

let private moduleOf names (body: Sym list -> Sym) : ModuleSpec =
    Definition.create "Graph" [] (fun _ -> init { return forwardOf names body }) |> Module.create []

let private run1 (body: Sym -> Sym) (x: Tensor) : Tensor =
    use built = build1 (shapeOf x) (moduleOf [ "x" ] (List.exactlyOne >> body))
    built.call x

let private run2 (body: Sym -> Sym -> Sym) (x: Tensor) (y: Tensor) : Tensor =
    let spec =
        moduleOf [ "x"; "y" ] (fun inputs ->
            match inputs with
            | [ x; y ] -> body x y
            | _ -> failwith "two inputs")

    use built = build [ shapeOf x; shapeOf y ] spec :?> torch.nn.Module<torch.Tensor, torch.Tensor, torch.Tensor>

    built.call (x, y)

/// The error function by its Taylor series.
let private erf (x: float) =
    let mutable term, sum = x, x

    for n in 1..60 do
        term <- -term * x * x / float n
        sum <- sum + term / float (2 * n + 1)

    2.0 / sqrt Math.PI * sum

let private sample = [ -1.5; -0.5; 0.25; 1.0; 2.0; 0.75 ]
let private positive = [ 0.5; 0.25; 1.5; 1.0; 2.0; 0.75 ]

let private unary: Map<string, (Sym -> Sym) * (float -> float) * float list> =
    [
        "neg", ((~-), (~-), sample)
        "abs", (Op.abs, abs, sample)
        "exp", (Op.exp, exp, sample)
        "log", (Op.log, log, positive)
        "sqrt", (Op.sqrt, sqrt, positive)
        "square", (Op.square, (fun x -> x * x), sample)
        "reciprocal", (Op.reciprocal, (fun x -> 1.0 / x), sample)
        "sin", (Op.sin, sin, sample)
        "cos", (Op.cos, cos, sample)
        "sigmoid", (Op.sigmoid, (fun x -> 1.0 / (1.0 + exp -x)), sample)
        "tanh", (Op.tanh, tanh, sample)
        "relu", (Op.relu, max 0.0, sample)
        "gelu", (Op.gelu, (fun x -> x / 2.0 * (1.0 + erf (x / sqrt 2.0))), sample)
        "silu", (Op.silu, (fun x -> x / (1.0 + exp -x)), sample)
        "softplus", (Op.softplus, (fun x -> log (1.0 + exp x)), sample)
        "x + 2", ((fun x -> x + 2.0), (fun x -> x + 2.0), sample)
        "x - 2", ((fun x -> x - 2.0), (fun x -> x - 2.0), sample)
        "x * 2", ((fun x -> x * 2.0), (fun x -> x * 2.0), sample)
        "x / 2", ((fun x -> x / 2.0), (fun x -> x / 2.0), sample)
        "2 + x", ((fun x -> 2.0 + x), (fun x -> 2.0 + x), sample)
        "2 - x", ((fun x -> 2.0 - x), (fun x -> 2.0 - x), sample)
        "2 * x", ((fun x -> 2.0 * x), (fun x -> 2.0 * x), sample)
        "2 / x", ((fun x -> 2.0 / x), (fun x -> 2.0 / x), sample)
        "pow", (Op.pow 3.0, (fun x -> x ** 3.0), sample)
    ]
    |> Map.ofList

// What has no way to be written over symbolic values: the graph comes by its data.
let private applied (op: Op) (x: Tensor) : Tensor =
    use _ = torch.no_grad ()

    let graph =
        {
            Inputs = [ "x" ]
            Instructions = [ { Operation = Apply op; Inputs = [ 0 ]; Outputs = [ 1 ] } ]
            Outputs = [ "", 1 ]
            Registers = 2
        }

    let spec =
        Definition.create "Graph" [] (fun _ -> init { return forward id })
        |> Definition.withFinish (fun node -> { node with Graph = Some graph })
        |> Module.create []

    use built = build1 (shapeOf x) spec
    built.call x

let private binary: Map<string, (Sym -> Sym -> Sym) * (float -> float -> float)> =
    [
        "add", ((+), (+))
        "sub", ((-), (-))
        "mul", ((*), (*))
        "div", ((/), (/))
        "maximum", (Op.maximum, max)
        "minimum", (Op.minimum, min)
    ]
    |> Map.ofList

let private cube = tensorOf [ 2L; 3L; 2L ] // 0 … 11
let private cubeNumbers = [ for i in 0..11 -> float i ]

let private at i j k = cubeNumbers[6 * i + 2 * j + k]

/// Op, expected shape, expected numbers, over the numbers 0 to 11 in the shape (2, 3, 2).
let private shaped: Map<string, (Sym -> Sym) * int64 list * float list> =
    let over i j f =
        [
            for i in 0 .. i - 1 do
                for j in 0 .. j - 1 -> f i j
        ]

    let soft (xs: float list) = [ for x in xs -> exp x / List.sumBy exp xs ]

    [
        "sum of all", (Op.sum [], [], [ 66.0 ])
        "sum", (Op.sum [ 1 ], [ 2L; 2L ], over 2 2 (fun i k -> at i 0 k + at i 1 k + at i 2 k))
        "mean", (Op.mean [ 0; 2 ], [ 3L ], [ for j in 0..2 -> (at 0 j 0 + at 0 j 1 + at 1 j 0 + at 1 j 1) / 4.0 ])
        "mean of all", (Op.mean [], [], [ 5.5 ])
        "mean, kept", (Op.meanKeep [ -1 ], [ 2L; 3L; 1L ], over 2 3 (fun i j -> (at i j 0 + at i j 1) / 2.0))
        "amax", (Op.amax [ 0 ], [ 3L; 2L ], [ 6.0 .. 11.0 ])
        "amax of all", (Op.amax [], [], [ 11.0 ])
        "amin", (Op.amin [ 1; -1 ], [ 2L ], [ 0.0; 6.0 ])
        "amin of all", (Op.amin [], [], [ 0.0 ])
        "softmax", (Op.softmax -1, [ 2L; 3L; 2L ], List.collect id (over 2 3 (fun i j -> soft [ at i j 0; at i j 1 ])))
        "log softmax",
        (Op.logSoftmax 2,
         [ 2L; 3L; 2L ],
         List.collect id (over 2 3 (fun i j -> List.map log (soft [ at i j 0; at i j 1 ]))))
        "reshape", (Op.reshape [ 4; -1 ], [ 4L; 3L ], cubeNumbers)
        "flatten", (Op.flatten 1 -1, [ 2L; 6L ], cubeNumbers)
        "transpose",
        (Op.transpose 0 -1, [ 2L; 3L; 2L ], List.concat [ for k in 0..1 -> over 3 2 (fun j i -> at i j k) ])
        "permute",
        (Op.permute [ 1; 2; 0 ], [ 3L; 2L; 2L ], List.concat [ for j in 0..2 -> over 2 2 (fun k i -> at i j k) ])
        "unsqueeze", (Op.unsqueeze -1, [ 2L; 3L; 2L; 1L ], cubeNumbers)
        "squeeze", (Op.unsqueeze 1 >> Op.squeeze 1, [ 2L; 3L; 2L ], cubeNumbers)
        "squeeze of what is not 1", (Op.squeeze 1, [ 2L; 3L; 2L ], cubeNumbers)
        "narrow",
        (Op.narrow 1 1 2, [ 2L; 2L; 2L ], List.concat [ for i in 0..1 -> over 2 2 (fun j k -> at i (j + 1) k) ])
        "select", (Op.select 1 -1, [ 2L; 2L ], over 2 2 (fun i k -> at i 2 k))
    ]
    |> Map.ofList

// --- What becomes of the tensors ------------------------------------------------------------------------------

let private linear (ins: int) (outs: int) =
    Module.create [ Linear.inFeatures => ins; Linear.outFeatures => outs ] Linear.definition

/// x is used early and late; there are branches, an identity, and results that nothing needs.
let private branched =
    Definition.create "Branched" [] (fun _ ->
        init {
            let! first = child "first" (linear 3 3)
            let! same = child "same" (Module.create [] Identity.definition)
            let! relu = child "relu" (Module.create [ ReLU.inplace => true ] ReLU.definition)

            return
                forward (fun x ->
                    let y = call first x
                    let z = call same y
                    let unused = Op.exp z
                    let _ = unused * 2.0
                    let w = call relu (z * 2.0)
                    Op.cat 1 [ w; call same x; y + z ])
        })
    |> Module.create []

let private forwardAlone (built: torch.nn.Module<torch.Tensor, torch.Tensor>) (x: Tensor) =
    let before = liveTensors ()
    let output = built.call x
    Assert.equal (before + 1L) (liveTensors ())
    output.Dispose()
    Assert.equal before (liveTensors ())

/// Gives back what it was given, or a parameter of its own, as a user's module may.
type private Giver(own: bool) as this =
    inherit torch.nn.Module<torch.Tensor, torch.Tensor>("Giver")
    let position = torch.nn.Parameter(torch.zeros ([| 2L |]))
    do this.register_parameter ("position", position)

    override _.forward x = if own then position :> torch.Tensor else x

let private giver =
    Definition.primitive "Giver" [ Param.bool "own" ] (fun _ inputs -> Ok { Outputs = inputs; Inferred = [] })

let private withGiver own =
    let spec =
        Definition.create "Holder" [] (fun _ ->
            init {
                let! give = child "give" (Module.create [ "own", Bool own ] giver)
                return forward (fun x -> call give (call give (x + 1.0)) * 2.0 + call give x)
            })
        |> Module.create []

    let options =
        { optionsFor [ [ 2L ] ] with
            Lowerings = Lowering.standard |> Lowering.add giver (fun a -> new Giver((a["own"] = Bool true)))
        }

    Build.run options spec :?> torch.nn.Module<torch.Tensor, torch.Tensor>

type private Failing() =
    inherit torch.nn.Module<torch.Tensor, torch.Tensor>("Failing")

    override _.forward _ = raise (InvalidOperationException "as it should")

[<Tests>]
let tests =
    torchTests
        "LoweringGraphs"
        [
            testTheory "a function of one tensor equals the naive one" (Map.keys unary) (fun (name: string) ->
                let op, naive, numbersIn = unary[name]
                use _ = torch.NewDisposeScope()
                let output = run1 op (tensorOf [ 2L; 3L ] numbersIn)
                Assert.equal [ 2L; 3L ] (shapeOf output)
                assertClose name (List.map naive numbersIn) (numbers output))

            testCase "a number on either side of a power, a maximum and a minimum" (fun () ->
                use _ = torch.NewDisposeScope()
                let x = tensorOf [ 6L ] sample

                assertClose
                    "2 ** x"
                    [ for v in sample -> 2.0 ** v ]
                    (numbers (applied (Op.ScalarWith(BinaryOp.Pow, 2.0)) x))

                assertClose
                    "max"
                    [ for v in sample -> max v 0.5 ]
                    (numbers (applied (Op.WithScalar(BinaryOp.Maximum, 0.5)) x))

                assertClose
                    "max"
                    [ for v in sample -> max v 0.5 ]
                    (numbers (applied (Op.ScalarWith(BinaryOp.Maximum, 0.5)) x))

                assertClose
                    "min"
                    [ for v in sample -> min v 0.5 ]
                    (numbers (applied (Op.WithScalar(BinaryOp.Minimum, 0.5)) x))

                assertClose
                    "min"
                    [ for v in sample -> min v 0.5 ]
                    (numbers (applied (Op.ScalarWith(BinaryOp.Minimum, 0.5)) x)))

            testCase "a number on the left makes floats of whole numbers, as in PyTorch" (fun () ->
                use _ = torch.NewDisposeScope()
                let x = torch.tensor ([| 1L; 2L; 4L |]: int64[])
                assertClose "2.5 / x" [ 2.5; 1.25; 0.625 ] (numbers (applied (Op.ScalarWith(BinaryOp.Div, 2.5)) x))
                assertClose "2.5 - x" [ 1.5; 0.5; -1.5 ] (numbers (applied (Op.ScalarWith(BinaryOp.Sub, 2.5)) x))
                assertClose "2.5 ** x" [ 2.5; 6.25; 39.0625 ] (numbers (applied (Op.ScalarWith(BinaryOp.Pow, 2.5)) x)))

            testTheory
                "a function of two tensors equals the naive one, broadcast"
                (Map.keys binary)
                (fun (name: string) ->
                    let op, naive = binary[name]
                    let row = [ 2.0; -0.5; 3.0 ]
                    use _ = torch.NewDisposeScope()
                    let x, y = tensorOf [ 2L; 3L ] sample, tensorOf [ 3L ] row
                    assertClose name (List.map2 naive sample (row @ row)) (numbers (run2 op x y)))

            testTheory "a function of dimensions equals the naive one" (Map.keys shaped) (fun (name: string) ->
                let op, shape, expected = shaped[name]
                use _ = torch.NewDisposeScope()
                let output = run1 op (cube cubeNumbers)
                Assert.equal shape (shapeOf output)
                assertClose name expected (numbers output))

            testCase "products, joins and stacks equal the naive ones" (fun () ->
                use _ = torch.NewDisposeScope()

                let x, y = tensorOf [ 2L; 2L ] [ 1.0; 2.0; 3.0; 4.0 ], tensorOf [ 2L; 2L ] [ 5.0; 6.0; 7.0; 8.0 ]

                assertClose "matmul" [ 19.0; 22.0; 43.0; 50.0 ] (numbers (run2 Op.matmul x y))

                let joined dim = run2 (fun x y -> Op.cat dim [ x; y ]) x y

                assertClose "cat" [ 1.0; 2.0; 3.0; 4.0; 5.0; 6.0; 7.0; 8.0 ] (numbers (joined 0))
                assertClose "cat" [ 1.0; 2.0; 5.0; 6.0; 3.0; 4.0; 7.0; 8.0 ] (numbers (joined -1))
                let stacked = run2 (fun x y -> Op.stack 1 [ x; y ]) x y
                Assert.equal [ 2L; 2L; 2L ] (shapeOf stacked)
                assertClose "stack" [ 1.0; 2.0; 5.0; 6.0; 3.0; 4.0; 7.0; 8.0 ] (numbers stacked))

            // Under TorchSharp 0.107.0 a matmul that libtorch refuses ends the process, so that it must not
            // come that far.
            testCase "a product of what does not fit is an error" (fun () ->
                use _ = torch.NewDisposeScope()
                let zeros (shape: int64 list) = torch.zeros (Array.ofList shape)

                let product =
                    moduleOf [ "x"; "y" ] (fun inputs -> Op.matmul inputs[0] inputs[1])
                    |> build [ [ 2L; 3L ]; [ 3L; 4L ] ]
                    :?> torch.nn.Module<torch.Tensor, torch.Tensor, torch.Tensor>

                for x, y in
                    [
                        zeros [ 2L; 3L ], zeros [ 4L; 5L ]
                        zeros [ 3L ], zeros [ 4L ]
                        zeros [ 2L; 3L; 4L ], zeros [ 3L; 4L; 2L ]
                        zeros [], zeros [ 3L; 4L ]
                        zeros [ 2L; 3L ], (zeros [ 3L; 4L ]).``to`` torch.ScalarType.Float64
                    ] do
                    let error = Assert.throws<Exception>(fun () -> product.call (x, y) |> ignore)
                    Assert.containsText "matmul" error.Message

                for a, b, c in
                    [
                        [ 3L ], [ 3L ], []
                        [ 3L ], [ 3L; 4L ], [ 4L ]
                        [ 2L; 3L ], [ 3L ], [ 2L ]
                        [ 3L ], [ 5L; 3L; 4L ], [ 5L; 4L ]
                        [ 5L; 2L; 3L ], [ 3L ], [ 5L; 2L ]
                        [ 5L; 2L; 3L ], [ 3L; 4L ], [ 5L; 2L; 4L ]
                        [ 7L; 1L; 2L; 3L ], [ 5L; 3L; 4L ], [ 7L; 5L; 2L; 4L ]
                    ] do
                    Assert.equal c (shapeOf (run2 Op.matmul (zeros a) (zeros b))))

            // --- What becomes of the tensors ---------------------------------------------------------------
            testCase "a forward pass leaves its output and nothing else" (fun () ->
                use built = build1 [ 2L; 3L ] branched
                use x = fill [ 2L; 3L ] 0.0

                for _ in 1..3 do
                    forwardAlone built x

                Assert.isFalse x.IsInvalid)

            testCase "intermediates are disposed with gradients too, and the gradients are right" (fun () ->
                use built = build1 [ 2L; 3L ] branched
                use x = fill [ 2L; 3L ] 0.0
                let parameters = parametersOf built |> List.map snd
                let before = liveTensors ()

                do
                    use output = built.call x
                    Assert.equal (before + 1L) (liveTensors ())
                    use sum = output.sum ()
                    sum.backward ()

                Assert.equal before (liveTensors ())
                use _scope = torch.NewDisposeScope()
                let weight = parameters[0].detach().clone()
                let bias = parameters[1].detach().clone()
                use gradient = parameters[1].grad.clone()

                // d/db of sum(relu(2 y) + 2 y) over the rows: 2 where y > 0, and 2 everywhere.
                use y = torch.nn.functional.linear (x, weight, bias)

                let expected =
                    numbers y
                    |> List.chunkBySize 3
                    |> List.map (List.map (fun v -> (if v > 0.0 then 2.0 else 0.0) + 2.0))
                    |> List.reduce (List.map2 (+))

                assertClose "gradient" expected (numbers gradient))

            testCase "equal intermediates are not taken for one" (fun () ->
                let twice = moduleOf [ "x" ] (fun xs -> (xs.Head + 1.0) * (xs.Head + 1.0) + (xs.Head + 1.0))

                use built = build1 [ 2L ] twice
                use x = tensorOf [ 2L ] [ 1.0; 2.0 ]
                forwardAlone built x)

            testCase "a module that gives back its input is handled" (fun () ->
                use built = withGiver false
                use x = tensorOf [ 2L ] [ 1.0; 2.0 ]
                forwardAlone built x
                use output = built.call x
                Assert.equal [ 5.0; 8.0 ] (numbers output))

            testCase "a parameter that a module gives is not disposed" (fun () ->
                use built = withGiver true
                use x = tensorOf [ 2L ] [ 1.0; 2.0 ]
                forwardAlone built x
                use output = built.call x
                Assert.equal [ 0.0; 0.0 ] (numbers output))

            testCase
                "disposing what a graph gives leaves its input alone, also where it gives the input back"
                (fun () ->
                    use built = build1 [ 2L ] (moduleOf [ "x" ] List.exactlyOne)
                    use x = tensorOf [ 2L ] [ 1.0; 2.0 ]
                    (built.call x).Dispose()
                    Assert.equal [ 1.0; 2.0 ] (numbers x))

            testCase "a forward pass that fails leaves nothing behind" (fun () ->
                let failing =
                    Definition.primitive "Failing" [] (fun _ inputs -> Ok { Outputs = inputs; Inferred = [] })

                let spec =
                    Definition.create "Holder" [] (fun _ ->
                        init {
                            let! same = child "same" (Module.create [] Identity.definition)
                            let! fail = child "fail" (Module.create [] failing)

                            return
                                forward (fun x ->
                                    let a = x + 1.0
                                    let b = call same a
                                    a * b + call fail b)
                        })
                    |> Module.create []

                let options =
                    { optionsFor [ [ 2L ] ] with
                        Lowerings = Lowering.standard |> Lowering.add failing (fun _ -> new Failing())
                    }

                use built = Build.run options spec :?> torch.nn.Module<torch.Tensor, torch.Tensor>
                use x = tensorOf [ 2L ] [ 1.0; 2.0 ]
                let before = liveTensors ()

                Assert.throws<InvalidOperationException>(fun () -> built.call x |> ignore) |> ignore

                Assert.equal before (liveTensors ())
                Assert.equal [ 1.0; 2.0 ] (numbers x))

            testCase "several inputs and outputs go in and out as arrays, by place" (fun () ->
                let spec =
                    Definition.create "Many" [] (fun _ ->
                        init {
                            return
                                forwardMany [ "a"; "b" ] (fun inputs ->
                                    [ inputs[0] + inputs[1]; inputs[0] * inputs[1] ])
                        })
                    |> Module.create []

                use built = build [ [ 2L ]; [ 2L ] ] spec :?> torch.nn.Module<torch.Tensor[], torch.Tensor[]>

                use a = tensorOf [ 2L ] [ 1.0; 2.0 ]
                use b = tensorOf [ 2L ] [ 3.0; 4.0 ]
                let before = liveTensors ()
                let outputs = built.call [| a; b |]
                Assert.equal (before + 2L) (liveTensors ())

                Assert.equal [ [ 4.0; 6.0 ]; [ 3.0; 8.0 ] ] (outputs |> Array.map numbers |> List.ofArray)

                outputs |> Array.iter (fun output -> output.Dispose())

                Assert.throws<DeeplayException>(fun () -> built.call [| a |] |> ignore) |> ignore)
        ]
