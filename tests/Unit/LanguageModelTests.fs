/// Language models and decoders: published sizes, what is causal, initial values, edits, and what is said where something is wrong.
module Deeplay.Tests.LanguageModelTests

open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Library
open Deeplay.Torch
open TorchSharp
open Expecto
open Deeplay.Tests
open Deeplay.Tests.LoweringHelp
open Deeplay.Tests.TransformerNumbers
open Deeplay.Tests.TransformerTests

let private small = gpt2 11 6 8 2 2
let private rotary = llama 11 8 2 4 2 12
let private decoder = Components.transformerDecoderLayer 8 [] 8 2 |> Module.configure "batch_first" true

let private tokens (numbers: int list) = torch.tensor(List.map int64 numbers |> Array.ofList).unsqueeze 0L

let private scores (built: torch.nn.Module) numbers = callAll built [ tokens numbers ] |> List.exactlyOne

let private standardDeviation (tensor: Tensor) =
    use x = tensor.detach().std()
    float (x.item<float32>())

let private said part (work: unit -> unit) =
    match errorsOf work with
    | error :: _ -> Assert.containsText part (Error.describe error)
    | [] -> failtest "an error is expected"

[<Tests>]
let tests =
    torchTests
        "LanguageModelTests"
        [
            // Source: Radford et al., 2019, by the state dict that Hugging Face publishes.
            testCase "as many parameters as the smallest GPT-2, with a tied head" (fun () ->
                Assert.equal 124_439_808L (count (parameters [ 1L; 16L ] Models.causalLanguageModel)))

            // Source: Touvron et al., 2023, Llama 2; Zhang et al., 2024, TinyLlama; by the state dicts that are published.
            testCase "as many parameters as Llama 2 and, with grouped heads, TinyLlama" (fun () ->
                Assert.equal 6_738_415_616L (count (parameters [ 1L; 16L ] (llama 32000 4096 32 32 32 11008)))
                Assert.equal 1_100_048_384L (count (parameters [ 1L; 16L ] (llama 32000 2048 22 32 4 5632))))

            testCase "what comes later changes nothing before it" (fun () ->
                for spec in [ small; rotary ] do
                    use _ = torch.NewDisposeScope()
                    use built = build [ [ 1L; 5L ] ] spec
                    let one, other = scores built [ 1; 2; 3; 4; 5 ], scores built [ 1; 2; 3; 9; 0 ]
                    let start (x: Tensor) = numbers (x.narrow(1L, 0L, 3L).contiguous())
                    assertClose "before" (start one) (start other)
                    Assert.notEqual (numbers one) (numbers other))

            testCase "the order of tokens matters, by whatever tells their places" (fun () ->
                for positions in [ "learned"; "sinusoidal"; "rotary" ] do
                    use _ = torch.NewDisposeScope()
                    let spec = small |> Module.configure CausalLanguageModel.positions positions
                    use built = build [ [ 1L; 4L ] ] spec
                    // The last token attends to the others.
                    let last numbers' = (scores built numbers').select(1L, 3L) |> numbers
                    let one, other = last [ 1; 2; 3; 4 ], last [ 3; 2; 1; 4 ]
                    Expect.isTrue (List.exists2 (fun a b -> abs (a - b) > 1e-7) one other) positions)

            testCase "a text that is too long is refused where positions are embedded, and no other" (fun () ->
                let infer spec = Infer.run [ Shape.known [ 1L; 7L ] ] (Module.construct spec)
                Expect.isError (infer small) "of 7 tokens"
                Expect.isOk (infer rotary) "rotary")

            testCase "the first weights are GPT-2's" (fun () ->
                use _ = torch.NewDisposeScope()
                use built = build [ [ 1L; 4L ] ] (gpt2 200 64 64 8 4)
                let all = Map.ofList (parametersOf built)

                let near what expected (tensor: Tensor) =
                    Expect.floatClose { absolute = 0.0; relative = 0.1 } (standardDeviation tensor) expected what

                near "tokens" 0.02 all["embedding"]
                near "positions" 0.02 all["positional_embedder.embs"]
                near "queries" 0.02 all["blocks.3.multihead.layer.q_proj.weight"]
                near "up" 0.02 all["blocks.3.feed_forward.layer.up.weight"]
                // Two sums in each of eight blocks.
                near "out" (0.02 / 4.0) all["blocks.3.multihead.layer.out_proj.weight"]
                near "down" (0.02 / 4.0) all["blocks.7.feed_forward.layer.down.weight"]
                Assert.equal [ 0.0 ] (List.distinct (numbers all["blocks.3.multihead.layer.q_proj.bias"])))

            testCase "a head of its own has its own weights" (fun () ->
                let names = parameters [ 1L; 4L ] rotary |> List.map fst
                Assert.contains "embedding.weight" names
                Assert.contains "head.weight" names
                Expect.isFalse (names |> List.exists (fun name -> name.EndsWith ".bias")) "no biases")

            testCase "another normalization and another attention, by selectors" (fun () ->
                let spec =
                    small
                    |> Module.select ".../normalization" (Module.become (Layers.rmsNorm 8))
                    |> Module.select "blocks/:/multihead/layer" (Module.configure "num_kv_heads" 1)

                Assert.equal [ 2L; 5L; 11L ] (Module.inferShape [ 2; 5 ] spec)
                let shapes = Map.ofList (parameters [ 1L; 4L ] spec)
                Assert.equal [ 4L; 8L ] shapes["blocks.0.multihead.layer.k_proj.weight"])

            testCase "a model comes back from JSON as it was" (fun () ->
                for spec in [ small; rotary; decoder; Models.vitb16 ] do
                    let text = Codec.encode spec |> Fail.unwrap
                    Assert.equal spec (Codec.decode Library.registry text |> Fail.unwrap))

            testCase "groups and heads that don't fit are said" (fun () ->
                let attention = Components.groupedQueryAttention 8 4
                let construct spec = fun () -> Module.construct spec |> ignore
                let groups = attention |> Module.configure GroupedQueryAttention.numKvHeads 3
                said "a divisor of the num_heads 4" (construct groups)
                said "a divisor of the features 8" (fun () -> Components.groupedQueryAttention 8 3 |> ignore)
                let odd = Components.groupedQueryAttention 9 3
                said "even" (construct (odd |> Module.configure GroupedQueryAttention.rotaryBase 10.0)))

            testCase "a decoder attends to a memory of another width and length" (fun () ->
                let spec =
                    Components.transformerDecoderLayer 6 [ 8 ] 4 2
                    |> Module.configure TransformerDecoderLayer.memoryFeatures 5

                let outcome =
                    Infer.run [ Shape.known [ 7L; 2L; 6L ]; Shape.known [ 3L; 2L; 5L ] ] (Module.construct spec)
                    |> Fail.unwrap

                Assert.equal [ Carried.Tensor(Shape.known [ 7L; 2L; 4L ]) ] outcome.Outputs

                let wrong =
                    Infer.run [ Shape.known [ 7L; 2L; 6L ]; Shape.known [ 3L; 2L; 4L ] ] (Module.construct spec)

                match wrong with
                | Error(error :: _) -> Assert.containsText "cross_multihead" (Error.describe error)
                | _ -> failtest "an error is expected")

            testCase "a decoder sees nothing of what comes later, and all of the memory" (fun () ->
                use _ = torch.NewDisposeScope()
                use built = build [ [ 1L; 5L; 8L ]; [ 1L; 3L; 8L ] ] decoder
                let x, memory = fill [ 1L; 5L; 8L ] 0.1, fill [ 1L; 3L; 8L ] 0.7
                let run (x: Tensor) (memory: Tensor) = callAll built [ x; memory ] |> List.exactlyOne
                let all, start = run x memory, run (x.narrow (1L, 0L, 2L)) memory
                assertClose "the first two" (numbers (all.narrow(1L, 0L, 2L).contiguous())) (numbers start)
                let other = run x (memory.flip ([| 2L |]))
                Assert.notEqual (numbers all) (numbers other))

            testCase "RMSNorm has no weights where it is not to scale" (fun () ->
                let spec = Layers.rmsNorm 4 |> Module.configure RMSNorm.elementwiseAffine false
                Assert.equal [] (parameters [ 2L; 4L ] spec)
                use built = build [ [ 1L; 4L ] ] spec
                use x = tensorOf [ 1L; 4L ] [ 1.0; 1.0; 1.0; 5.0 ]
                // The mean square is 7.
                let root = sqrt 7.0
                let found = callAll built [ x ] |> List.exactlyOne
                assertClose "divided" [ 1.0 / root; 1.0 / root; 1.0 / root; 5.0 / root ] (numbers found))
        ]
