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
    |> List.map (fun (theirs, ours) -> ours, theirs)
    |> Map.ofList

let private check name =
    use _scope = torch.NewDisposeScope()
    let model = named name
    let shape = model.GetProperty "sizes" |> Recorded.items |> List.head |> (fun size -> Recorded.sizes size[0])
    use built = build [ shape ] specs[name]
    let gradients = model.GetProperty "gradients"
    let recorded = [ for gradient in gradients.EnumerateObject() -> gradient.Name ]
    let theirs = published name recorded
    let parameters = parametersOf built
    Assert.equal (List.sort (List.ofSeq theirs.Keys)) (List.sort (List.map fst parameters))

    using (torch.no_grad ()) (fun _ ->
        for name, p in parameters do
            p.copy_ (first theirs[name] (shapeOf p)) |> ignore)

    let input = (wave shape 1.0).``to``(torch.float32).requires_grad_()
    let output = callAll built [ input ] |> List.exactlyOne
    let cosines = torch.cos (torch.arange (output.numel (), dtype = torch.float32) * (0.3f).ToScalar())
    (output * cosines.reshape output.shape).sum().backward()

    isDigest name "output" (model.GetProperty "output") (digest output)
    isDigest name "gradient of the input" (model.GetProperty "input_gradient") (digest input.grad)

    for parameter, p in parameters do
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
                    let found = Infer.run [ Shape.known (Recorded.sizes size[0]) ] (Module.construct specs[name])

                    match size[1].ValueKind, found with
                    | JsonValueKind.Null, Error _ -> ()
                    | JsonValueKind.Array, Ok outcome ->
                        Assert.equal [ Carried.Tensor(Shape.known (Recorded.sizes size[1])) ] outcome.Outputs
                    | _ -> failtest $"{name}: {size[0]} gives {size[1]}, but {found}")
        ]
