/// Training language models, what they go on with, and weights under Hugging Face's names. References: sums worked out here, naive
/// loops over the probabilities, and PyTorch's numbers (tests/Unit/reference/huggingface.py).
module Deeplay.Tests.LanguageModelingTests

open System
open System.IO
open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Torch
open TorchSharp
open Expecto
open Deeplay.Tests
open Deeplay.Tests.LoweringHelp
open Deeplay.Tests.StateDictHelp
open Deeplay.Tests.TrainingHelp
open Deeplay.Tests.TransformerNumbers

let private published = Path.Combine(AppContext.BaseDirectory, "checkpoints", "huggingface-gpt2.safetensors")
let private whole (tensor: Tensor) = tensor.flatten().data<int64>().ToArray() |> List.ofArray

let private said part (work: unit -> unit) =
    match errorsOf work with
    | error :: _ -> Assert.containsText part (Error.describe error)
    | [] -> failtest "an error is expected"

// A model of six places at most over the characters of a text.
let private text = "the cat sat on the mat. the cat ate the rat. "
let private vocabulary = Vocabulary.OfText text
let private model = gpt2 vocabulary.Size 6 8 1 2

let private trained epochs =
    use data = Texts.windows 5 1 vocabulary text

    Applications.causalLanguageModeling model
    |> Module.configure "optimizer" (Optimizers.adam 0.02)
    |> Application.fit { options epochs with BatchSize = 8L } data

/// Log-probabilities of the next token, by the model alone, from the last six tokens.
let private next (application: Application) (tokens: int64 list) =
    use _ = torch.NewDisposeScope()
    use _noGrad = torch.no_grad ()
    application.Module.eval ()
    let seen = tokens |> List.skip (max 0 (tokens.Length - 6))

    let model =
        application.Module.named_children ()
        |> Seq.pick (fun struct (n, m) -> if n = "model" then Some m else None)

    let logits = (model :?> torch.nn.Module<Tensor, Tensor>).call((ints seen).unsqueeze 0L)
    numbers (logits.select(1L, -1L).squeeze(0L).clone())

// What may be drawn, and its probability, as the papers say it: token by token, the most probable first.
let private allowed (options: GenerationOptions) (logits: float list) =
    let total = List.sumBy exp

    let ranked =
        logits
        |> List.map (fun logit -> logit / options.Temperature)
        |> List.indexed
        |> List.sortByDescending snd
        |> List.truncate (if options.TopK = 0 then logits.Length else options.TopK)

    let all = total (List.map snd ranked)

    let rec nucleus sum kept rest =
        match rest with
        | (i, score) :: rest when sum < options.TopP -> nucleus (sum + exp score / all) ((i, score) :: kept) rest
        | _ -> kept

    let kept = nucleus 0.0 [] ranked
    let all = total (List.map snd kept)
    let share = Map.ofList [ for i, score in kept -> i, exp score / all ]
    [ for i in 0 .. logits.Length - 1 -> share |> Map.tryFind i |> Option.defaultValue 0.0 ]

[<Tests>]
let tests =
    torchTests
        "LanguageModelingTests"
        [
            testCase "a GPT-2 of Hugging Face's gives its logits, with or without the model's prefix" (fun () ->
                use _ = torch.NewDisposeScope()
                let recorded = Recorded.read "reference" "huggingface"
                let given name = recorded.GetProperty(name: string) |> Recorded.items
                let tokens = ints [ for token in given "tokens" -> token.GetInt64() ]
                let wanted = [ for logit in given "logits" -> logit.GetDouble() ]

                let close (found: float list) =
                    List.iteri2
                        (fun i a b -> Expect.isTrue (abs (a - b) <= 1e-5 * max 1.0 (abs a)) $"{i}: {a}, {b}")
                        wanted
                        found

                let logitsOf path =
                    use built = build [ [ 2L; 6L ] ] (gpt2 11 6 8 2 2)
                    let report = StateDict.loadWith (naming HuggingFaceNames.gpt2) path built
                    Assert.equal [] report.UnusedRules
                    built.eval ()
                    callAll built [ tokens.reshape (2L, 6L) ] |> List.exactlyOne |> numbers

                close (logitsOf published)

                inFile (fun path ->
                    let _, tensors = Safetensors.load published

                    [ for KeyValue(name, tensor) in tensors -> name.Replace("transformer.", ""), tensor ]
                    |> Safetensors.save path Map.empty

                    close (logitsOf path)))

            testCase "tensors are split and transposed, in reading and in writing" (fun () ->
                use _ = torch.NewDisposeScope()
                let linear = Layers.linear 2 2 |> Module.configure "bias" false
                use built = build1 [ 1L; 2L ] (Layers.sequential [ linear; linear ])
                let parts = SplitPattern("*.w", 0, [ "*.0.weight"; "*.1.weight" ])
                let rules = [ TransposePattern "*.w"; parts; ReplacePrefix("a.", ""); DropNamesIfAny "*.mask" ]
                let others = [ UnsqueezePattern("x", 1) ]
                Assert.equal others (NameMap.ofJson (NameMap.toJson others))
                Assert.equal rules (NameMap.ofJson (NameMap.toJson rules))

                inFile (fun path ->
                    // (in, out): the first two columns are the first layer's.
                    let weight = tensorOf [ 2L; 4L ] [ 1.0; 2.0; 3.0; 4.0; 5.0; 6.0; 7.0; 8.0 ]
                    Safetensors.save path Map.empty [ "a.w", weight ]
                    let report = StateDict.loadWith (naming rules) path built
                    Assert.equal [ "0.weight"; "1.weight" ] report.Loaded
                    let expected = [ "0.weight", [ 1.0; 5.0; 2.0; 6.0 ]; "1.weight", [ 3.0; 7.0; 4.0; 8.0 ] ]
                    Assert.equal expected (values built)

                    let refused rules = refusedBy (StateDict.loadWith (naming rules) path) built |> List.head
                    Assert.containsText "3 parts" (refused [ SplitPattern("*.w", 1, [ "0"; "1"; "2" ]) ])
                    Assert.containsText "two parts" (refused [ SplitPattern("*.w", 1, [ "0.weight" ]) ])
                    Safetensors.save path Map.empty [ "a.w", tensorOf [ 4L ] [ 1.0; 2.0; 3.0; 4.0 ] ]
                    Assert.containsText "a matrix" (refused [ TransposePattern "a.w" ])
                    Assert.containsText "2 dimensions" (refused [ UnsqueezePattern("a.w", 2) ]))

                inFile (fun path ->
                    let names = [ SplitPattern("0.weight", 1, [ "x"; "y" ]); TransposePattern "1.weight" ]
                    StateDict.saveWith { StateDict.saving with Names = names } path built
                    let _, tensors = Safetensors.load path
                    let found = [ for KeyValue(name, tensor) in tensors -> name, shapeOf tensor, numbers tensor ]

                    Assert.equal
                        [
                            "1.weight", [ 2L; 2L ], [ 3.0; 4.0; 7.0; 8.0 ]
                            "x", [ 2L; 1L ], [ 1.0; 2.0 ]
                            "y", [ 2L; 1L ], [ 5.0; 6.0 ]
                        ]
                        found))

            testCase "a text becomes windows, each with the tokens that come next" (fun () ->
                let vocabulary = Vocabulary.OfText "banana🙂"
                Assert.equal ("abn🙂", 4) (vocabulary.Characters, vocabulary.Size)
                Assert.equal "nab🙂" (vocabulary.Decode(vocabulary.Encode "nab🙂"))
                use data = Texts.windows 3 2 vocabulary "banana🙂"
                Assert.equal [ 1L; 0L; 2L; 2L; 0L; 2L ] (whole data.Inputs)
                Assert.equal [ 0L; 2L; 0L; 0L; 2L; 0L ] (whole data.Targets)
                use padded = Texts.nextTokens (Some 9L) ((ints [ 1L; 2L; 9L; 4L; 5L; 6L ]).reshape(2L, 3L))
                Assert.equal [ 1L; 2L; 4L; 5L ] (whole padded.Inputs)
                Assert.equal [ 2L; -100L; 5L; 6L ] (whole padded.Targets)
                said "character 2" (fun () -> vocabulary.Encode "nax" |> ignore)
                said "from 0 to 3" (fun () -> vocabulary.Decode(ints [ 4L ]) |> ignore)
                said "at least one" (fun () -> Vocabulary.OfText "" |> ignore)
                said "more than 7" (fun () -> Texts.windows 7 1 vocabulary "banana🙂" |> ignore)
                said "positive stride" (fun () -> Texts.windows 2 0 vocabulary "banana" |> ignore))

            testCase "the loss is the mean over tokens that count, and the perplexity e to it" (fun () ->
                use application = trained 0
                let rows = (vocabulary.Encode "the cat sat ").reshape(2L, 6L)
                let dot = whole (vocabulary.Encode " ") |> List.head
                use data = Texts.nextTokens (Some dot) rows

                let surprises =
                    [
                        for row in [ whole (rows.select (0L, 0L)); whole (rows.select (0L, 1L)) ] do
                            for i in 1..5 do
                                if row[i] <> dot then
                                    let logits = next application (List.truncate i row)
                                    log (List.sumBy exp logits) - logits[int row[i]]
                    ]

                let mean = List.average surprises
                let found = Application.test data application
                Expect.floatClose Accuracy.medium found["loss"] mean "loss"
                Expect.floatClose Accuracy.medium found["perplexity"] (exp mean) "perplexity"
                // Classes along the second dimension, as the losses have them.
                let shape = (Application.predict data.Inputs application).shape |> List.ofArray
                Assert.equal [ 2L; int64 vocabulary.Size; 5L ] shape)

            testCase "it learns a text by heart" (fun () ->
                use application = trained 12
                let series = application.History.Series "train_perplexity"
                Expect.isTrue (List.last series < 0.5 * series.Head) $"{series.Head}, {List.last series}")

            testCase "without drawing it takes the most probable token, by the last that it can see" (fun () ->
                use application = trained 3
                let start = vocabulary.Encode "the c"

                let rec goOn (tokens: int64 list) left =
                    if left = 0 then
                        tokens
                    else
                        let scores = next application tokens
                        let best = scores |> List.indexed |> List.maxBy snd |> fst
                        goOn (tokens @ [ int64 best ]) (left - 1)

                let expected = goOn (whole start) 12
                let options = { Generation.defaults with MaxNewTokens = 12 }
                let found = Generation.generate options (start.unsqueeze 0L) application
                Assert.equal expected (whole found)
                Assert.equal (vocabulary.Decode found[0]) (Generation.text options vocabulary "the c" application)
                // It ends behind the first of these.
                let eos = expected[7]
                let until = List.take (List.findIndex ((=) eos) (List.skip 5 expected) + 6) expected
                let ended = Generation.generate { options with EosTokenId = Some eos } (start.unsqueeze 0L) application
                Assert.equal until (whole ended)
                let last = { options with ContextLength = Some 1; MaxNewTokens = 1 }
                let alone = next application [ List.last (whole start) ] |> List.indexed |> List.maxBy snd |> fst
                let found = Generation.generate last (start.unsqueeze 0L) application
                Assert.equal (int64 alone) (List.last (whole found)))

            testTheory
                "what is drawn has the probability of temperature, the first k and the nucleus"
                [ 1.0, 0, 1.0; 0.7, 0, 1.0; 1.0, 3, 1.0; 1.0, 0, 0.6; 1.5, 4, 0.8; 1.0, 50, 1.0; 1.0, 0, 0.01 ]
                (fun (temperature, topK, topP) ->
                    use _ = torch.NewDisposeScope()
                    let options = { Generation.sampling with Temperature = temperature; TopK = topK; TopP = topP }
                    let logits = [ 0.3; -1.2; 2.0; 0.9; 1.7; -0.4 ]
                    let given = torch.tensor(Array.ofList logits).unsqueeze 0L
                    let found = (Generation.warp options given).softmax(1L).squeeze(0L).data<float>().ToArray()

                    List.iter2
                        (fun a b -> Expect.floatClose Accuracy.high b a "p")
                        (allowed options logits)
                        (List.ofArray found))

            testCase "what is drawn follows from the seed, and is drawn as often as probable" (fun () ->
                use application = trained 0
                let prompt = (vocabulary.Encode "the").unsqueeze 0L
                let options = { Generation.sampling with MaxNewTokens = 8; Seed = 3L }
                let draw options = whole (Generation.generate options prompt application)
                Assert.equal (draw options) (draw options)
                Assert.notEqual (draw options) (draw { options with Seed = 4L })
                let count = 4000L
                let many = prompt.repeat (count, 1L)
                let one = { options with MaxNewTokens = 1; TopK = 4 }

                let drawn =
                    (Generation.generate one many application).select(1L, 3L) |> whole |> List.countBy id |> Map.ofList

                for i, p in List.indexed (allowed one (next application (whole prompt))) do
                    let found = float (drawn |> Map.tryFind (int64 i) |> Option.defaultValue 0) / float count
                    // Five standard deviations.
                    Expect.isTrue (abs (found - p) <= 5.0 * sqrt (p * (1.0 - p) / float count)) $"{i}: {p}, {found}")

            testCase "what can't be is an error that says why" (fun () ->
                use application = trained 0
                let prompt = (vocabulary.Encode "the").unsqueeze 0L
                let go options = fun () -> Generation.generate options prompt application |> ignore
                let sampling = Generation.sampling
                said "max_new_tokens" (go { sampling with MaxNewTokens = 0 })
                said "temperature" (go { sampling with Temperature = 0.0 })
                said "top_k" (go { sampling with TopK = -1 })
                said "top_p" (go { sampling with TopP = 1.1 })
                said "context_length" (go { sampling with ContextLength = Some 0 })
                said "do_sample" (go { Generation.defaults with Temperature = 0.5 })
                said "at least one token" (fun () -> Generation.generate sampling prompt[0] application |> ignore))
        ]
