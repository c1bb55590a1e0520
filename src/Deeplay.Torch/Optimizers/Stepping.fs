namespace Deeplay.Torch

open System
open Deeplay.Core
open TorchSharp

/// How an optimizer steps, and what it keeps in between.
[<AbstractClass>]
type internal Stepping() =
    static member CheckRate(value: float) : float =
        if not (value >= 0.0 && Double.IsFinite value) then
            invalidArg (nameof value) $"A learning rate is at least 0, and not {value}."

        value

    abstract LearningRate: float with get, set

    /// The step size now of parameters that began with this one.
    abstract RateOf: lr: float -> float

    abstract Step: unit -> unit

    /// Whether it computes the loss several times in a step, and so needs a function that does.
    abstract Evaluates: bool

    /// Makes a step with a function that computes the loss and its gradients where the parameters are.
    abstract StepBy: evaluate: (unit -> float) -> unit

    /// Whether it has a momentum that a schedule can change: one that is kept, or the first of two betas.
    abstract HasMomentum: bool

    /// Steps from the next step on with what this gives for the step size that parameters began with.
    abstract Set: rateOf: (float -> Rate) -> unit

    /// What is kept so far: of each parameter by its name and PyTorch's.
    abstract State: (string * torch.Tensor) list

    /// Goes on from what was kept, which `path` names in errors. All of it is looked at before anything is taken.
    abstract Restore: path: string * saved: Map<string, torch.Tensor> -> unit

    abstract Dispose: unit -> unit

/// Steps by a function of steps.py.
[<Sealed>]
type internal ScriptedStepping
    (script: OptimizerScript, arguments: Map<string, float>, kept: Set<string>, parameters: Trained list) =
    inherit Stepping()

    let buckets =
        parameters
        |> List.groupBy (fun { Parameter = p; Arguments = own } ->
            struct (p.dtype, p.device_type, p.device_index, Bucket.IsSmall p, own))
        |> List.map (fun (struct (_, _, _, isSmall, own), all) -> Bucket(script, own, isSmall, all))

    let stepped () = buckets |> Seq.collect _.Parameters

    let mutable rate = { LearningRate = arguments["lr"]; Momentum = ValueNone }
    let mutable rateNow = fun lr -> { LearningRate = lr; Momentum = ValueNone }

    // `rateOf` gives it for the step size that parameters began with.
    let set (rateOf: float -> Rate) =
        rateNow <- rateOf
        rate <- rateOf arguments["lr"]

        for bucket in buckets do
            bucket.Set(rateOf bucket.Base)

    do set (fun lr -> { rate with LearningRate = lr })

    let initial (state: OptimizerState) (p: Modules.Parameter) =
        use number = Numbers.real state.Initial

        let made =
            if not (kept.Contains state.Name) then null
            elif not state.IsScalar then torch.full_like (p, number)
            elif script.IsFused then torch.full (Array.empty<int64>, number, torch.float32, p.device)
            else torch.full (Array.empty<int64>, number, torch.float32, torch.CPU)

        if isNull made then null else made.DetachFromDisposeScope()

    let release (stepped: Stepped) =
        if not (isNull stepped.State) then
            for state in stepped.State do
                if not (isNull state) then state.Dispose()

            stepped.State <- null

    let makeState (stepped: Stepped) = [| for state in script.State -> initial state stepped.Parameter |]

    let keptOf (stepped: Stepped) (states: torch.Tensor[]) =
        [
            for state, tensor in Seq.zip script.State states do
                if not (isNull tensor) then $"{stepped.Name}.{state.Name}", tensor
        ]

    override _.LearningRate
        with get () = rate.LearningRate
        and set value =
            let value = Stepping.CheckRate value
            let own = arguments["lr"]
            set (fun lr -> { rate with LearningRate = (if lr = own then value else lr * (value / own)) })

    override _.RateOf lr = (rateNow lr).LearningRate

    override _.HasMomentum = kept.Contains "momentum_buffer" || List.contains "beta1" script.Numbers

    override _.Set rateOf = set rateOf

    override _.Evaluates = false

    override this.StepBy evaluate =
        evaluate () |> ignore
        this.Step()

    override _.Step() =
        use _noGrad = torch.no_grad ()
        use _scope = torch.NewDisposeScope()

        for bucket in buckets do
            let known, knownGradients = ResizeArray<Stepped>(), ResizeArray<torch.Tensor>()
            let fresh, freshGradients = ResizeArray<Stepped>(), ResizeArray<torch.Tensor>()

            for stepped in bucket.Parameters do
                match stepped.Parameter.grad with
                // It is passed over, as in PyTorch.
                | null -> ()
                | gradient when isNull stepped.State ->
                    stepped.State <- makeState stepped
                    fresh.Add stepped
                    freshGradients.Add gradient
                | gradient ->
                    known.Add stepped
                    knownGradients.Add gradient

            bucket.Step(fresh, freshGradients, true)
            bucket.Step(known, knownGradients, false)

    override _.State =
        [
            for one in stepped () do
                if not (isNull one.State) then yield! keptOf one one.State
        ]

    override _.Restore(path, saved) =
        use _noGrad = torch.no_grad ()

        let wanted =
            [
                for one in stepped () do
                    one,
                    [
                        for state in script.State do
                            if kept.Contains state.Name then $"{one.Name}.{state.Name}", state
                    ]
            ]

        let known = wanted |> List.collect (snd >> List.map fst) |> Set.ofList

        for name in Map.keys saved do
            if not (known.Contains name) then
                let expected = $"what the optimizer keeps{Nearest.hint name known}"
                Fail.with' (Malformed(path, expected, $"'{name}'"))

        // What never had a gradient has nothing kept.
        let found = wanted |> List.filter (snd >> List.exists (fst >> saved.ContainsKey))

        for stepped, states in found do
            for name, state in states do
                let shape = if state.IsScalar then [||] else stepped.Parameter.shape
                let dtype = if state.IsScalar then torch.float32 else stepped.Parameter.dtype
                let print shape dtype = $"{dtype} {Shape.known shape}"

                match saved.TryFind name with
                | None -> Fail.with' (Malformed(path, $"the tensor '{name}'", "a file without it"))
                | Some given when given.dtype <> dtype || given.shape <> shape ->
                    Fail.with' (Malformed($"{path}, {name}", print shape dtype, print given.shape given.dtype))
                | Some _ -> ()

        Seq.iter release (stepped ())

        for stepped, _ in found do
            stepped.State <- makeState stepped

            for name, tensor in keptOf stepped stepped.State do
                tensor.copy_ saved[name] |> ignore

    override _.Dispose() =
        for bucket in buckets do
            bucket.Dispose()

        Seq.iter release (stepped ())
