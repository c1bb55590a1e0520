/// GAN, ConditionalGAN and CycleGAN: a step of each against a loop by hand, and what the generators make.
module Deeplay.Tests.AdversarialTests

open System
open Deeplay.Core
open Deeplay.FSharp
open Deeplay.Torch
open TorchSharp
open Expecto
open Deeplay.Tests
open Deeplay.Tests.LoweringHelp
open Deeplay.Tests.TrainingHelp

let private sgd rate = Optimizers.sgd rate

let private dcgan conditioned =
    let small (spec: ModuleSpec) =
        spec
        |> Module.configure "features_dim" 2
        |> Module.configure "class_conditioned_model" conditioned
        |> Module.configure "embedding_dim" 3

    small (Models.dcganGenerator |> Module.configure "latent_dim" 5), small Models.dcganDiscriminator

let private stepped spec =
    spec
    |> Module.configure "latent_shape" [ 5; 1; 1 ]
    |> Module.configure "generator_optimizer" (sgd 0.1)
    |> Module.configure "discriminator_optimizer" (sgd 0.2)

let private unconditioned =
    let generator, discriminator = dcgan false
    stepped (Applications.gan generator discriminator)

let private conditional =
    let generator, discriminator = dcgan true
    stepped (Applications.conditionalGAN 4 generator discriminator)

let private images = fill [ 4L; 1L; 64L; 64L ] 0.3
let private whole = { options 1 with BatchSize = 4L; Shuffle = false; NumWorkers = 0; Seed = None }

// The application before a step and after it, with what random numbers it saw at first.
let private oneStep (spec: ModuleSpec) (data: Dataset) (draw: unit -> 'a) work =
    let built () = Application.fit { whole with MaxEpochs = 0; Seed = Some 7L } data spec
    use before = built ()
    use after = built ()
    Assert.equal (weights before) (weights after)
    torch.manual_seed 3L |> ignore
    Application.fitMore whole data after
    torch.manual_seed 3L |> ignore
    before.Module.train ()
    work before (draw ()) after

let private part (application: Application) name =
    application.Module.named_modules ()
    |> Seq.pick (fun struct (known, m) -> if known = name then Some m else None)

let private call application name (inputs: Tensor list) = callAll (part application name) inputs |> List.exactlyOne

let private descend application names (rate: float) (loss: Tensor) =
    let all =
        [|
            for name in names do
                yield! (part application name).parameters()
        |]

    let gradients = torch.autograd.grad ([| loss |], all |> Array.map (fun p -> p :> Tensor))
    use _noGrad = torch.no_grad ()

    for p, g in Seq.zip all gradients do
        p.sub_ (g.mul (torch.tensor (float32 rate))) |> ignore

let private same (before: Application) (after: Application) =
    for (name, wanted), (_, found) in Seq.zip (weights before) (weights after) do
        for a, b in Seq.zip wanted found do
            // The gradients pass through norms of small batches, which magnify what threads round otherwise.
            Expect.isTrue (abs (a - b) <= 1e-4 * max 1.0 (abs a)) $"{name}: {a}, {b}"

let private logged (application: Application) name (wanted: Tensor) =
    let wanted = Numbers.read (wanted.detach ())
    let found = application.History.Series $"train_{name}" |> List.last
    Expect.isTrue (abs (found - wanted) <= 1e-5 * max 1.0 (abs wanted)) $"{name}: {wanted}, {found}"

let private ganByHand (given: Tensor list) before noise after =
    let judge images = call before "discriminator" (images :: given)
    let log (p: Tensor) = p.log().mean().neg()
    let other (p: Tensor) = torch.ones_like(p).sub(p).log().mean().neg()
    let fakes = call before "generator" (noise :: given)
    let told = (log (judge images)).add(other (judge (fakes.detach ())))
    descend before [ "discriminator" ] 0.2 told
    let fooled = log (judge fakes)
    descend before [ "generator" ] 0.1 fooled
    same before after
    logged after "discriminator_loss" told
    logged after "generator_loss" fooled

let private translator = Layers.sequential [ Layers.conv2d 1 1 3 |> Module.configure "padding" 1; Layers.tanh ]

let private judge =
    Layers.sequential [ Layers.conv2d 1 2 3; Layers.batchNorm2d; Layers.conv2d 2 1 3; Layers.sigmoid ]

[<Tests>]
let tests =
    torchTests
        "AdversarialTests"
        [
            testCase "a step of a GAN is that of algorithm 1, by hand" (fun () ->
                use _ = torch.NewDisposeScope()
                use data = new Dataset(images.clone (), torch.zeros 4L)
                oneStep unconditioned data (fun () -> torch.randn ([| 4L; 5L; 1L; 1L |])) (ganByHand []))

            testCase "a step of a conditional one is the same, with the classes for both" (fun () ->
                use _ = torch.NewDisposeScope()
                let classes = ints [ 0L; 3L; 1L; 2L ]
                use data = new Dataset(images.clone (), classes.clone ())
                oneStep conditional data (fun () -> torch.randn ([| 4L; 5L; 1L; 1L |])) (ganByHand [ classes ]))

            testCase "a step of a CycleGAN is that of its paper, by hand" (fun () ->
                use _ = torch.NewDisposeScope()
                let a, b = fill [ 4L; 1L; 9L; 8L ] 0.3, fill [ 4L; 1L; 9L; 8L ] 1.7
                use data = Dataset.OfInputs(Inputs.several [ a.clone (); b.clone () ], torch.zeros 4L)

                let spec =
                    Applications.cycleGAN translator translator judge judge
                    |> Module.configure "generator_optimizer" (sgd 0.1)
                    |> Module.configure "discriminator_optimizer" (sgd 0.2)
                    |> Module.configure "identity_loss_weight" 2.0

                oneStep spec data ignore (fun before () after ->
                    let call name x = call before name [ x ]
                    let square (x: Tensor) = x.mul(x).mean()
                    let real (x: Tensor) = square (x.sub (torch.ones_like x))
                    let near (x: Tensor) (y: Tensor) = x.sub(y).abs().mean()
                    let sum (xs: Tensor list) = List.reduce (fun (x: Tensor) y -> x.add y) xs
                    let times (factor: float) (x: Tensor) = x.mul (torch.tensor (float32 factor))
                    let toB, toA = call "generator_ab", call "generator_ba"
                    let fakeB, fakeA = toB a, toA b
                    let fooled = sum [ real (call "discriminator_a" fakeA); real (call "discriminator_b" fakeB) ]
                    let cycle = sum [ near (toA fakeB) a; near (toB fakeA) b ] |> times 10.0
                    let identity = sum [ near (toA a) a; near (toB b) b ] |> times 2.0
                    let generators = sum [ fooled; cycle; identity ]
                    descend before [ "generator_ab"; "generator_ba" ] 0.1 generators

                    let told name images (fakes: Tensor) =
                        sum [ real (call name images); square (call name (fakes.detach ())) ]

                    let told = sum [ told "discriminator_a" a fakeA; told "discriminator_b" b fakeB ] |> times 0.5
                    descend before [ "discriminator_a"; "discriminator_b" ] 0.2 told
                    same before after
                    logged after "cycle_loss" cycle
                    logged after "identity_loss" identity
                    logged after "generator_loss" generators
                    logged after "discriminator_loss" told
                    before.Module.eval ()
                    let close what (x: Tensor) y = assertClose what (numbers (x.detach ())) (numbers y)
                    close "second" (toB a) (Adversaries.toSecond a before)
                    close "first" (toA b) (Adversaries.toFirst b before)))

            testCase "generators make images, the same for a seed" (fun () ->
                use _ = torch.NewDisposeScope()
                use data = new Dataset(images.clone (), ints [ 0L; 3L; 1L; 2L ])
                use gan = Application.fit { whole with Seed = Some 1L } data unconditioned
                use made = Adversaries.generate 2L 3L gan
                Assert.equal [ 3L; 1L; 64L; 64L ] (shapeOf made)
                Assert.equal (numbers made) (numbers (Adversaries.generate 2L 3L gan))
                Assert.notEqual (numbers made) (numbers (Adversaries.generate 3L 3L gan))
                Assert.equal [ "discriminator_loss"; "generator_loss" ] (List.ofSeq (Application.test data gan).Keys)
                use conditional = Application.fit { whole with Seed = Some 1L } data conditional
                let of' classes = numbers (Adversaries.generateOf 2L (ints classes) conditional)
                Assert.equal (of' [ 1L; 2L ]) (of' [ 1L; 2L ])
                Assert.notEqual (of' [ 1L; 2L ]) (of' [ 1L; 3L ])

                let said (part: string) work =
                    let error = Assert.throws<DeeplayException> work
                    Assert.containsText part error.Message

                said "a GAN" (fun () -> Adversaries.generate 0L 1L conditional |> ignore)
                said "a ConditionalGAN" (fun () -> Adversaries.generateOf 0L (ints [ 1L ]) gan |> ignore)
                said "a CycleGAN" (fun () -> Adversaries.toFirst images gan |> ignore)
                said "above 0" (fun () -> Adversaries.generate 0L 0L gan |> ignore))

            testCase "what does not fit is found before anything is made" (fun () ->
                use data = new Dataset(torch.zeros (2L, 1L, 64L, 64L), torch.zeros 2L)
                let wrong = unconditioned |> Module.configure "latent_shape" [ 6; 1; 1 ]
                let error = Assert.throws<DeeplayException>(fun () -> Application.fit whole data wrong |> ignore)
                Assert.containsText "generator" error.Message)
        ]
