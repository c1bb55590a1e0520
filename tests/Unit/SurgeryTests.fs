/// Edits of the weights and branches of any model: what is trained, seen, undone, saved, merged, and what is said where
/// something does not fit.
module Deeplay.Tests.SurgeryTests

open System.IO
open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Library
open Deeplay.Torch
open TorchSharp
open Expecto
open Deeplay.Tests
open Deeplay.Tests.LoweringHelp
open Deeplay.Tests.TrainingHelp

let private mlp = Components.multiLayerPerceptron 3 [ 4; 4 ] 2
let private adapted = mlp |> Module.frozen () |> Module.select ".../layer" (Block.lora (rank = 2, alpha = 4.0))

let private trained (built: torch.nn.Module) =
    [
        for name, p in parametersOf built do
            if p.requires_grad then name
    ]

/// Numbers that are not zero in every parameter.
let private fillAll (built: torch.nn.Module) =
    use _ = torch.no_grad ()

    for i, (_, p) in List.indexed (parametersOf built) do
        p.copy_ (fill (shapeOf p) (float i)) |> ignore

let private said part work = Assert.containsText part (Recorded.problem work)
let private children = Module.construct >> fun node -> node.Children.Names

[<Tests>]
let tests =
    torchTests
        "SurgeryTests"
        [
            testCase "LoRA changes nothing at first, and trains nothing else" (fun () ->
                use _ = torch.NewDisposeScope()
                use built = build1 [ 5L; 3L ] adapted
                let layers = [ for i in 0..2 -> $"blocks.{i}.layer." ]

                Assert.equal
                    [
                        for layer in layers do
                            layer + "lora_A"
                            layer + "lora_B"
                    ]
                    (trained built)

                use plain = build1 [ 5L; 3L ] mlp

                using (torch.no_grad ()) (fun _ ->
                    let all = Map.ofList (parametersOf built)

                    for name, p in parametersOf plain do
                        p.copy_ (all[name]) |> ignore)

                let x = fill [ 5L; 3L ] 0.3
                Assert.equal (numbers (plain.call x)) (numbers (built.call x)))

            testCase "A starts as the weight of a Linear does, B from zero" (fun () ->
                use _ = torch.NewDisposeScope()
                use built = build1 [ 1L; 100L ] (Layers.linear 100 300 |> Block.lora (rank = 50))
                let all = Map.ofList (parametersOf built)
                Assert.equal [ 0.0 ] (List.distinct (numbers all["lora_B"]))
                let a = numbers all["lora_A"]
                // Uniform up to 1 / sqrt(100).
                Expect.isTrue (List.forall (fun x -> abs x <= 0.1) a) "bound"
                Expect.isTrue (List.exists (fun x -> abs x > 0.095) a) "reaches the bound")

            testCase "LoRA is seen in the tree and explained, and undone" (fun () ->
                Assert.containsText
                    "Linear(in_features=3, out_features=4, bias=True, lora(alpha=4.0, rank=2))"
                    (string adapted)

                Assert.containsText "frozen(frozen=True)" (string adapted)
                let why = Module.explain "blocks.1.layer" "lora" adapted |> string
                Assert.containsText "set by the user, step 2 at SurgeryTests.fs" why
                Assert.equal mlp (adapted |> Module.undo |> Module.undo)
                Assert.equal 1 (Module.undo adapted |> Module.tape |> List.length)
                let plain = adapted |> Module.select ".../layer" (Block.plain ())
                Expect.isFalse ((string plain).Contains "lora") "taken away"
                Assert.containsText "frozen(frozen=True)" (string plain))

            testCase "a summary counts what LoRA adds" (fun () ->
                let more = 2L * (3L + 4L + 4L + 4L + 4L + 2L)
                let count spec = (Module.summarize [ [ 1; 3 ] ] spec).Parameters
                Assert.equal (count mlp + more) (count adapted))

            testCase "what LoRA learns is merged into plain layers" (fun () ->
                use _ = torch.NewDisposeScope()

                let spec =
                    Models.cycleGANDiscriminator
                    |> Module.select "...[has:lora]" (Block.lora (rank = 2, alpha = 3.0))
                    |> Module.select ".../[has:lora]#0:2" (Block.weightNorm ())

                let options = optionsFor [ [ 1L; 1L; 32L; 32L ] ]
                use built = build1 [ 1L; 1L; 32L; 32L ] spec
                fillAll built
                built.eval ()
                let plain, merged = Module.merge options built spec
                use merged = merged
                Assert.equal (string Models.cycleGANDiscriminator) (string plain)

                Expect.isFalse
                    (parametersOf merged |> List.exists (fun (name, _) -> name.Contains "lora"))
                    "plain names"

                let x = fill [ 1L; 1L; 32L; 32L ] 0.2

                assertClose
                    "output"
                    (numbers (built.call x))
                    (numbers ((merged :?> torch.nn.Module<Tensor, Tensor>).call x))

                said "without any" (fun () -> Module.merge options built plain))

            testCase "merged weights are W + alpha / rank · B A" (fun () ->
                use _ = torch.NewDisposeScope()

                let spec = Layers.linear 2 2 |> Block.lora (rank = 1, alpha = 3.0)

                use built = build1 [ 1L; 2L ] spec

                using (torch.no_grad ()) (fun _ ->
                    for name, p in parametersOf built do
                        let from =
                            match name with
                            | "weight" -> [ 1.0; 2.0; 3.0; 4.0 ]
                            | "lora_A" -> [ 10.0; 20.0 ]
                            | "lora_B" -> [ 1.0; -1.0 ]
                            | _ -> [ 0.5; 0.25 ]

                        p.copy_ (tensorOf (shapeOf p) from) |> ignore)

                let _, merged = Module.merge (optionsFor []) built spec
                use merged = merged
                let all = Map.ofList (parametersOf merged)
                Assert.equal [ 31.0; 62.0; -27.0; -56.0 ] (numbers all["weight"])
                Assert.equal [ 0.5; 0.25 ] (numbers all["bias"])

                said "a module that was built of this spec" (fun () ->
                    Module.merge (optionsFor [ [ 1L; 3L ] ]) merged adapted))

            testCase "edits of weights are saved and loaded, with their numbers" (fun () ->
                for spec in
                    [
                        adapted
                        mlp |> Module.select ".../layer" (Block.spectralNorm ())
                        mlp
                        |> Module.select ".../layer#0" (Block.weightNorm ())
                        |> Module.select ".../layer" (Block.lora ())
                    ] do
                    use _ = torch.NewDisposeScope()
                    Assert.equal spec (Module.ofJson (Module.toJson spec))
                    use built = build1 [ 2L; 3L ] spec
                    fillAll built
                    built.train ()
                    let x = fill [ 2L; 3L ] 0.2
                    built.call x |> ignore
                    built.eval ()

                    inFolder (fun folder ->
                        let path = Path.Combine(folder, "weights.safetensors")
                        StateDict.save path built
                        use again = build1 [ 2L; 3L ] spec
                        again.eval ()
                        StateDict.load path again |> ignore
                        Assert.equal (numbers (built.call x)) (numbers (again.call x))))

            testCase "a run trains what LoRA adds alone, and what it trained is saved" (fun () ->
                use data = points ()

                let spec =
                    classifier [ Layers.linear 2 8; Layers.relu; Layers.linear 8 2 ]
                    |> Module.frozen ()
                    |> Module.select ".../[has:lora]" (Block.lora (rank = 2))

                use before = fitted 0 spec data
                use after = fitted 2 spec data

                for (name, was), (_, became) in List.zip (weights before) (weights after) do
                    Assert.equal (name.Contains "lora_") (was <> became)

                inFile (fun path ->
                    Application.save path after
                    use loaded = Application.load "cpu" path
                    Assert.equal (weights after) (weights loaded)
                    Assert.equal (trained after.Module) (trained loaded.Module)))

            testCase "what is frozen stays so in another type, and may be trained again further below" (fun () ->
                let spec = mlp |> Module.frozen () |> Module.select "blocks/-1" (Module.frozen false)

                for dtype in [ None; Some torch.float64 ] do
                    use built = Build.run { optionsFor [ [ 1L; 3L ] ] with DType = dtype } spec
                    Assert.equal [ "blocks.2.layer.weight"; "blocks.2.layer.bias" ] (trained built))

            testCase "an initializer writes what a weight is computed from" (fun () ->
                use _ = torch.NewDisposeScope()
                let spec = mlp |> Module.select ".../layer" (Initializer.constant [ Initializer.weight => Some 2.0 ])

                use built =
                    build1
                        [ 1L; 3L ]
                        (spec
                         |> Module.select "blocks/0/layer" (Block.weightNorm ())
                         |> Module.select "blocks/1/layer" (Block.spectralNorm ()))

                let all = Map.ofList (parametersOf built)
                Assert.equal [ 2.0 ] (List.distinct (numbers all["blocks.0.layer.weight_v"]))
                Assert.equal [ 2.0 ] (List.distinct (numbers all["blocks.1.layer.weight_orig"]))
                assertClose "norms" (List.replicate 4 (sqrt 12.0)) (numbers all["blocks.0.layer.weight_g"]))

            testCase "what does not fit is said" (fun () ->
                let both = Layers.linear 3 4 |> Block.weightNorm () |> Block.spectralNorm ()
                said "weight_norm and spectral_norm can't both" (fun () -> build [ [ 1L; 3L ] ] both)
                let grouped = Layers.conv2d 4 6 3 |> Module.configure "groups" 2 |> Block.lora (rank = 3)
                said "divisible by the 2 groups" (fun () -> build [ [ 1L; 4L; 5L; 5L ] ] grouped)

                said "a dimension of a weight of 2 dimensions" (fun () ->
                    build [ [ 1L; 3L ] ] (Layers.linear 3 4 |> Block.weightNorm (dim = 2)))

                said "has no method 'lora'" (fun () -> Layers.relu |> Block.lora ())
                said "positive int" (fun () -> Layers.linear 3 4 |> Block.lora (rank = 0))
                let gone = Layers.linear 3 4 |> Block.lora () |> Module.become Layers.relu
                said "no weight that can be computed" (fun () -> build [ [ 1L; 3L ] ] gone))

            testCase "a path is dropped for whole examples, and the others are scaled" (fun () ->
                use _ = torch.NewDisposeScope()
                torch.manual_seed 3L |> ignore
                use layer = build1 [ 1L; 4L ] (Layers.dropPath 0.25)
                let x = (torch.ones ([| 4000L; 4L |])).requires_grad_()
                layer.train ()
                let y = layer.call x
                let rows = numbers y |> List.chunkBySize 4 |> List.map List.distinct
                Expect.isTrue (rows |> List.forall (fun row -> row.Length = 1)) "one number for each example"
                let kept = rows |> List.filter (fun row -> row.Head > 0.0)
                Expect.isTrue (kept |> List.forall (fun row -> abs (row.Head - 4.0 / 3.0) < 1e-6)) "divided by 0.75"
                // Three standard deviations of 4000 draws.
                Expect.isTrue (abs (float kept.Length / 4000.0 - 0.75) < 0.021) $"{kept.Length} kept"
                y.sum().backward()
                Assert.equal (numbers y) (numbers x.grad)
                layer.eval ()
                Assert.equal (numbers x) (numbers (layer.call x)))

            testCase "everything and nothing dropped" (fun () ->
                use _ = torch.NewDisposeScope()
                let x = fill [ 3L; 2L ] 0.5

                for p, expected in [ 0.0, numbers x; 1.0, List.replicate 6 0.0 ] do
                    use layer = build1 [ 1L; 2L ] (Layers.dropPath p)
                    layer.train ()
                    Assert.equal expected (numbers (layer.call x)))

            testCase "a dropped path stands in front of the sum, in residual blocks and in transformers" (fun () ->
                let residual = Blocks.conv2d 4 4 |> Style.residual () |> Block.dropPath 0.1
                Assert.equal [ "shortcut_start"; "blocks"; "drop_path"; "shortcut_end" ] (children residual)
                let again = residual |> Block.dropPath 0.3
                Assert.equal (children residual) (children again)
                Assert.equal 0.3 (Module.argument "drop_path" DropPath.p again)
                let gpt = Models.causalLanguageModel |> Module.select ".../multihead|feed_forward" (Block.dropPath 0.1)
                Assert.equal 24 (Module.names ".../drop_path" gpt).Length
                Assert.equal residual (Module.ofJson (Module.toJson residual))
                said "nothing leads past it" (fun () -> Blocks.linear 3 4 |> Block.dropPath 0.1))

            testCase "squeeze and excitation goes in front of the sum, or behind everything" (fun () ->
                let plain = Blocks.conv2d 4 8 |> Block.activated () |> Block.squeezeExcitation (reduction = 4)
                Assert.equal [ "layer"; "activation"; "squeeze_excitation" ] (children plain)
                Assert.equal 2 (Module.argument "squeeze_excitation.fc1" Conv2d.outChannels plain)
                let residual = Blocks.conv2d 4 8 |> Style.residual () |> Block.squeezeExcitation ()
                Assert.equal [ "shortcut_start"; "blocks"; "squeeze_excitation"; "shortcut_end" ] (children residual)
                // Fewer channels than the reduction leave one.
                Assert.equal 1 (Module.argument "squeeze_excitation.fc1" Conv2d.outChannels residual)
                Assert.equal [ 2L; 8L; 5L; 5L ] (Module.inferShape [ 2; 4; 5; 5 ] residual)

                Assert.equal
                    2
                    (Module.argument
                        "squeeze_excitation"
                        SqueezeExcitation2d.reduction
                        (plain |> Block.squeezeExcitation (reduction = 2)))

                Assert.equal (Module.undo residual) (Blocks.conv2d 4 8 |> Style.residual ()))

            testCase "spectral norm of both faces of a model composes with LoRA and freezing" (fun () ->
                use _ = torch.NewDisposeScope()

                let spec =
                    Models.dcganDiscriminator
                    |> Module.select "...[has:spectral_norm]" (Block.spectralNorm ())
                    |> Module.frozen ()
                    |> Module.select "...[has:lora]" (Block.lora (rank = 2))

                use built = build1 [ 2L; 1L; 64L; 64L ] spec
                let y = built.call (fill [ 2L; 1L; 64L; 64L ] 0.1)
                y.sum().backward()
                Expect.isTrue (trained built |> List.forall (fun name -> name.Contains "lora_")) "only LoRA"

                for name, p in parametersOf built do
                    Expect.equal (isNull p.grad) (not (name.Contains "lora_")) name)

            testCase "nothing stays behind a call" (fun () ->
                use built =
                    build1
                        [ 2L; 3L ]
                        (mlp
                         |> Module.select ".../layer" (Block.spectralNorm ())
                         |> Module.select ".../layer" (Block.lora (dropout = 0.5)))

                use x = fill [ 2L; 3L ] 0.1
                built.train ()

                let run () =
                    use _ = torch.no_grad ()
                    use y = built.call x
                    ignore y

                run ()
                let before = liveTensors ()
                run ()
                Assert.equal before (liveTensors ()))
        ]
