namespace Deeplay.Torch

open System
open Deeplay.Core
open TorchSharp

/// What LBFGS goes by.
[<NoEquality; NoComparison>]
type internal LBFGSRule =
    {
        Rate: float
        MaxIterations: int
        MaxEvaluations: int
        ToleranceGradient: float
        ToleranceChange: float
        HistorySize: int
        /// Whether a step is looked for along each direction, rather than the step size taken.
        SearchesLines: bool
    }

/// Limited-memory BFGS: several iterations a step, for which the loss is computed again and again. Source: Nocedal and Wright, 2006,
/// Numerical Optimization, algorithm 7.4; the rules of when it ends are those of torch.optim.LBFGS.
[<Sealed>]
type internal LBFGSStepping(rule: LBFGSRule, parameters: Trained list) =
    inherit Stepping()
    let all = [| for one in parameters -> one.Parameter |]
    let count = all |> Array.sumBy (fun p -> p.NumberOfElements)
    let mutable rate = rule.Rate

    // What is kept between steps.
    let gradients, steps, inverses = ResizeArray<Tensor>(), ResizeArray<Tensor>(), ResizeArray<float>()
    let mutable direction: Tensor = null
    let mutable before: Tensor = null
    let mutable length, scale, iterations = 0.0, 1.0, 0.0

    let keep (tensor: Tensor) = tensor.DetachFromDisposeScope()

    let drop (tensor: Tensor) = if not (isNull tensor) then tensor.Dispose()

    let gradient () =
        let flat (p: Modules.Parameter) =
            if isNull p.grad then
                torch.zeros (p.NumberOfElements, dtype = p.dtype, device = p.device)
            else
                p.grad.flatten ()

        torch.cat (Array.map flat all, 0L)

    let dot (a: Tensor) (b: Tensor) = Numbers.read (a.dot b)

    let largest (a: Tensor) = Numbers.read (a.abs().max())

    let times (a: Tensor) (factor: float) =
        use factor = Numbers.real factor
        a.mul factor

    // a + b * factor.
    let plus (a: Tensor) (b: Tensor) (factor: float) =
        use factor = Numbers.real factor
        a.add (b, factor)

    let set (values: Tensor) =
        use _noGrad = torch.no_grad ()
        let mutable start = 0L

        for p in all do
            p.copy_ (values.narrow(0L, start, p.NumberOfElements).view_as p) |> ignore
            start <- start + p.NumberOfElements

    let values () = torch.cat([| for p in all -> p.detach().flatten() |], 0L).clone()

    // The curvature that the last step showed, where it is positive.
    let learn (gradient: Tensor) =
        let change = plus gradient before -1.0
        let step = times direction length
        let curvature = dot change step

        if curvature > 1e-10 then
            if gradients.Count = rule.HistorySize then
                drop gradients[0]
                drop steps[0]
                gradients.RemoveAt 0
                steps.RemoveAt 0
                inverses.RemoveAt 0

            gradients.Add(keep change)
            steps.Add(keep step)
            inverses.Add(1.0 / curvature)
            scale <- curvature / dot change change

    // The gradient, multiplied by what is known of the inverse of the curvature.
    let newton (gradient: Tensor) =
        let factors = Array.zeroCreate gradients.Count
        let mutable q = gradient.neg ()

        for i in gradients.Count - 1 .. -1 .. 0 do
            factors[i] <- dot steps[i] q * inverses[i]
            q <- plus q gradients[i] -factors[i]

        let mutable r = times q scale

        for i in 0 .. gradients.Count - 1 do
            let back = dot gradients[i] r * inverses[i]
            r <- plus r steps[i] (factors[i] - back)

        r

    let replace (kept: byref<Tensor>) (next: Tensor) =
        let old = kept
        kept <- keep next
        drop old

    // As before the first step.
    let forget () =
        drop direction
        drop before
        Seq.iter drop gradients
        Seq.iter drop steps
        direction <- null
        before <- null
        gradients.Clear()
        steps.Clear()
        inverses.Clear()
        length <- 0.0
        scale <- 1.0
        iterations <- 0.0

    override _.LearningRate
        with get () = rate
        and set value = rate <- Stepping.CheckRate value

    override _.RateOf _ = rate
    override _.HasMomentum = false
    override _.Evaluates = true
    override _.Set rateOf = rate <- (rateOf rule.Rate).LearningRate

    override _.Step() =
        let found = "a step without one: it computes the loss several times"
        Fail.with' (Malformed("LBFGS", "a loss as a function", found))

    override _.StepBy(evaluate) =
        // What the first evaluation makes is the caller's.
        let mutable loss = evaluate ()
        use _scope = torch.NewDisposeScope()
        let mutable now = gradient ()
        let mutable evaluations = 1
        let mutable iteration = 0
        let mutable isOver = largest now <= rule.ToleranceGradient

        while not isOver && iteration < rule.MaxIterations do
            iteration <- iteration + 1
            iterations <- iterations + 1.0

            if isNull before then
                replace &direction (now.neg ())
            else
                learn now
                replace &direction (newton now)

            replace &before (now.clone ())
            let lossBefore = loss
            let isFirst = iterations = 1.0
            length <- if isFirst then min 1.0 (1.0 / Numbers.read (now.abs().sum())) * rate else rate
            let slope = dot now direction

            if slope > -rule.ToleranceChange then
                isOver <- true
            else
                let start = values ()

                let at step =
                    set (plus start direction step)
                    let loss = evaluate ()
                    let gradient = gradient ()
                    { Step = step; Loss = loss; Gradient = gradient; Slope = dot gradient direction }

                if rule.SearchesLines then
                    let origin = { Step = 0.0; Loss = loss; Gradient = now; Slope = slope }
                    let size = largest direction
                    let struct (found, more) = LineSearch.search at origin length size
                    set (plus start direction found.Step)
                    length <- found.Step
                    loss <- found.Loss
                    now <- found.Gradient
                    evaluations <- evaluations + more
                elif iteration < rule.MaxIterations then
                    let found = at length
                    loss <- found.Loss
                    now <- found.Gradient
                    evaluations <- evaluations + 1
                else
                    set (plus start direction length)

                isOver <-
                    evaluations >= rule.MaxEvaluations
                    || largest now <= rule.ToleranceGradient
                    || largest direction * length <= rule.ToleranceChange
                    || abs (loss - lossBefore) < rule.ToleranceChange

    override _.State =
        if isNull before then
            []
        else
            let numbers = [| length; scale; iterations; yield! inverses |]

            [
                "direction", direction
                "gradient", before
                "numbers", torch.tensor (numbers, dtype = torch.float64)
                for i in 0 .. gradients.Count - 1 do
                    $"gradients.{string i}", gradients[i]
                    $"steps.{string i}", steps[i]
            ]

    override _.Restore(path, saved) =
        let kept = (saved.Count - 3) / 2

        let names =
            [
                "direction"
                "gradient"
                "numbers"
                for i in 0 .. kept - 1 do
                    $"gradients.{string i}"
                    $"steps.{string i}"
            ]

        if saved.IsEmpty then
            forget ()
        else
            for name in names do
                match saved.TryFind name with
                | None -> Fail.with' (Malformed(path, $"the tensor '{name}' of what LBFGS keeps", "a file without it"))
                | Some tensor ->
                    let length = if name = "numbers" then int64 (3 + kept) else count
                    let dtype = if name = "numbers" then torch.float64 else all[0].dtype

                    if tensor.dtype <> dtype || tensor.shape <> [| length |] then
                        let expected = $"{Shown.dtype dtype} {Shape.known [| length |]}"
                        Fail.with' (Malformed($"{path}, {name}", expected, Shown.value tensor))

            for name in Map.keys saved do
                if not (List.contains name names) then
                    Fail.with' (Malformed(path, "what LBFGS keeps", $"'{name}'{Nearest.hint name names}"))

            if kept > rule.HistorySize then
                Fail.with' (Malformed(path, $"a history of at most {string rule.HistorySize}", string kept))

            let own (tensor: Tensor) = tensor.``to``(all[0].device).clone()
            let numbers = saved["numbers"].cpu().data<float>().ToArray()
            forget ()
            replace &direction (own saved["direction"])
            replace &before (own saved["gradient"])
            length <- numbers[0]
            scale <- numbers[1]
            iterations <- numbers[2]

            for i in 0 .. kept - 1 do
                gradients.Add(keep (own saved[$"gradients.{string i}"]))
                steps.Add(keep (own saved[$"steps.{string i}"]))
                inverses.Add numbers[3 + i]

    override _.Dispose() = forget ()
