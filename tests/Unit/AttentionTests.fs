/// Multi-head attention against PyTorch (reference/attention.py), and what is made of it.
module Deeplay.Tests.AttentionTests

open System.Text.Json
open Expecto
open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Library
open Deeplay.Torch
open Deeplay.Tests
open Deeplay.Tests.LoweringHelp
open Deeplay.Tests.ReferenceNumbers
open TorchSharp

let private cases = Recorded.read "reference" "attention" |> Recorded.items

let private arguments (case: JsonElement) =
    [
        for argument in (case.GetProperty "arguments").EnumerateObject() -> argument.Name, Recorded.value argument.Value
    ]

let private flag name (case: JsonElement) = List.contains (name, Bool true) (arguments case)

/// The masks, in the order that the layer takes them.
let private masks (case: JsonElement) (shapes: int64 list list) : Tensor list =
    let named = Recorded.texts (case.GetProperty "masks")
    let query, keys = shapes.Head, List.last shapes
    let isFirst = flag "batch_first" case || query.Length = 2
    let length (shape: int64 list) = if isFirst then shape[shape.Length - 2] else shape.Head

    let batch =
        if query.Length = 2 then 1L
        elif isFirst then query[0]
        else query[1]

    let ofKeys = if query.Length = 2 then [| length keys |] else [| batch; length keys |]
    let none = torch.zeros (ofKeys, dtype = torch.bool)

    if named.IsEmpty then
        []
    else
        // The last key is none.
        if List.contains "key" named then
            (none.narrow (-1L, length keys - 1L, 1L)).fill_((1.0).ToScalar()) |> ignore

        [
            none
            if List.contains "later" named then
                torch.ones([| length query; length keys |], dtype = torch.bool).triu 1L
            if List.contains "number" named then (wave [ length query; length keys ] 0.5).``to`` torch.float32
        ]

let private check (case: JsonElement) needsWeights =
    use _scope = torch.NewDisposeScope()
    let shapes = case.GetProperty "inputs" |> Recorded.items |> List.map Recorded.sizes

    let inputs =
        shapes
        |> List.mapi (fun i shape -> (wave shape (0.1 * float i)).``to``(torch.float32).requires_grad_())

    let masks = masks case shapes
    // Masks come behind all three.
    let all = if masks.IsEmpty || inputs.Length = 3 then inputs else List.replicate 3 inputs.Head

    let spec =
        Module.create (arguments case) MultiheadAttention.definition
        |> Module.configure MultiheadAttention.needWeights needsWeights

    let given = all @ masks
    let inferred = Infer.run (given |> List.map (shapeOf >> Shape.known)) (Module.construct spec) |> Fail.unwrap
    use built = build (List.map shapeOf given) spec
    let parameters = parametersOf built

    let expected =
        [
            for row in Recorded.items (case.GetProperty "parameters") -> row[0].GetString(), Recorded.sizes row[1]
        ]

    Assert.equal expected [ for name, p in parameters -> name, shapeOf p ]
    Assert.equal expected ((Module.construct spec).Definition.Weights (Module.construct spec).Arguments)

    using (torch.no_grad ()) (fun _ ->
        for i, (_, p) in List.indexed parameters do
            p.copy_ (wave (shapeOf p) (1.0 + float i)) |> ignore)

    let outputs = (built :?> torch.nn.Module<Tensor[], Tensor[]>).call(Array.ofList given)
    Assert.equal inferred.Outputs [ for output in outputs -> Carried.Tensor(Shape.known (shapeOf output)) ]
    backward outputs[0]
    isDigest "output" (case.GetProperty "output") (digest outputs[0])

    if needsWeights then
        Assert.equal (Recorded.sizes (case.GetProperty "weights_shape")) (shapeOf outputs[1])
        isDigest "weights" (case.GetProperty "weights") (digest outputs[1])

    let gradients = Recorded.items (case.GetProperty "gradients")
    let found = [ for _, p in parameters -> digest p.grad ] @ [ for x in inputs -> digest x.grad ]
    List.iteri2 (fun i -> isDigest $"gradient {i}") gradients found

let private image = Blocks.conv2d 8 8

[<Tests>]
let tests =
    torchTests
        "AttentionTests"
        [
            testTheory "outputs, weights and gradients are PyTorch's" (List.indexed cases) (fun (_, case) ->
                check case false
                check case true)

            testCase "a causal layer is one with a mask" (fun () ->
                use _scope = torch.NewDisposeScope()
                let spec = Layers.multiheadAttention 8 2 |> Module.configure MultiheadAttention.batchFirst true
                use masked = build [ [ 1L; 4L; 8L ] ] spec :?> torch.nn.Module<Tensor[], Tensor[]>

                use causal =
                    build [ [ 1L; 4L; 8L ] ] (spec |> Module.configure MultiheadAttention.isCausal true)
                    :?> torch.nn.Module<Tensor[], Tensor[]>

                causal.load_state_dict (masked.state_dict ()) |> ignore
                let x = fill [ 1L; 4L; 8L ] 0.2
                let none = torch.zeros ([| 1L; 4L |], dtype = torch.bool)
                let later = torch.ones([| 4L; 4L |], dtype = torch.bool).triu 1L
                let expected = masked.call [| x; x; x; none; later |]
                let found = causal.call [| x |]
                assertClose "causal" (numbers (Array.head expected)) (numbers (Array.head found)))

            testCase "it starts as PyTorch's" (fun () ->
                use built = build [ [ 4L; 2L; 64L ] ] (Layers.multiheadAttention 64 4)
                let all = Map.ofList [ for name, p in parametersOf built -> name, numbers p ]
                let largest = all["in_proj_weight"] |> List.map abs |> List.max
                // xavier_uniform_ over all three.
                let bound = sqrt (6.0 / (64.0 + 192.0))
                Expect.isTrue (largest <= bound && largest > 0.98 * bound) "in_proj_weight"
                Assert.equal [ 0.0 ] (List.distinct (all["in_proj_bias"] @ all["out_proj.bias"])))

            testCase "weights are dropped while training alone" (fun () ->
                use _scope = torch.NewDisposeScope()
                let spec = Layers.multiheadAttention 8 2 |> Module.configure MultiheadAttention.dropout 0.5
                use built = build [ [ 6L; 2L; 8L ] ] spec :?> torch.nn.Module<Tensor[], Tensor[]>
                let x = fill [ 6L; 2L; 8L ] 0.2
                let call () = built.call [| x |] |> Array.head |> numbers
                built.eval ()
                Assert.equal (call ()) (call ())
                built.train ()
                Expect.notEqual (call ()) (call ()) "dropout")

            testCase "what does not fit is an error before it runs" (fun () ->
                let problem shapes spec =
                    match Infer.run (List.map Shape.known shapes) (Module.construct spec) with
                    | Error errors -> errors |> List.map Error.describe |> String.concat "\n"
                    | Ok outcome -> failwith $"{outcome.Outputs}"

                let layer = Layers.multiheadAttention 8 2
                Assert.containsText "last dimension 8" (problem [ [ 5; 2; 6 ] ] layer)

                Assert.containsText
                    "as keys vectors of size 8"
                    (problem [ [ 5; 2; 8 ]; [ 3; 2; 4 ]; [ 3; 2; 8 ] ] layer)

                Assert.containsText "of 2 dimensions" (problem [ [ 5; 2; 3; 8 ] ] layer)
                Assert.containsText "1 input" (problem [ [ 5; 2; 8 ]; [ 5; 2; 8 ] ] layer)

                Assert.containsText
                    "a divisor of the embed_dim 8"
                    (Recorded.problem (fun () -> Layers.multiheadAttention 8 3)))

            testCase "a log keeps the weights of a layer that is inside of a model" (fun () ->
                use _scope = torch.NewDisposeScope()
                use logs = new Logs()

                let attention =
                    MultiheadSelfAttention.definition |> Module.create [ "features", Int 8L; "num_heads", Int 2L ]

                let options = { optionsFor [ [ 5L; 2L; 8L ] ] with Logs = Some logs }

                use logged =
                    Layers.sequential [ attention; Layers.relu ]
                    |> Module.select
                        ".../attention"
                        (Module.configure "need_weights" true >> Module.logOutput "attention")
                    |> Build.run options

                use alone = attention |> Module.configure "return_attn" true |> build [ [ 5L; 2L; 8L ] ]

                for (_, into), (_, from) in List.zip (parametersOf alone) (parametersOf logged) do
                    use _off = torch.no_grad ()
                    into.copy_ from |> ignore

                let x = fill [ 5L; 2L; 8L ] 0.2
                let expected = callAll alone [ x ]
                let output = callAll logged [ x ] |> List.head
                assertClose "output" (numbers (expected[0].relu())) (numbers output)
                Assert.equal [ 2L; 5L; 5L ] (shapeOf logs["attention.1"])
                assertClose "weights" (numbers expected[1]) (numbers logs["attention.1"]))

            testCase "attention over an image keeps its channels" (fun () ->
                let spec = image |> Style.spatialSelfAttention (toChannelLast = true)
                Assert.equal [ 2L; 8L; 4L; 6L ] (Module.inferShape [ 2; 8; 4; 6 ] spec)
                let last = image |> Style.spatialSelfAttention ()
                Assert.equal [ 2L; 4L; 6L; 8L ] (Module.inferShape [ 2; 4; 6; 8 ] last)
                let signal = Blocks.conv1d 8 8 |> Block.pooled () |> Style.spatialSelfAttention (toChannelLast = true)
                Assert.equal [ "pool"; "channel_last" ] (Recorded.children signal |> List.truncate 2)
                Assert.equal [ 2L; 8L; 5L ] (Module.inferShape [ 2; 8; 10 ] signal)

                Assert.containsText
                    "the 3 in_channels, which attention keeps"
                    (Recorded.problem (fun () -> Blocks.conv2d 3 8 |> Style.spatialSelfAttention ())))

            // In Python Deeplay this fails.
            testCase "attention to what a log kept" (fun () ->
                use _scope = torch.NewDisposeScope()

                let block =
                    image |> Style.spatialCrossAttention (toChannelLast = true, conditionName = "words", numHeads = 2)

                let model =
                    Definition.create "Conditioned" [] (fun _ ->
                        init {
                            let! words = child "words" (Layers.identity |> Module.logOutput "words")
                            let! image = child "image" block

                            return
                                forwardOf [ "image"; "words" ] (fun inputs ->
                                    let kept = call words inputs[1]
                                    call image inputs[0] + (Op.mean [] kept * 0.0))
                        })
                    |> Module.create []

                use built = build [ [ 2L; 8L; 3L; 4L ]; [ 2L; 5L; 8L ] ] model
                let give words = callAll built [ fill [ 2L; 8L; 3L; 4L ] 0.1; words ] |> List.head
                let output = give (fill [ 2L; 5L; 8L ] 0.2)
                Assert.equal [ 2L; 8L; 3L; 4L ] (shapeOf output)
                Expect.notEqual (numbers output) (numbers (give (fill [ 2L; 5L; 8L ] 0.7))) "other words")

            // In Python Deeplay this fails.
            testCase "a transformer over an image, with or without what a log kept" (fun () ->
                let spec = image |> Style.spatialTransformer (toChannelLast = true, numHeads = 2)

                Assert.equal [ "channel_last"; "blocks"; "channel_first" ] (Recorded.children spec)

                let kind i = (Tree.find (Tag.parse $"blocks.{i}.layer") (Module.construct spec)).Definition.Id

                Assert.equal
                    [ "MultiheadSelfAttention"; "MultiheadCrossAttention"; "Sequential" ]
                    [ for i in 0..2 -> kind i ]

                let alone =
                    image
                    |> Module.style "spatial_transformer" [ "to_channel_last", Bool true; "condition_name", Null ]

                Assert.equal [ 2L; 8L; 4L; 6L ] (Module.inferShape [ 2; 8; 4; 6 ] alone)
                use _scope = torch.NewDisposeScope()
                use built = build1 [ 2L; 8L; 4L; 6L ] alone
                Assert.equal [ 2L; 8L; 4L; 6L ] (shapeOf (built.call (fill [ 2L; 8L; 4L; 6L ] 0.3))))
        ]
