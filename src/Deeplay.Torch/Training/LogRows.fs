namespace Deeplay.Torch

open System
open System.Globalization
open System.IO
open Deeplay.Core

/// A row of a log: what was measured at a step.
[<NoEquality; NoComparison>]
type internal LogRow = { Epoch: int; Step: int64; Values: (string * float) list }

/// Which rows loggers write, and where: as Lightning's do.
[<RequireQualifiedAccess>]
module internal LogRows =
    let private wrong name expected found = Fail.with' (Malformed(name, expected, found))

    /// Stops where these are no settings of a logger.
    let check name (directory: string) (version: int option) everySteps =
        if String.IsNullOrWhiteSpace directory then wrong name "a folder to save to" "an empty text"

        version
        |> Option.iter (fun version -> if version < 0 then wrong name "a version of at least 0" (string version))

        if everySteps < 1 then wrong name "a positive number of steps between rows" (string everySteps)

    // The versions that a folder has.
    let private versions (folder: string) =
        [
            if Directory.Exists folder then
                for version in Directory.EnumerateDirectories(folder, "version_*") do
                    match Int32.TryParse(Path.GetFileName(version).Substring 8, NumberStyles.None, null) with
                    | true, number -> number
                    | _ -> ()
        ]

    /// Whatever can't be read or written is an error that names it.
    let within (path: string) (work: unit -> 'a) : 'a =
        try
            work ()
        with
        | :? IOException
        | :? UnauthorizedAccessException as error -> wrong path "a place that can be written" error.Message

    let private making = obj ()

    /// Makes the folder of a run, `save_dir/name/version_N`: of the version that is given, or else the first after all there are
    /// that `claim` takes.
    let folder (directory: string) (name: string) (version: int option) (claim: string -> bool) : string =
        let parent = Path.Combine(directory, name)

        let make (version: int) =
            let path = Path.Combine(parent, $"version_{string version}")
            Directory.CreateDirectory path |> ignore
            path

        let rec next version =
            let path = make version
            if claim path then path else next (version + 1)

        within parent (fun () ->
            match version with
            | Some version -> make version
            | None -> lock making (fun () -> next (1 + List.fold max -1 (versions parent))))

    /// Watches a run for a logger that writes into a folder: a row after every so many steps, with the loss of the last batch as
    /// `train_loss_step`, and one after each epoch, with what was measured, and after each validation that is run by batches. The first
    /// step is 0.
    let watch (folder: string) everySteps (run: TrainingRun) (write: LogRow -> unit) : Watcher =
        run.Loggers <- run.Loggers + 1
        run.Application.LogDirs <- run.Application.LogDirs @ [ folder ]
        let mutable steps = run.Application.Steps

        let asked (sources: ResizeArray<unit -> (string * float) list>) =
            [
                for source in sources do
                    yield! source ()
            ]

        { Callback.idle with
            BatchEnd =
                fun batch ->
                    // Not where gradients were only gathered.
                    if batch.Step <> steps then
                        steps <- batch.Step

                        if steps % int64 everySteps = 0L then
                            let values = ("train_loss_step", batch.Loss) :: asked run.StepValues
                            write { Epoch = batch.Epoch; Step = steps - 1L; Values = values }
            ValidationEnd =
                fun epoch ->
                    if run.ValidatesWithin then
                        let values = Map.toList epoch.Metrics
                        write { Epoch = epoch.Epoch; Step = max 0L (epoch.Step - 1L); Values = values }
            EpochEnd =
                fun epoch ->
                    // What was validated by batches has rows of its own.
                    let isNew (name: string) =
                        not (run.ValidatesWithin && name.StartsWith("val_", StringComparison.Ordinal))

                    let measured = Map.toList epoch.Metrics |> List.filter (fst >> isNew)
                    let values = measured @ asked run.EpochValues
                    write { Epoch = epoch.Epoch; Step = max 0L (epoch.Step - 1L); Values = values }
        }
