namespace Deeplay.Torch

open System
open Deeplay.Core

/// Applications from several checkpoints.
[<RequireQualifiedAccess>]
module Averages =
    // What a checkpoint has beside the weights is no matter; other weights are.
    let private checkReport (application: Application) (path: string) (report: StateDictReport) =
        let own = [ for struct (name, _) in application.Module.named_children () -> name + "." ]

        let isWeight (name: string) =
            List.exists (fun (own: string) -> name.StartsWith(own, StringComparison.Ordinal)) own
            && application.Optimizers.Keys
               |> Seq.forall (fun optimizer ->
                   not (name.StartsWith(Checkpoint.optimizerPrefix optimizer, StringComparison.Ordinal)))

        let errors =
            [
                for name in report.Missing do
                    Malformed(path, $"the tensor '{name}'", "a file without it")

                for one in report.Converted do
                    Malformed($"{path}, {one.Name}", one.Expected, one.Found)

                for name in List.filter isWeight report.Unexpected do
                    Malformed(path, "tensors of the model alone", $"'{name}'")
            ]

        if not errors.IsEmpty then Fail.withAll errors

    /// The application of the last of several checkpoints, with the mean of all their weights: of parameters and of buffers, summed in
    /// float64; of whole numbers those of the last. Names and shapes must be equal. The optimizer, the history and whatever else there
    /// is are the last one's. What the other arguments say, `Checkpoint.load` tells.
    let load (advice: string) (registry: Registry) (options: BuildOptions) (paths: string list) : Application =
        match List.tryLast paths with
        | None -> Fail.with' (Malformed("average", "at least one checkpoint", "none"))
        | Some last ->
            let application = Checkpoint.load advice registry options last

            Failures.orDispose application (fun () ->
                let loading = { StateDict.loading with Strict = false }
                StateMeans.load loading (checkReport application) paths application.Module |> ignore
                application)
