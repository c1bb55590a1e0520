/// Transformers against PyTorch: what they give, and all gradients, with the same weights (reference/transformers.py).
module Deeplay.Tests.TransformerNumbers

open System.Text.Json
open Expecto
open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Library
open Deeplay.Torch
open Deeplay.Tests
open Deeplay.Tests.ConvolutionNumbers
open Deeplay.Tests.LoweringHelp
open TorchSharp

/// GPT-2 of another size.
let gpt2 (vocab: int) (length: int) (width: int) (layers: int) (heads: int) : ModuleSpec =
    Module.create
        [
            CausalLanguageModel.vocabSize => vocab
            CausalLanguageModel.maxLength => length
            CausalLanguageModel.features => width
            CausalLanguageModel.numLayers => layers
            CausalLanguageModel.numHeads => heads
        ]
        CausalLanguageModel.definition

/// A model as Llama is.
let llama (vocab: int) (width: int) (layers: int) (heads: int) (groups: int) (inside: int) : ModuleSpec =
    Module.create
        [
            CausalLanguageModel.vocabSize => vocab
            CausalLanguageModel.features => width
            CausalLanguageModel.numLayers => layers
            CausalLanguageModel.numHeads => heads
            CausalLanguageModel.numKvHeads => groups
            CausalLanguageModel.dimFeedforward => inside
            CausalLanguageModel.positions => "rotary"
            CausalLanguageModel.normalization => Spec.create RMSNorm.definition Map.empty
            CausalLanguageModel.activation => Layers.silu
            CausalLanguageModel.gated => true
            CausalLanguageModel.bias => false
            CausalLanguageModel.tieWeights => false
        ]
        CausalLanguageModel.definition

let private specs: Map<string, ModuleSpec> =
    Map.ofList
        [
            "sinusoidal",
            Components.positionalEmbedding 6
            |> Module.configure PositionalEmbedding.batchFirst true
            |> Module.configure PositionalEmbedding.maxLength 40
            "encoder", Components.transformerEncoderLayer 4 [ 4; 16 ] 4 2
            "encoder_causal",
            Components.transformerEncoderLayer 8 [ 8 ] 8 2
            |> Module.configure TransformerEncoderLayer.batchFirst true
            |> Module.configure TransformerEncoderLayer.dimFeedforward 12
            |> Module.configure TransformerEncoderLayer.normFirst true
            |> Module.configure TransformerEncoderLayer.isCausal true
            "decoder",
            Components.transformerDecoderLayer 8 [ 8 ] 8 2
            |> Module.configure TransformerDecoderLayer.batchFirst true
            "rms_norm", Layers.rmsNorm 8
            "gpt2", gpt2 11 6 8 2 2
            "llama", llama 11 8 2 4 2 12 |> Module.configure CausalLanguageModel.rotaryBase 500.0
            "vit", Models.viT 1 16 4 [ 16; 32 ] 3 4
            "vision_transformer", Models.visionTransformer 16 4 2 2 8 12 |> Module.configure "num_classes" 5
        ]

let private models = Recorded.read "reference" "transformers" |> Recorded.items
let private named name = models |> List.find (fun model -> model.GetProperty("name").GetString() = name)

/// How PyTorch's program calls our parameters.
let private published name (recorded: string list) : Map<string, string> =
    let rules = if name = "vision_transformer" then TorchvisionNames.visionTransformer else []

    NameMap.apply name rules recorded
    |> fst
    |> List.map (fun (theirs, (ours, _)) -> ours, theirs)
    |> Map.ofList

/// Whether it takes texts.
let private reads name = name = "gpt2" || name = "llama"

/// The input of the reference.
let private start name (shape: int64 list) : Tensor =
    let count = List.fold (*) 1L shape

    if reads name then
        torch.tensor([| for i in 0L .. count - 1L -> i * 7L % 11L |]).reshape(Array.ofList shape)
    else
        (wave shape 1.0).``to``(torch.float32).requires_grad_()

/// With the memory of a decoder: the last three steps, the last one first.
let private inputs name (input: Tensor) = [ input; if name = "decoder" then input.flip([| 1L |]).narrow(1L, 0L, 3L) ]

let private shapesOf name (shape: int64 list) = [ shape; if name = "decoder" then List.updateAt 1 3L shape ]

let private check name =
    use _scope = torch.NewDisposeScope()
    let model = named name
    let shape = model.GetProperty "sizes" |> Recorded.items |> List.head |> (fun size -> Recorded.sizes size[0])
    use built = build (shapesOf name shape) specs[name]
    let gradients = model.GetProperty "gradients"
    let recorded = [ for gradient in gradients.EnumerateObject() -> gradient.Name ]
    let theirs = published name recorded
    let parameters = parametersOf built
    Assert.equal (List.sort (List.ofSeq theirs.Keys)) (List.sort (List.map fst parameters))

    using (torch.no_grad ()) (fun _ ->
        for name, p in parameters do
            p.copy_ (first theirs[name] (shapeOf p)) |> ignore)

    let input = start name shape
    let output = callAll built (inputs name input) |> List.exactlyOne
    let cosines = torch.cos (torch.arange (output.numel (), dtype = torch.float32) * (0.3f).ToScalar())
    (output * cosines.reshape output.shape).sum().backward()

    isDigest name "output" (model.GetProperty "output") (digest output)

    if not (reads name) then
        isDigest name "gradient of the input" (model.GetProperty "input_gradient") (digest input.grad)

    for parameter, p in parameters do
        // It adds one number to all scores of a query, which changes nothing: what gradient there is is rounding.
        if parameter.EndsWith("k_proj.bias", System.StringComparison.Ordinal) then
            Expect.isTrue (abs (digest p.grad) < 1e-4) parameter
        else
            isDigest name parameter (gradients.GetProperty theirs[parameter]) (digest p.grad)

[<Tests>]
let tests =
    let names = specs |> Map.toList |> List.map fst

    torchTests
        "TransformerNumbers"
        [
            testCase "every recorded network is compared" (fun () ->
                Assert.equal names (List.sort [ for model in models -> model.GetProperty("name").GetString() ]))

            testTheory "outputs and gradients are PyTorch's" names check

            testTheory "the shapes that come out are PyTorch's" names (fun name ->
                for size in (named name).GetProperty "sizes" |> Recorded.items do
                    let given = shapesOf name (Recorded.sizes size[0]) |> List.map Shape.known
                    let found = Infer.run given (Module.construct specs[name])

                    match size[1].ValueKind, found with
                    | JsonValueKind.Null, Error _ -> ()
                    | JsonValueKind.Array, Ok outcome ->
                        Assert.equal [ Carried.Tensor(Shape.known (Recorded.sizes size[1])) ] outcome.Outputs
                    | _ -> failtest $"{name}: {size[0]} gives {size[1]}, but {found}")
        ]
