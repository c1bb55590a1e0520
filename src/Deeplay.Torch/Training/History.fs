namespace Deeplay.Torch

open System
open Deeplay.Core

/// What was measured in one epoch.
type EpochRecord =
    {
        /// Counted from 0, as in Lightning.
        Epoch: int
        /// Optimizer steps made so far.
        Step: int64
        /// By name: `train_loss`, `train_accuracy`, `val_loss`, …
        Metrics: Map<string, float>
    }

/// The course of a training, an entry per epoch.
type History =
    {
        Epochs: EpochRecord list
    }

    /// The course of one metric, by epoch: of those in which it was measured. One that was never measured is an error.
    member this.Series(name: string) : float list =
        let known = this.Epochs |> List.collect (fun epoch -> List.ofSeq epoch.Metrics.Keys) |> List.distinct

        if not (known.IsEmpty || List.contains name known) then
            let found = $"'{name}'{Nearest.hint name known}"
            Fail.with' (Malformed("history", "one of the metrics " + String.Join(", ", known), found))

        this.Epochs |> List.choose (fun epoch -> epoch.Metrics.TryFind name)

/// A file that a run saved.
type SavedModel =
    {
        /// Where it is.
        Path: string
        /// What it was judged by; None where it was the newest alone.
        Score: float option
        /// The epoch after which it was saved, counted from 0.
        Epoch: int
        /// Optimizer steps made until then.
        Step: int64
    }
