/// Autoencoders and diffusion against PyTorch: networks, formulas and steps (reference/generative.py).
module Deeplay.Tests.GenerativeNumbers

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
let private named name = models |> List.find (fun model -> model.GetProperty("name").GetString() = name)
let private isAutoEncoder (name: string) = name.EndsWith("ae", System.StringComparison.Ordinal)
let private isConditioned (name: string) = name.EndsWith("cond", System.StringComparison.Ordinal)

let private shapesOf name (shape: int64 list) =
    [
        shape
        if not (isAutoEncoder name) then [ shape.Head; 6L ]
        if isConditioned name then
            [ shape.Head ]
            [ shape.Head; 3L; 5L ]
    ]

// Numbers of float32 in float64: norms and attention make much of what rounding leaves.
let private single (shape: int64 list) start = (wave shape start).``to``(torch.float32).``to`` torch.float64

let private callBuilt name (built: torch.nn.Module) (input: Tensor) : Tensor =
    let rows = input.shape[0]
    let time () = single [ rows; 6L ] 2.0

    match built with
    | :? torch.nn.Module<Tensor, Tensor> as m -> m.call input
    | :? torch.nn.Module<Tensor, Tensor, Tensor> as m -> m.call (input, time ())
    | :? torch.nn.Module<Tensor[], Tensor[]> as m ->
        let labels = torch.arange (rows, dtype = torch.int64)
        m.call([| input; time (); labels; single [ rows; 3L; 5L ] 3.0 |])[0]
    | _ -> failtest $"{name}: {built.GetType()}"

let private check name =
    use _scope = torch.NewDisposeScope()
    let model = named name
    let shape = Recorded.sizes (model.GetProperty("sizes").[0].[0])
    use built = specs[name] |> Build.run { optionsFor (shapesOf name shape) with DType = Some torch.float64 }
    // A VAE draws while it trains.
    built.train ((name <> "vae"))
    let parameters = parametersOf built

    using (torch.no_grad ()) (fun _ ->
        for name, p in parameters do
            p.copy_ ((first name (shapeOf p)).``to`` torch.float32) |> ignore)

    let input = (single shape 1.0).requires_grad_()
    let output = callBuilt name built input
    let cosines = torch.cos (torch.arange (output.numel (), dtype = torch.float64) * (0.3).ToScalar())
    (output * cosines.reshape output.shape).sum().backward()
    isDigest name "output" (model.GetProperty "output") (digest output)
    isDigest name "gradient of the input" (model.GetProperty "input_gradient") (digest input.grad)
    let gradients = model.GetProperty "gradients"

    // The mean alone is decoded where nothing is drawn.
    let own = parameters |> List.filter (fun (parameter, _) -> not (parameter.StartsWith "fc_var"))
    let names = [ for gradient in gradients.EnumerateObject() -> gradient.Name ]
    Assert.equal (List.sort names) (List.sort (List.map fst own))

    for parameter, p in own do
        let gradient = gradients.GetProperty parameter
        let size = gradient[1].GetDouble()

        // In front of a batch norm a bias has no gradient but what rounding leaves.
        if size < 1e-5 then
            Expect.isTrue (abs (digest p.grad) < 1e-5) parameter
        else
            isDigest name parameter gradient (digest p.grad)

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
    let names = specs |> Map.toList |> List.map fst

    torchTests
        "GenerativeNumbers"
        [
            testCase "every recorded network is compared" (fun () ->
                Assert.equal names (List.sort [ for model in models -> model.GetProperty("name").GetString() ]))

            testTheory "outputs and gradients are PyTorch's" names check

            testTheory
                "the shapes that come out are PyTorch's, and sizes that do not fit are refused"
                names
                (fun name ->
                    for size in (named name).GetProperty "sizes" |> Recorded.items do
                        let inputs = shapesOf name (Recorded.sizes size[0]) |> List.map Shape.known
                        let found = Infer.run inputs (Module.construct specs[name])

                        match size[1].ValueKind, found with
                        | JsonValueKind.Null, Error _ -> ()
                        | JsonValueKind.Array, Ok outcome ->
                            Assert.equal [ Carried.Tensor(Shape.known (Recorded.sizes size[1])) ] outcome.Outputs
                        | _ -> failtest $"{name}: {size[0]} gives {size[1]}, but {found}")

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
