namespace Deeplay.Torch

open System
open Deeplay.Core
open TorchSharp

/// When a run validates, and what it measured in the epoch that goes on.
[<Sealed>]
type internal Validations(run: TrainingRun, options: FitOptions, tell: (Watcher -> unit) -> unit) =
    let application = run.Application
    let refuse expected found = Fail.with' (Malformed("fit", expected, found))

    // After how many batches, and whether these are counted over epochs. Rule: Lightning's `Trainer.val_check_batch`.
    let interval =
        match options.ValidateWithin, run.Batches with
        | None, _ -> None
        | Some(ValidationInterval.RunBatches every), _ -> Some(every, true)
        | Some(ValidationInterval.Batches every), Some batches when every > batches ->
            refuse $"a validation after at most {string batches} batches, which an epoch has" (string every)
        | Some(ValidationInterval.Batches every), _ -> Some(every, false)
        | Some(ValidationInterval.EpochPart part), Some batches -> Some(max 1L (int64 (float batches * part)), false)
        | Some(ValidationInterval.EpochPart _), None ->
            refuse "a number of batches, where nobody knows how many an epoch has" "a part of an epoch"

    // How many batches there were in this run, and where the epoch stands.
    let mutable seen = 0L
    let mutable inEpoch = 0L
    let mutable isOver = false
    let mutable last: (string * float) list = []

    // Of a stream nobody knows how many there were before this run.
    let inAll epoch =
        match run.Batches with
        | Some all -> int64 epoch * all + inEpoch
        | None -> seen

    let isDue epoch =
        options.Validation.IsSome
        && (epoch + 1) % options.ValidateEvery = 0
        && match interval with
           | None -> true
           | Some(every, true) -> inAll epoch % every = 0L
           | Some(every, false) -> inEpoch % every = 0L

    let measure epoch =
        let measured = application.Evaluate("val", options.Validation.Value, max 1024L options.BatchSize)
        last <- [ for KeyValue(name, value) in measured -> $"val_{name}", value ]
        let record = { Epoch = epoch; Step = application.Steps; Metrics = Map.ofList last }
        tell (fun watcher -> watcher.ValidationEnd record)

    /// Puts the averages of what is learned into the model, or what is trained. Nobody predicts meanwhile.
    static member Show(application: Application, averages: bool) : unit =
        application.Averages |> Option.iter (fun all -> application.Modes.Step(fun () -> all.Show averages))

    /// What was measured last in the epoch.
    member _.Last = last

    /// The same as it is kept, in the caller's scope.
    member _.State: (string * Tensor) list =
        [ for name, value in last -> name, torch.tensor (value, dtype = torch.float64) ]

    /// An epoch begins, or goes on from what was kept of it.
    member _.Begin(state: (string * Tensor) list) : unit =
        last <- [ for name, tensor in state -> name, Numbers.read tensor ]

    /// After a batch of an epoch, with how many it had by then and whether it was the last one: validates where that is due within
    /// the epoch.
    member _.After(epoch: int, batches: int64, isLast: bool) : unit =
        seen <- seen + 1L
        inEpoch <- batches
        isOver <- isLast

        if not isOver && interval.IsSome && isDue epoch then
            Validations.Show(application, true)
            measure epoch
            Validations.Show(application, false)

    /// After an epoch, where the averages are shown. One that was ended by a limit of steps is validated as any other, unless that
    /// is done by batches.
    member _.AtEnd(epoch: int) : unit = if (isOver || interval.IsNone) && isDue epoch then measure epoch
