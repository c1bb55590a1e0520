namespace Deeplay.Torch

open Deeplay.Core
open Deeplay.Library
open TorchSharp

/// When a step size is asked for.
[<Struct; NoEquality; NoComparison>]
type internal Moment =
    {
        /// The optimizer's own step size.
        Base: float
        /// How many epochs, or steps, there were.
        Time: int64
        /// The metric that is followed, of each epoch in which it was measured.
        Course: float list
    }

/// What an optimizer steps with.
[<Struct; NoComparison>]
type internal Rate =
    {
        LearningRate: float
        /// The momentum, or the first of two betas, where the schedule changes it.
        Momentum: float voption
    }

/// A schedule in a built application: a function of the time and of what was measured, so that nothing of it is kept.
[<Sealed>]
type internal ScheduleModule(name: string, rate: Moment -> Rate) =
    inherit torch.nn.Module(name)

    /// What to step with.
    member _.At(moment: Moment) : Rate = rate moment

/// Schedules of one's own: a definition, which is the `lr_scheduler` of an application, and what its lowering makes.
///
///     let halving = Schedule.define "Halving" []
///
///     let lowerings =
///         Lowering.standard
///         |> Lowering.add halving (fun _ -> Schedule.ofTime (fun rate time -> rate / 2.0 ** float time))
[<RequireQualifiedAccess>]
module Schedule =
    /// A kind of schedule, with parameters that its lowering reads.
    let define (id: string) (parameters: Param list) : Definition = Schedules.kind id parameters

    /// A schedule that gives the step size for the optimizer's own and the time, in epochs or steps from 0.
    let ofTime (rate: float -> int64 -> float) : torch.nn.Module =
        new ScheduleModule(
            "Schedule",
            fun moment -> { LearningRate = rate moment.Base moment.Time; Momentum = ValueNone }
        )
