namespace Deeplay.Torch

open System
open Deeplay.Core
open Deeplay.Library
open TorchSharp

/// The schedules of torch.optim.lr_scheduler, each in its closed form. Sources: PyTorch's documentation of each, and the papers
/// that the definitions name.
module internal ScheduleLowerings =
    let private ofTime definition (rate: Arguments -> float -> int64 -> float) =
        row definition (fun a ->
            let rate = rate a
            new ScheduleModule(a.Kind, (fun m -> { LearningRate = rate m.Base m.Time; Momentum = ValueNone })))

    /// How many milestones are over.
    let passed (milestones: int list) (time: int64) =
        milestones |> List.filter (fun milestone -> time >= int64 milestone) |> List.length

    let private power (factor: float) (times: int64) = factor ** float times

    // From one number to another, by the part of the way.
    let private along isCosine (from: float) (into: float) (part: float) =
        if isCosine then
            into + (from - into) / 2.0 * (1.0 + cos (Math.PI * part))
        else
            from + (into - from) * part

    let private cosine (least: float) (rate: float) (part: float) = along true rate least part

    // How long ago the last restart was, and how long its period is.
    let private sinceRestart (first: int64) (times: int64) (time: int64) =
        let rec go start period =
            if time < start + period then
                struct (time - start, period)
            else
                go (start + period) (period * times)

        if times = 1L then struct (time % first, first) else go 0L first

    // The phases of a cycle: where each ends, and what it goes from and to.
    let private oneCycle (a: Arguments) (moment: Moment) : Rate =
        let largest, total = a.Get Schedules.maxLr, float (a.Get Schedules.totalSteps)
        let first = largest / a.Get Schedules.divFactor
        let last = first / a.Get Schedules.finalDivFactor
        let low, high = a.Get Schedules.baseMomentum, a.Get Schedules.maxMomentum
        let grown = a.Get Schedules.pctStart * total - 1.0

        let phases =
            if a.Get Schedules.threePhase then
                [
                    grown, (first, largest), (high, low)
                    2.0 * a.Get Schedules.pctStart * total - 2.0, (largest, first), (low, high)
                    total - 1.0, (first, last), (high, high)
                ]
            else
                [ grown, (first, largest), (high, low); total - 1.0, (largest, last), (low, high) ]

        // Who goes on after the end stays there.
        let time = min (float moment.Time) (total - 1.0)
        let isCosine = a.Get Schedules.annealStrategy = "cos"

        let rec go start phases =
            match phases with
            | (stop, (rate, nextRate), (momentum, nextMomentum)) :: later when time <= stop || List.isEmpty later ->
                let part = (time - start) / (stop - start)

                {
                    LearningRate = along isCosine rate nextRate part
                    Momentum =
                        if a.Get Schedules.cycleMomentum then
                            ValueSome(along isCosine momentum nextMomentum part)
                        else
                            ValueNone
                }
            | (stop, _, _) :: later -> go stop later
            | [] -> invalidOp "A cycle has phases."

        go 0.0 phases

    // What the course so far makes of the step size. Source: PyTorch, ReduceLROnPlateau.
    let private plateau (a: Arguments) (moment: Moment) : Rate =
        let threshold = a.Get Schedules.threshold
        let isMin, isRelative = a.Get Schedules.mode = "min", a.Get Schedules.thresholdMode = "rel"

        let isBetter value best =
            match isMin, isRelative with
            | true, true -> value < best * (1.0 - threshold)
            | true, false -> value < best - threshold
            | false, true -> value > best * (1.0 + threshold)
            | false, false -> value > best + threshold

        let next struct (rate, best, bad, cooling) value =
            let struct (best, bad) = if isBetter value best then struct (value, 0) else struct (best, bad + 1)

            let struct (bad, cooling) = if cooling > 0 then struct (0, cooling - 1) else struct (bad, cooling)

            if bad > a.Get Schedules.patience then
                let lower = max (rate * a.Get Schedules.factor) (a.Get Schedules.minLr)
                let rate = if rate - lower > a.Get Schedules.eps then lower else rate
                struct (rate, best, 0, a.Get Schedules.cooldown)
            else
                struct (rate, best, bad, cooling)

        let worst = if isMin then infinity else -infinity
        let struct (rate, _, _, _) = List.fold next (struct (moment.Base, worst, 0, 0)) moment.Course
        { LearningRate = rate; Momentum = ValueNone }

    let table =
        [
            ofTime Schedules.stepDefinition (fun a ->
                let size, gamma = int64 (a.Get Schedules.stepSize), a.Get Schedules.gamma
                fun rate time -> rate * power gamma (time / size))
            ofTime Schedules.multiStepDefinition (fun a ->
                let milestones, gamma = a.Get Schedules.milestones, a.Get Schedules.gamma
                fun rate time -> rate * power gamma (int64 (passed milestones time)))
            ofTime Schedules.constantDefinition (fun a ->
                let factor, total = a.Get Schedules.factor, int64 (a.Get Schedules.totalIters)
                fun rate time -> if time < total then rate * factor else rate)
            ofTime Schedules.linearDefinition (fun a ->
                let first, last = a.Get Schedules.startFactor, a.Get Schedules.endFactor
                let total = float (a.Get Schedules.totalIters)
                fun rate time -> rate * along false first last (min 1.0 (float time / total)))
            ofTime Schedules.exponentialDefinition (fun a ->
                let gamma = a.Get Schedules.gamma
                fun rate time -> rate * power gamma time)
            ofTime Schedules.polynomialDefinition (fun a ->
                let total, exponent = float (a.Get Schedules.totalIters), a.Get Schedules.power
                fun rate time -> rate * (1.0 - min 1.0 (float time / total)) ** exponent)
            ofTime Schedules.cosineDefinition (fun a ->
                let half, least = float (a.Get Schedules.tMax), a.Get Schedules.etaMin
                fun rate time -> cosine least rate (float time / half))
            ofTime Schedules.cosineRestartsDefinition (fun a ->
                let first, times = int64 (a.Get Schedules.t0), int64 (a.Get Schedules.tMult)
                let least = a.Get Schedules.etaMin

                fun rate time ->
                    let struct (since, period) = sinceRestart first times time
                    cosine least rate (float since / float period))
            row Schedules.oneCycleDefinition (fun a -> new ScheduleModule(a.Kind, oneCycle a))
            row Schedules.plateauDefinition (fun a -> new ScheduleModule(a.Kind, plateau a))
        ]

    /// The schedule of a node, which `built` is the module of: those that hold others go by what theirs say.
    let rec ofNode (node: Node) (built: torch.nn.Module) : Moment -> Rate =
        let others () =
            [
                for struct (name, part) in built.named_children () ->
                    ofNode (Nodes.find (Tag.ofNames [ name ]) node) part
            ]

        match built with
        | :? ScheduleModule as schedule -> schedule.At
        | _ when node.Definition.Is Schedules.sequentialDefinition ->
            let schedules, milestones = others (), node.Arguments.Get Schedules.milestones

            fun moment ->
                let place = passed milestones moment.Time
                let start = if place = 0 then 0L else int64 milestones[place - 1]
                schedules[place] { moment with Time = moment.Time - start }
        | _ when node.Definition.Is Schedules.chainedDefinition ->
            let schedules = others ()

            fun moment ->
                let next rate (schedule: Moment -> Rate) =
                    let found = schedule moment

                    {
                        LearningRate = rate.LearningRate * found.LearningRate / moment.Base
                        Momentum = if found.Momentum.IsSome then found.Momentum else rate.Momentum
                    }

                let start = { LearningRate = moment.Base; Momentum = ValueNone }
                // No factor says what becomes of nothing.
                if moment.Base = 0.0 then start else List.fold next start schedules
        | _ -> Fail.with' (WrongStructure(node.Tag, node.Definition.Id, "it is no schedule."))
