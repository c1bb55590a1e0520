namespace Deeplay.Torch

open Deeplay.Core
open Deeplay.Library
open TorchSharp

/// How much noise there is after each step.
type internal NoiseSchedule =
    {
        /// The variance of the noise that a step adds.
        Betas: float[]
        /// What is left of the variance of an image after a step: ᾱ.
        Left: float[]
    }

[<CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module internal NoiseSchedule =
    /// Source: Ho et al., 2020, section 2: ᾱ of a step is the product of all 1 − β up to it.
    let ofBetas (betas: float[]) : NoiseSchedule =
        {
            Betas = betas
            Left = betas |> Array.scan (fun left beta -> left * (1.0 - beta)) 1.0 |> Array.tail
        }

    let ofArguments (a: Arguments) : NoiseSchedule =
        Diffusion.betas
            (a.Get Diffusion.betaSchedule)
            (a.Get Diffusion.numTimesteps)
            (a.Get Diffusion.betaStart)
            (a.Get Diffusion.betaEnd)
        |> ofBetas

    // A number for each example, over all its dimensions.
    let private each (like: Tensor) (values: float[]) : Tensor =
        let sizes = Array.init (int (like.dim ())) (fun i -> if i = 0 then int64 values.Length else -1L)
        let ones = sizes |> Array.map (fun size -> if size = -1L then 1L else size)
        torch.tensor(values, dtype = like.dtype).reshape(ones).``to`` like.device

    /// Images after so many steps each, counted from 0, with this noise: √ᾱ x + √(1 − ᾱ) ε. Source: Ho et al., 2020, equation 4.
    let noised (schedule: NoiseSchedule) (steps: int64[]) (noise: Tensor) (images: Tensor) : Tensor =
        let left = steps |> Array.map (fun step -> schedule.Left[int step])
        let signal = left |> Array.map sqrt |> each images
        let share = left |> Array.map (fun left -> sqrt (1.0 - left)) |> each images
        Numbers.add (images.mul signal) (noise.mul share)

/// How a diffusion model learns. Source: Ho et al., 2020, algorithm 1.
module internal DiffusionSteps =
    /// Stops where classes, one for each image, are none.
    let checkClasses (what: string) (classes: Tensor) : Tensor =
        if not (torch.is_integral classes) || classes.dtype = torch.bool || classes.dim () <> 1L then
            let found = $"{Shown.dtype classes.dtype} {Shape.known classes.shape}"
            Fail.with' (Malformed(what, "classes (N,), whole numbers", found))

        classes.``to`` torch.int64

    let private measure (step: StepContext) : Tensor =
        let schedule = NoiseSchedule.ofArguments step.Arguments
        let images = step.Inputs
        // On the CPU: the same steps on all devices.
        let drawn = torch.randint (int64 schedule.Betas.Length, [| images.shape[0] |], dtype = torch.int64)
        let noise = torch.randn_like images
        let noised = images |> NoiseSchedule.noised schedule (drawn.data<int64>().ToArray()) noise
        let time = step.Call("time_embedding", drawn.``to``(images.dtype).``to`` images.device)

        let classes =
            if step.Arguments.Get Diffusion.classConditional then
                [ checkClasses $"{step.Arguments.Kind}, targets" step.Targets ]
            else
                []

        let told = step.CallInputs("model", Inputs.several (noised :: time :: classes))

        if told.shape <> noise.shape then
            let expected = $"a model that gives noise of the images' shape {Shape.known noise.shape}"
            Fail.with' (Malformed(step.Arguments.Kind, expected, string (Shape.known told.shape)))

        let loss = step.Call("loss", told, noise)
        step.Log("loss", loss.detach ())
        loss

    let diffusion: TrainingSteps =
        TrainingSteps.train (fun step -> step.Minimize("optimizer", measure step))
        |> TrainingSteps.withValidation (measure >> ignore)

    let table = [ Diffusion.definition, diffusion ]
