namespace Deeplay.Torch

open Deeplay.Core
open Deeplay.Library
open TorchSharp

/// How models learn from each other. Sources: Goodfellow et al., 2014, algorithm 1, with the generator's loss of section 3 that does not
/// vanish; Radford et al., 2015; Zhu et al., 2017, sections 3 and 7.1.
module internal AdversarialSteps =
    /// Random numbers for a generator: so many of this shape.
    let noise (shape: int list) (count: int64) (like: Tensor) : Tensor =
        let sizes = Array.ofList (count :: List.map int64 shape)
        // Drawn on the CPU: the same on all devices.
        torch.randn(sizes).``to``(like.dtype).``to`` like.device

    let private real (step: StepContext) (scores: Tensor) = step.Call("loss", scores, torch.ones_like scores)
    let private made (step: StepContext) (scores: Tensor) = step.Call("loss", scores, torch.zeros_like scores)

    // Logs a loss, and minimizes it where something is learned.
    let private minimize isTraining (step: StepContext) of' (loss: Tensor) =
        step.Log($"{of'}_loss", loss.detach ())
        if isTraining then step.Minimize($"{of'}_optimizer", loss)

    // The discriminator first, then the generator against the new one. `classes` are of each image, where there are any.
    let private gan (classes: StepContext -> Tensor list) isTraining (step: StepContext) =
        let given (tensor: Tensor) = Inputs.several (tensor :: classes step)
        let judge images = step.CallInputs("discriminator", given images)
        let images = step.Inputs
        let noise = noise (step.Arguments.Get Adversarial.latentShape) images.shape[0] images
        let fakes = step.CallInputs("generator", given noise)
        let told = Numbers.add (real step (judge images)) (made step (judge (fakes.detach ())))
        minimize isTraining step "discriminator" told
        minimize isTraining step "generator" (real step (judge fakes))

    // Both generators first, then both discriminators against what was made before.
    let private cycleGAN isTraining (step: StepContext) =
        let inputs = step.AllInputs

        if inputs.Count <> 2 then
            Fail.with' (Malformed("CycleGAN", "two inputs, images of each kind", string inputs.Count))

        let a, b = inputs[0], inputs[1]
        let call name (images: Tensor) = step.Call(name, images)
        let fakeB, fakeA = call "generator_ab" a, call "generator_ba" b

        let weighted (key: Param<float>) (loss: Tensor) =
            use weight = Numbers.real (step.Arguments.Get key)
            loss.mul weight

        let both name (first: Tensor) (second: Tensor) =
            Numbers.add (step.Call(name, first, a)) (step.Call(name, second, b))

        let fooled = Numbers.add (real step (call "discriminator_a" fakeA)) (real step (call "discriminator_b" fakeB))

        let cycle =
            both "cycle_loss" (call "generator_ba" fakeB) (call "generator_ab" fakeA)
            |> weighted CycleGAN.cycleLossWeight

        let identity =
            both "identity_loss" (call "generator_ba" a) (call "generator_ab" b)
            |> weighted CycleGAN.identityLossWeight

        step.Log("cycle_loss", cycle.detach ())
        step.Log("identity_loss", identity.detach ())
        minimize isTraining step "generator" (Numbers.add (Numbers.add fooled cycle) identity)

        let told name images (fakes: Tensor) =
            Numbers.add (real step (call name images)) (made step (call name (fakes.detach ())))

        use half = Numbers.real 0.5

        minimize
            isTraining
            step
            "discriminator"
            ((Numbers.add (told "discriminator_a" a fakeA) (told "discriminator_b" b fakeB)).mul half)

    let private both work = TrainingSteps.train (work true) |> TrainingSteps.withValidation (work false)

    let table =
        [
            GAN.definition, both (gan (fun _ -> []))
            ConditionalGAN.definition, both (gan (fun step -> [ step.Targets ]))
            CycleGAN.definition, both cycleGAN
        ]
