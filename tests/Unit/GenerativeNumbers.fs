/// Autoencoders and diffusion against PyTorch: networks, formulas and steps (reference/generative.py).
module Deeplay.Tests.GenerativeNumbers

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

let private attention (channels: int list) (inside: int list) (flags: bool list) heads =
    Components.attentionUNet
    |> Module.configure AttentionUNet.channels channels
    |> Module.configure AttentionUNet.baseChannels inside
    |> Module.configure AttentionUNet.channelAttention (Some flags)
    |> Module.configure AttentionUNet.positionEmbeddingDim 6
    |> Module.configure AttentionUNet.numAttentionHeads heads

let private specs: Map<string, ModuleSpec> =
    Map.ofList
        [
            "vae",
            Applications.variationalAutoEncoder 3
            |> Module.configure VariationalAutoEncoder.inputSize [ 8; 8 ]
            |> Module.configure VariationalAutoEncoder.channels [ 4; 8 ]
            "wae",
            Applications.wassersteinAutoEncoder 3
            |> Module.configure WassersteinAutoEncoder.inputSize [ 8; 8 ]
            |> Module.configure WassersteinAutoEncoder.channels [ 4; 6; 8 ]
            "attention_unet", attention [ 8; 16 ] [ 12 ] [ false; true ] [ 2; 2 ]
            "attention_unet_three", attention [ 8; 8; 16 ] [ 12; 8 ] [ true; true; true ] [ 1; 1 ]
            "attention_unet_cond",
            attention [ 8; 16 ] [ 12 ] [ true; true ] [ 2; 2 ]
            |> Module.configure AttentionUNet.numClasses 5
            |> Module.configure AttentionUNet.contextEmbeddingDim 5
        ]

let private recorded = Recorded.read "reference" "generative"
let private models = recorded.GetProperty "models" |> Recorded.items

/// All networks that are compared.
let networks: Network list =
    [
        for KeyValue(name, spec) in specs do
            let isAutoEncoder = name.EndsWith("ae", System.StringComparison.Ordinal)
            let isConditioned = name.EndsWith("cond", System.StringComparison.Ordinal)

            { network name spec with
                DType = torch.float64
                // A VAE draws while it trains. The mean alone is decoded where nothing is drawn.
                IsTraining = name <> "vae"
                IsIdle = fun parameter -> parameter.StartsWith("fc_var", System.StringComparison.Ordinal)
                Input = fun shape -> (single shape 1.0).requires_grad_()
                Inputs =
                    fun input ->
                        let rows = input.size 0

                        [
                            input
                            if not isAutoEncoder then single [ rows; 6L ] 2.0
                            if isConditioned then
                                torch.arange (rows, dtype = torch.int64)
                                single [ rows; 3L; 5L ] 3.0
                        ]
            }
    ]

let private all (row: JsonElement) = Recorded.items row |> List.map (fun number -> number.GetDouble())
let private floats (name: string) (row: JsonElement) = all (row.GetProperty name)

let private near bound what (expected: float list) (found: float list) =
    Assert.equal expected.Length found.Length

    for i, (a, b) in List.indexed (List.zip expected found) do
        Expect.isTrue (abs (a - b) <= bound * max 1.0 (abs a)) $"{what}[{i}]: {a}, but {b}"

// A loss of two tensors, in float64, with its gradients.
let private isGraded (name: string) (loss: Tensor -> Tensor -> Tensor) =
    use _scope = torch.NewDisposeScope()
    let x = (wave [ 4L; 3L ] 0.2).requires_grad_()
    let y = (wave [ 4L; 3L ] 1.7).requires_grad_()
    let found = loss x y
    found.backward ()
    let row = recorded.GetProperty name
    near 1e-6 name [ row.GetProperty("value").GetDouble() ] [ found.ToDouble() ]
    let gradients = row.GetProperty "gradients" |> Recorded.items |> List.map all
    let listed (tensor: Tensor) = tensor.grad.data<float>().ToArray() |> List.ofArray
    near 1e-6 name gradients[0] (listed x)
    near 1e-6 name gradients[1] (listed y)

let private listed (x: Tensor) = x.data<float>().ToArray() |> List.ofArray
let private ten = NoiseSchedule.ofBetas (Diffusion.betas "linear" 10 0.05 0.4)

[<Tests>]
let tests =
    torchTests
        "GenerativeNumbers"
        [
            yield! ReferenceNumbers.tests models networks

            testCase "an odd size is refused by the block of the decoder where it does not fit" (fun () ->
                let refused shape =
                    match
                        Infer.run
                            [ Shape.known shape; Shape.known [ 2L; 6L ] ]
                            (Module.construct specs["attention_unet_three"])
                    with
                    | Ok outcome -> failtest $"{outcome}"
                    | Error errors -> (Fail.exceptionOf errors).Message

                // 6 → 3 → 1, and back to 2.
                Assert.containsText "decoder.blocks.0 (UNetDecoderBlock)" (refused [ 2L; 1L; 6L; 8L ])
                // 7 → 3, and back to 6 on the level above.
                Assert.containsText "decoder.blocks.1 (UNetDecoderBlock)" (refused [ 2L; 1L; 4L; 9L ]))

            testCase "the divergence of an encoder's distributions is torch's" (fun () ->
                isGraded "kl" Divergence.kullbackLeibler)

            testCase "the discrepancy of codes from the prior is that of pairs" (fun () ->
                isGraded "mmd" (Divergence.maximumMeanDiscrepancy 1.5))

            testCase "the divergence is 0 from the normal distribution itself, and ½ μ² from one beside it" (fun () ->
                use _scope = torch.NewDisposeScope()
                let zero = torch.zeros ([| 2L; 3L |], dtype = torch.float64)
                Assert.equal 0.0 ((Divergence.kullbackLeibler zero zero).ToDouble())
                let two = torch.tensor([| 2.0; 0.0; 0.0 |]).reshape(1L, 3L)
                Assert.equal 2.0 ((Divergence.kullbackLeibler two (zero.narrow (0L, 0L, 1L))).ToDouble()))

            testCase "noise grows as the papers say" (fun () ->
                let row = recorded.GetProperty "schedules"
                let linear = NoiseSchedule.ofBetas (Diffusion.betas "linear" 1000 1e-4 0.02)
                near 1e-12 "linear" (floats "linear" row) [ for at in [ 0; 1; 10; 500; 999 ] -> linear.Left[at] ]
                let cosine = NoiseSchedule.ofBetas (Diffusion.betas "cosine" 10 1e-4 0.02)
                near 1e-12 "cosine" (floats "cosine" row) (List.ofArray cosine.Betas)
                near 1e-12 "cosine, left" (floats "cosine_left" row) (List.ofArray cosine.Left))

            testCase "an image is noised, and denoised by Bayes' rule and straight" (fun () ->
                use _scope = torch.NewDisposeScope()
                let row = recorded.GetProperty "steps"
                let of' start = wave [ 1L; 6L ] start
                let image, x, noise = of' 0.1, of' 0.5, of' 0.9
                near 1e-9 "noised" (floats "noised" row) (listed (NoiseSchedule.noised ten [| 4L |] noise image))
                let told = torch.tensor(Array.ofList (floats "told" row)).reshape(1L, 6L)
                near 1e-9 "ddpm" (floats "ddpm" row) (listed (Denoising.ddpm ten false 4 noise told x))
                near 1e-9 "ddim" (floats "ddim" row) (listed (Denoising.ddim ten false 0.0 4 1 noise told x)))

            testCase "DDIM with all steps and as much noise is DDPM" (fun () ->
                use _scope = torch.NewDisposeScope()
                let x, told, noise = wave [ 1L; 6L ] 0.5, wave [ 1L; 6L ] 1.1, wave [ 1L; 6L ] 2.3

                for isClipped in [ false; true ] do
                    for step in 0..9 do
                        let expected = Denoising.ddpm ten isClipped step noise told x
                        let found = Denoising.ddim ten isClipped 1.0 step (step - 1) noise told x
                        near 1e-9 $"step {step}" (listed expected) (listed found))

            testCase "who knows the noise gets the image back, kept between -1 and 1 where that is wanted" (fun () ->
                use _scope = torch.NewDisposeScope()
                let image, noise = wave [ 1L; 6L ] 0.1 * (2.0).ToScalar(), wave [ 1L; 6L ] 0.9
                let mutable x = NoiseSchedule.noised ten [| 9L |] noise image
                let steps = Denoising.steps (DDIM(3, 0.0)) 10
                Assert.equal [ 6; 3; 0 ] steps
                x <- NoiseSchedule.noised ten [| 6L |] noise image

                for step, next in List.zip steps [ 3; 0; -1 ] do
                    x <- Denoising.ddim ten false 0.0 step next noise noise x

                near 1e-9 "image" (listed image) (listed x)
                let kept = Denoising.ddpm ten true 0 noise noise (NoiseSchedule.noised ten [| 0L |] noise image)
                near 1e-9 "kept" (listed image |> List.map (max -1.0 >> min 1.0)) (listed kept)
                Assert.equal [ 9; 8; 7; 6; 5; 4; 3; 2; 1; 0 ] (Denoising.steps DDPM 10))

            testCase "times become sines and cosines" (fun () ->
                use _scope = torch.NewDisposeScope()
                use built = build1 [ 4L ] (Components.timestepEmbedding 6)
                let found = built.call (torch.tensor [| 0.0f; 1.0f; 10.0f; 999.0f |])
                near 1e-4 "times" (floats "times" recorded) (numbers found))
        ]
