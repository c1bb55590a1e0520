namespace Deeplay.Torch

open Deeplay.Core
open Deeplay.Library
open TorchSharp

/// How the step size of an application changes: a schedule, in what its time is counted, and the metric that it follows.
[<NoEquality; NoComparison>]
type internal Pace =
    {
        /// Whether its time is counted in steps; else in epochs.
        OfSteps: bool
        /// The metric it follows; None where it follows none.
        Monitor: string option
        Schedule: Moment -> Rate
    }

    /// What to step with at a time, after what was measured until then, for a step size that was begun with.
    member this.At(time: int64, history: History) : float -> Rate =
        let course =
            this.Monitor
            |> Option.map (fun monitor -> history.Epochs |> List.choose (fun epoch -> epoch.Metrics.TryFind monitor))

        fun lr -> this.Schedule { Base = lr; Time = time; Course = defaultArg course [] }

module internal Pace =
    let private within (node: Node) = Tree.walk node |> Seq.map (fun (_, node, _) -> node)

    /// The pace of an application, whose schedule is this node. A schedule that changes the momentum needs optimizers that have
    /// one.
    let create (root: Node) (node: Node) (built: torch.nn.Module) (optimizers: Optimizer seq) : Pace =
        let changesMomentum (part: Node) =
            part.Definition.Is Schedules.oneCycleDefinition && part.Arguments.Get Schedules.cycleMomentum

        match within node |> Seq.tryFind changesMomentum with
        | Some cycle when optimizers |> Seq.exists (fun optimizer -> not optimizer.Stepping.HasMomentum) ->
            let expected = "False where the optimizer has no momentum and no betas"
            Fail.with' (WrongValue(cycle.Tag, cycle.Definition.Id, Schedules.cycleMomentum.Name, expected, "True"))
        | _ -> ()

        // An application of one's own may leave these parameters out.
        let get (key: Param<string>) =
            if root.Definition.Signature.Has key.Name then
                root.Arguments.Get key
            else
                ValueOption.get (key.OfValue key.Parameter.Default)

        let follows = within node |> Seq.exists (fun part -> part.Definition.Is Schedules.plateauDefinition)

        {
            OfSteps = get Applications.lrSchedulerInterval = "step"
            Monitor = if follows then Some(get Applications.lrSchedulerMonitor) else None
            Schedule = ScheduleLowerings.ofNode node built
        }
