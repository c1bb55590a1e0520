namespace Deeplay.FSharp

open System
open Deeplay.Core
open Deeplay.Library
open Deeplay.Torch
open TorchSharp

/// Parts of an application by themselves: what one takes of a spec of some kind, which nothing else is built for.
module internal Alone =
    /// Works with a built spec of a kind, on the CPU.
    let using
        (lowerings: Lowerings)
        (kinds: Definition list)
        (what: string)
        (spec: ModuleSpec)
        (work: Node -> torch.nn.Module -> 'result)
        : 'result =
        let options = { Build.defaults with Device = "cpu"; Lowerings = lowerings }
        let root = Build.plan options spec

        if not (kinds |> List.exists root.Definition.Is) then
            Fail.with' (WrongStructure(Tag.root, root.Definition.Id, $"it is no {what}."))

        use built = Build.ofTree options root
        work root built

/// Metrics by themselves: `Metrics.r2Score |> Metric.compute outputs targets`.
[<RequireQualifiedAccess>]
module Metric =
    /// The same with how metrics of one's own measure.
    let computeWith
        (lowerings: Lowerings)
        (outputs: torch.Tensor)
        (targets: torch.Tensor)
        (spec: ModuleSpec)
        : torch.Tensor =
        Alone.using lowerings [ Metrics.definition ] "metric" spec (fun root built ->
            match built with
            | :? MetricModule as metric ->
                use _noGrad = torch.no_grad ()
                use scope = torch.NewDisposeScope()
                use measuring = metric.Start()

                try
                    measuring.Add(outputs, targets)
                    scope.MoveToOuter(measuring.Value())
                with error ->
                    Failures.raiseAgain (Failures.At(Place.at root.Tag root, [ outputs; targets ], error))
            | _ -> Fail.with' (WrongStructure(Tag.root, root.Definition.Id, "its lowering makes no metric.")))

    /// What a metric is of outputs and targets, (N, …): on the CPU, in float64, one number or several. Outside of an application no
    /// loss tells what does not count: the metric's own arguments do. A spec of something else is an error. Source: torchmetrics,
    /// `metric(preds, target)`.
    let compute (outputs: torch.Tensor) (targets: torch.Tensor) (spec: ModuleSpec) : torch.Tensor =
        computeWith Lowering.standard outputs targets spec

/// Schedules by themselves: `Schedules.stepLR 2 |> Schedule.rates 0.1 6`.
[<RequireQualifiedAccess>]
module Schedule =
    let private ofMoments lowerings (lr: float) isFollowing (moments: (int64 * float list) list) spec : float list =
        if not (lr >= 0.0 && Double.IsFinite lr) then
            Fail.with' (Malformed("schedule", "a step size of at least 0", string lr))

        Alone.using lowerings [ Schedules.definition; Schedules.configDefinition ] "schedule" spec (fun root built ->
            let node = Scheduling.scheduleOf root
            let built = if Scheduling.isConfig root then Outline.child built "scheduler" else built

            let follows =
                Tree.walk node |> Seq.exists (fun (_, part, _) -> part.Definition.Is Schedules.plateauDefinition)

            if follows <> isFollowing then
                let problem =
                    if follows then
                        "it follows a metric: say what that is after each epoch."
                    else
                        "it follows no metric: say for how long."

                Fail.with' (WrongStructure(node.Tag, node.Definition.Id, problem))

            let rate = ScheduleLowerings.ofNode node built
            [ for time, course in moments -> (rate { Base = lr; Time = time; Course = course }).LearningRate ])

    /// The same with how schedules of one's own go.
    let ratesWith (lowerings: Lowerings) (lr: float) (count: int) (spec: ModuleSpec) : float list =
        if count < 1 then Fail.with' (Malformed("schedule", "at least 1 step size", string count))
        ofMoments lowerings lr false [ for time in 0 .. count - 1 -> int64 time, [] ] spec

    /// The step sizes of the first epochs, or steps, `count` of them, for an optimizer whose own is `lr`. A schedule that follows a
    /// metric, and a spec of something else, are errors.
    let rates (lr: float) (count: int) (spec: ModuleSpec) : float list = ratesWith Lowering.standard lr count spec

    /// The same for a schedule that follows a metric, such as `Schedules.reduceLROnPlateau`, given what that is after each epoch: the
    /// step size of the first epoch, and that after each of these.
    let following (lr: float) (metric: float list) (spec: ModuleSpec) : float list =
        let moments = [ for time in 0 .. metric.Length -> int64 time, List.truncate time metric ]
        ofMoments Lowering.standard lr true moments spec
