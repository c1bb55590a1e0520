/// Transformers against PyTorch: what they give, and all gradients, with the same weights (reference/transformers.py).
module Deeplay.Tests.TransformerNumbers

open Expecto
open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Library
open Deeplay.Torch
open Deeplay.Tests
open Deeplay.Tests.LoweringHelp
open Deeplay.Tests.ReferenceNumbers
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

// Models of other sizes, made as small as the one that was recorded.
let private smallTransformers =
    [
        for definition in [ ViTB16.definition; ViTB32.definition; ViTL16.definition; ViTL32.definition ] ->
            "vision_transformer",
            Module.create
                [
                    ViTB16.imageSize => 16
                    ViTB16.patchSize => 4
                    ViTB16.numLayers => 2
                    ViTB16.numHeads => 2
                    ViTB16.hiddenDim => 8
                    ViTB16.mlpDim => 12
                    ViTB16.numClasses => 5
                ]
                definition
    ]

let private specs: (string * ModuleSpec) list =
    smallTransformers
    @ [
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

/// A text of these many tokens.
let private text (shape: int64 list) : Tensor =
    torch.tensor([| for i in 0L .. List.fold (*) 1L shape - 1L -> i * 7L % 11L |]).reshape(Array.ofList shape)

/// All networks that are compared.
let networks: Network list =
    [
        for name, spec in specs do
            let network = network name spec

            match name with
            | "gpt2"
            | "llama" -> { network with Input = text }
            // With its memory: the last three steps, the last one first.
            | "decoder" -> { network with Inputs = fun input -> [ input; input.flip([| 1L |]).narrow(1L, 0L, 3L) ] }
            | "vision_transformer" -> { network with Names = published name TorchvisionNames.visionTransformer }
            | _ -> network
    ]

[<Tests>]
let tests = torchTests "TransformerNumbers" (ReferenceNumbers.tests models networks)
