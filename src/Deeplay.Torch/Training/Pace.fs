namespace Deeplay.Torch

open Deeplay.Core
open Deeplay.Library
open TorchSharp

/// How the step size of an optimizer changes: a schedule, in what its time is counted, and the metric that it follows.
[<NoEquality; NoComparison>]
type internal Pace =
    {
        /// Whether its time is counted in the optimizer's steps; else in epochs.
        OfSteps: bool
        /// After how many of them its time goes on by one.
        Frequency: int64
        /// The metric it follows; None where it follows none.
        Monitor: string option
        Schedule: Moment -> Rate
    }

    /// What to step with after so many epochs, or steps, and what was measured until then, for a step size that was begun with.
    member this.At(time: int64, history: History) : float -> Rate =
        // Of a time in epochs those count after which it goes on.
        let counts (epoch: EpochRecord) = this.OfSteps || (int64 epoch.Epoch + 1L) % this.Frequency = 0L

        let course =
            this.Monitor
            |> Option.map (fun monitor ->
                history.Epochs |> List.filter counts |> List.choose (fun epoch -> epoch.Metrics.TryFind monitor))

        fun lr -> this.Schedule { Base = lr; Time = time / this.Frequency; Course = defaultArg course [] }

module internal Pace =
    let private within (node: Node) = Tree.walk node |> Seq.map (fun (_, node, _) -> node)

    /// The pace of an optimizer, whose schedule is this child of an application. A schedule that changes the momentum needs an
    /// optimizer that has one.
    let create (root: Node) (child: Node) (built: torch.nn.Module) (optimizer: Optimizer) : Pace =
        let changesMomentum (part: Node) =
            part.Definition.Is Schedules.oneCycleDefinition && part.Arguments.Get Schedules.cycleMomentum

        match within child |> Seq.tryFind changesMomentum with
        | Some cycle when not optimizer.Stepping.HasMomentum ->
            let expected = "False where the optimizer has no momentum and no betas"
            Fail.with' (WrongValue(cycle.Tag, cycle.Definition.Id, Schedules.cycleMomentum.Name, expected, "True"))
        | _ -> ()

        // An application of one's own may leave its parameters out.
        let get (own: Param<'T>) (key: Param<'T>) : 'T =
            if Scheduling.isConfig child then child.Arguments.Get own
            elif root.Definition.Signature.Has key.Name then root.Arguments.Get key
            else ValueOption.get (key.OfValue key.Parameter.Default)

        let node = Scheduling.scheduleOf child
        let built = if Scheduling.isConfig child then Outline.child built "scheduler" else built
        let follows = within node |> Seq.exists (fun part -> part.Definition.Is Schedules.plateauDefinition)

        {
            OfSteps = get Schedules.interval Applications.lrSchedulerInterval = "step"
            Frequency = int64 (get Schedules.frequency Applications.lrSchedulerFrequency)
            Monitor = if follows then Some(get Schedules.monitor Applications.lrSchedulerMonitor) else None
            Schedule = ScheduleLowerings.ofNode node built
        }
