namespace Deeplay.Torch

open System
open Deeplay.Core
open Deeplay.Library
open TorchSharp

/// How a diffusion model makes images out of noise.
type Sampler =
    /// A step for each of those it was trained with, with new noise in each. Source: Ho et al., 2020, algorithm 2.
    | DDPM
    /// Fewer steps, evenly spread; `eta` is how much new noise each has: 0 for none, 1 for as much as DDPM. Source: Song et al.,
    /// 2021, equation 12.
    | DDIM of steps: int * eta: float

/// One step from an image with noise to one with less. `told` is the noise that the model tells in it.
module internal Denoising =
    let private times (number: float) (x: Tensor) : Tensor =
        use number = Numbers.real number
        x.mul number

    // The image that the noise is told of.
    let private image isClipped (left: float) (told: Tensor) (x: Tensor) : Tensor =
        let found = Numbers.add x (times -(sqrt (1.0 - left)) told) |> times (1.0 / sqrt left)

        if isClipped then
            use low = Numbers.real -1.0
            use high = Numbers.real 1.0
            found.clamp (low, high)
        else
            found

    /// From a step of all to the one before, with this noise. Source: Ho et al., 2020, equations 6 and 7; the variance is β̃.
    let ddpm (schedule: NoiseSchedule) isClipped (step: int) (noise: Tensor) (told: Tensor) (x: Tensor) : Tensor =
        let beta, left = schedule.Betas[step], schedule.Left[step]
        let before = if step = 0 then 1.0 else schedule.Left[step - 1]
        let toImage = sqrt before * beta / (1.0 - left)
        let toNoised = sqrt (1.0 - beta) * (1.0 - before) / (1.0 - left)
        let mean = Numbers.add (times toImage (image isClipped left told x)) (times toNoised x)
        let deviation = sqrt ((1.0 - before) / (1.0 - left) * beta)
        if step = 0 then mean else Numbers.add mean (times deviation noise)

    /// From one step to another before it, or to the image where that is -1. Source: Song et al., 2021, equations 12 and 16. Of an
    /// image that was kept in its bounds the noise is told anew.
    let ddim
        (schedule: NoiseSchedule)
        isClipped
        eta
        (step: int)
        (next: int)
        (noise: Tensor)
        (told: Tensor)
        (x: Tensor)
        =
        let left = schedule.Left[step]
        let before = if next < 0 then 1.0 else schedule.Left[next]
        let image = image isClipped left told x

        let told =
            if isClipped then
                Numbers.add x (times -(sqrt left) image) |> times (1.0 / sqrt (1.0 - left))
            else
                told

        let deviation = eta * sqrt ((1.0 - before) / (1.0 - left)) * sqrt (1.0 - left / before)
        let direction = sqrt (max 0.0 (1.0 - before - deviation * deviation))
        let mean = Numbers.add (times (sqrt before) image) (times direction told)
        if deviation = 0.0 then mean else Numbers.add mean (times deviation noise)

    /// The steps that a sampler takes of all, the last one first.
    let steps (sampler: Sampler) (all: int) : int list =
        match sampler with
        | DDPM -> [ all - 1 .. -1 .. 0 ]
        | DDIM(count, _) -> [ for i in count - 1 .. -1 .. 0 -> int (int64 i * int64 all / int64 count) ]

module internal DiffusionSampling =
    let private check (sampler: Sampler) (schedule: NoiseSchedule) =
        let wrong expected (found: obj) = Fail.with' (Malformed("sample, DDIM", expected, string found))

        match sampler with
        | DDPM -> ()
        | DDIM(steps, _) when steps < 1 || steps > schedule.Betas.Length ->
            wrong $"from 1 to the {string schedule.Betas.Length} steps it was trained with" steps
        | DDIM(_, eta) when not (eta >= 0.0 && eta <= 1.0) -> wrong "an eta from 0 to 1" eta
        | DDIM _ -> ()

    // Of a model that takes classes somebody says them, of another one nobody does.
    let private checkClasses (isConditional: bool) (classes: Tensor option) =
        match isConditional, classes with
        | true, None -> Fail.with' (Malformed("sample", "the class of each image, which the model takes", "none"))
        | false, Some _ ->
            let found = "one whose class_conditional is false"
            Fail.with' (Malformed("sample, classes", "a Diffusion of classes", found))
        | _ -> classes |> Option.map (DiffusionSteps.checkClasses "sample, classes")

    /// Makes images out of noise, perhaps of these classes.
    let sample
        (sampler: Sampler)
        (seed: int64)
        (count: int64)
        (classes: Tensor option)
        (application: Application)
        : Tensor =
        let arguments = application.Outline.Root.Arguments
        let schedule = NoiseSchedule.ofArguments arguments
        check sampler schedule
        let classes = checkClasses (arguments.Get Diffusion.classConditional) classes
        let isClipped = arguments.Get Diffusion.clipSample
        // On the CPU: the same noise on all devices.
        use generator = new torch.Generator(uint64 seed)
        let steps = Denoising.steps sampler schedule.Betas.Length
        let device = application.Device

        let draw (rows: int64) =
            torch.randn(Array.ofList (rows :: application.InputShape), generator = generator).``to`` device

        let dtype = application.DType |> Option.defaultValue torch.float32

        let less (classes: Tensor list) (x: Tensor) (step: int, next: int) =
            use scope = torch.NewDisposeScope()
            use number = Numbers.whole (int64 step)
            let time = torch.full ([| x.shape[0] |], number, dtype = dtype, device = device)
            let time = application.Parts.Call("time_embedding", Inputs.one time)
            let given = x.``to`` dtype :: time :: classes
            let told = application.Parts.Call("model", Inputs.several given).``to`` torch.float32

            let made =
                match sampler with
                | DDPM -> Denoising.ddpm schedule isClipped step (if step = 0 then x else draw x.shape[0]) told x
                | DDIM(_, eta) ->
                    Denoising.ddim schedule isClipped eta step next (if eta = 0.0 then x else draw x.shape[0]) told x

            scope.MoveToOuter made

        Evaluation.outputs application.Modes count 256L (fun start rows ->
            let classes = [ for all in Option.toList classes -> all.narrow(0L, start, rows).``to`` device ]
            let mutable x = draw rows

            for step, next in List.zip steps (steps.Tail @ [ -1 ]) do
                let made = less classes x (step, next)
                x.Dispose()
                x <- made

            x)
