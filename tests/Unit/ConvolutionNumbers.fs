/// Convolutional networks against PyTorch: what they give, and all gradients, with the same weights (reference/convolutions.py).
module Deeplay.Tests.ConvolutionNumbers

open System
open System.Text.Json
open Expecto
open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Library
open Deeplay.Torch
open Deeplay.Tests
open Deeplay.Tests.LoweringHelp
open TorchSharp

let private conditioned = Module.configure "class_conditioned_model" true >> Module.configure "embedding_dim" 4

let private generator =
    Models.dcganGenerator |> Module.configure "latent_dim" 10 |> Module.configure "features_dim" 4

let private discriminator = Models.dcganDiscriminator |> Module.configure "features_dim" 4

let private specs: Map<string, ModuleSpec> =
    Map.ofList
        [
            "cnn", Components.convolutionalNeuralNetwork 3 [ 4; 4 ] 3 |> Block.pooled () |> Block.normalized ()
            "residual", Blocks.conv2d 3 8 |> Style.residual ()
            "encoder_decoder",
            Components.convolutionalEncoderDecoder2d 3 [ 4; 8 ] 2
            |> Module.configure "bottleneck_channels" [ 8; 8 ]
            "encoder_decoder_1d", Components.convolutionalEncoderDecoder1d 3 [ 4; 8 ] 2
            "encoder_decoder_3d", Components.convolutionalEncoderDecoder3d 1 [ 2; 4 ] 1
            "unet", Components.uNet2d 1 [ 4; 8 ] 2
            "unet_add", Components.uNet2d 1 [ 4; 8; 8 ] 2 |> Module.configure UNet2d.skip Layers.add
            "unet_1d", Components.uNet1d 1 [ 4; 8 ] 2
            "unet_3d", Components.uNet3d 1 [ 2; 4 ] 1
            "spatial_self_attention",
            Blocks.conv2d 8 8 |> Style.spatialSelfAttention (toChannelLast = true, numHeads = 2)
            "resnet18", Models.resNet18 |> Module.configure "num_classes" 10
            "resnet50", Models.resNet50 |> Module.configure "num_classes" 10
            "convnext", Models.convNeXt [ 8; 12 ] [ 2; 1 ] |> Module.configure "num_classes" 10
            "dcgan_generator", generator
            "dcgan_generator_cond", conditioned generator
            "dcgan_discriminator", discriminator
            "dcgan_discriminator_cond", conditioned discriminator
            "cyclegan_generator",
            Models.cycleGANResnetGenerator |> Module.configure CycleGANResnetGenerator.nResidualBlocks 1
            "cyclegan_discriminator", Models.cycleGANDiscriminator
        ]

let private models = Recorded.read "reference" "convolutions" |> Recorded.items
let private named name = models |> List.find (fun model -> model.GetProperty("name").GetString() = name)

/// How PyTorch's program calls a parameter of ours.
let private published name (parameters: string list) : Map<string, string> =
    let rules =
        match name with
        | "resnet18" -> Some TorchvisionNames.resNet18, ResnetTests.names [ 2; 2; 2; 2 ] false
        | "resnet50" -> Some TorchvisionNames.resNet50, ResnetTests.names [ 3; 4; 6; 3 ] true
        | "convnext" ->
            let recorded = (named name).GetProperty("gradients").EnumerateObject()
            Some TorchvisionNames.convNeXt, [ for gradient in recorded -> gradient.Name, [] ]
        | _ -> None, []

    match rules with
    | Some rules, names ->
        NameMap.apply name rules (List.map fst names)
        |> fst
        |> List.map (fun (theirs, (ours, _)) -> ours, theirs)
        |> Map.ofList
    | None, _ -> parameters |> List.map (fun name -> name, name) |> Map.ofList

let private isConditioned (name: string) = name.EndsWith("_cond", StringComparison.Ordinal)
let private shapesOf name (shape: int64 list) = if isConditioned name then [ shape; [ shape.Head ] ] else [ shape ]

/// sin(0.7 i + start) for element i, in float64.
let wave (shape: int64 list) (start: float) : Tensor =
    let count = List.fold (*) 1L shape
    let values = Array.init (int count) (fun i -> sin (float i * 0.7 + start))
    torch.tensor(values).reshape(Array.ofList shape)

/// A parameter's first numbers, by the name it has in PyTorch.
let first (name: string) (shape: int64 list) : Tensor =
    let seed = (name |> Seq.mapi (fun i c -> int c * (i + 1)) |> Seq.sum) % 101
    let wave = wave shape (float seed)

    if shape.Length > 1 then
        wave * (sqrt (2.0 / float (List.fold (*) 1L shape.Tail))).ToScalar()
    elif name.EndsWith("weight", StringComparison.Ordinal) then
        (wave * (0.1).ToScalar()) + (1.0).ToScalar()
    else
        wave * (0.1).ToScalar()

/// The sum over all elements, each times a cosine of its place.
let digest (tensor: Tensor) : float =
    let flat = tensor.detach().``to``(torch.float64).flatten()
    let cosines = torch.cos (torch.arange (flat.numel (), dtype = torch.float64) * (0.3).ToScalar())
    (flat * cosines).sum().ToDouble()

/// Off by at most a hundred thousandth of what the terms of the sum come to. The bias in front of an instance norm has no gradient
/// but what rounding leaves.
let isDigest (name: string) what (recorded: JsonElement) (found: float) =
    let expected, size = recorded[0].GetDouble(), recorded[1].GetDouble()
    let rounding = if name.StartsWith("cyclegan", StringComparison.Ordinal) then 1e-4 else 0.0
    Expect.isTrue (abs (found - expected) <= 1e-5 * size + rounding) $"{what}: {expected} of {size}, but {found}"

let private check name =
    use _scope = torch.NewDisposeScope()
    let model = named name
    let sizes = model.GetProperty "sizes"
    let shape = Recorded.sizes (sizes[0].EnumerateArray() |> Seq.head)
    use built = build (shapesOf name shape) specs[name]
    built.train ()
    let parameters = parametersOf built
    let theirs = published name (List.map fst parameters)

    using (torch.no_grad ()) (fun _ ->
        for name, p in parameters do
            p.copy_ (first (theirs[name]) (shapeOf p)) |> ignore)

    let input = (wave shape 1.0).``to``(torch.float32).requires_grad_()
    let labels = [ if isConditioned name then torch.arange (shape.Head, dtype = torch.int64) ]
    let output = callAll built (input :: labels) |> List.exactlyOne
    let cosines = torch.cos (torch.arange (output.numel (), dtype = torch.float32) * (0.3f).ToScalar())
    (output * cosines.reshape output.shape).sum().backward()

    isDigest name "output" (model.GetProperty "output") (digest output)
    isDigest name "gradient of the input" (model.GetProperty "input_gradient") (digest input.grad)
    let gradients = model.GetProperty "gradients"
    let recorded = [ for gradient in gradients.EnumerateObject() -> gradient.Name ]
    Assert.equal (List.sort recorded) (List.sort [ for name, _ in parameters -> theirs[name] ])

    for parameter, p in parameters do
        isDigest name parameter (gradients.GetProperty(theirs[parameter])) (digest p.grad)

[<Tests>]
let tests =
    let names = specs |> Map.toList |> List.map fst

    torchTests
        "ConvolutionNumbers"
        [
            testCase "every recorded network is compared" (fun () ->
                Assert.equal names (List.sort [ for model in models -> model.GetProperty("name").GetString() ]))

            testTheory "outputs and gradients are PyTorch's" names check

            testTheory "the shapes that come out are PyTorch's, for odd sizes too" names (fun name ->
                for size in (named name).GetProperty "sizes" |> Recorded.items do
                    let inputs = shapesOf name (Recorded.sizes size[0]) |> List.map Shape.known
                    let found = Infer.run inputs (Module.construct specs[name])

                    match size[1].ValueKind, found with
                    | JsonValueKind.Null, Error _ -> ()
                    | JsonValueKind.Array, Ok outcome ->
                        Assert.equal [ Carried.Tensor(Shape.known (Recorded.sizes size[1])) ] outcome.Outputs
                    | _ -> failtest $"{name}: {size[0]} gives {size[1]}, but {found}")
        ]
