namespace Deeplay.Torch

open System
open TorchSharp

/// Steps the parameters of a model by their gradients. What it keeps in between has PyTorch's names.
[<Sealed>]
type Optimizer internal (kind: string, parameters: Trained list, rates: float list, stepping: Stepping) =
    // A function of steps.py over all gradients there are, and a limit.
    let clip (name: string) (limit: float) =
        if not (limit > 0.0 && Double.IsFinite limit) then
            invalidArg (nameof limit) $"A limit for gradients is positive, and not {limit}."

        use _noGrad = torch.no_grad ()
        use _scope = torch.NewDisposeScope()

        let gradients =
            [|
                for one in parameters do
                    if not (isNull one.Parameter.grad) then one.Parameter.grad
            |]

        if gradients.Length > 0 then
            let limit = torch.tensor (limit, dtype = torch.float64)
            OptimizerScripts.compiled.Value.invoke (name, [| box gradients; box limit |]) |> ignore

    /// What it is: `Adam`.
    member internal _.Kind = kind

    member internal _.Parameters = parameters

    /// The step sizes of its groups, in their order, and last that of the parameters in none, where there are some.
    member internal _.Rates: float list = [ for rate in rates -> stepping.RateOf rate ]

    member internal _.Stepping = stepping

    /// How many steps it made in an application: the time of its schedule.
    member val internal Steps = 0L with get, set

    /// The step size. A new one holds from the next step on; that of parameters with one of their own changes by the same factor.
    member _.LearningRate
        with get () = stepping.LearningRate
        and set (value: float) = stepping.LearningRate <- value

    /// Steps every parameter that has a gradient. LBFGS, which computes the loss several times, is an error.
    member _.Step() : unit = stepping.Step()

    /// Takes all gradients away.
    member _.ZeroGrad() : unit =
        for one in parameters do
            one.Parameter.grad <- null

    /// Scales all gradients together down to a 2-norm, where theirs is larger, as PyTorch's `clip_grad_norm_`.
    member _.ClipGradNorm(maxNorm: float) : unit = clip "clip_norm" maxNorm

    /// Cuts each number of the gradients to lie between minus a limit and it, as PyTorch's `clip_grad_value_`.
    member _.ClipGradValue(limit: float) : unit = clip "clip_value" limit

    /// Makes a step with a function that computes the loss, one number, where the parameters are: LBFGS calls it several times. What
    /// the function makes is the caller's.
    member this.Step(loss: unit -> torch.Tensor) : unit =
        stepping.StepBy(fun () ->
            this.ZeroGrad()
            let loss = loss ()
            loss.backward ()
            Numbers.read loss)

    interface IDisposable with
        member _.Dispose() = stepping.Dispose()
