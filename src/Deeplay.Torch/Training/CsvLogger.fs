namespace Deeplay.Torch

open System
open System.IO
open System.Text
open Deeplay.Core

/// Writes what a run measures into `save_dir/name/version_N/metrics.csv`. Names and defaults are those of Lightning's CSVLogger.
type CsvLogger =
    {
        /// The folder of all logs, which is made where it is not there.
        SaveDir: string
        /// The folder in it; may be empty.
        Name: string
        /// The version, in whose file a run goes on; None for a new one for each run.
        Version: int option
        /// After every how many steps there is a row with the loss of the batch, `train_loss_step`.
        LogEveryNSteps: int
    }

/// Logs as CSV: a row after every so many steps, and one for each epoch with all that it measured. Each has the number of the epoch
/// and of the step, counted from 0.
[<RequireQualifiedAccess; CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module CsvLogger =
    /// In this folder, a new version for each run.
    let into (directory: string) = { SaveDir = directory; Name = "lightning_logs"; Version = None; LogEveryNSteps = 50 }

    // A whole line at once: a run that is killed leaves none that is cut off.
    let private append (path: string) (line: string) =
        LogRows.within path (fun () ->
            use file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read, 0)
            file.Write(ReadOnlySpan(Encoding.UTF8.GetBytes line)))

    // The rows that a file has, and its columns of metrics; none where it is empty.
    let private found (path: string) =
        let text = LogRows.within path (fun () -> if File.Exists path then File.ReadAllText path else "")
        if text = "" then History.empty, [] else HistoryCsv.read path text, HistoryCsv.metrics path text

    /// The callback of a logger. In which folder it wrote is in `Application.LogDirs`.
    let callback (rule: CsvLogger) : Callback =
        LogRows.check "CsvLogger" rule.SaveDir rule.Version rule.LogEveryNSteps
        let pathIn folder = Path.Combine(folder, "metrics.csv")

        // Whoever makes the file has the version.
        let claim folder =
            try
                use _file = new FileStream(pathIn folder, FileMode.CreateNew)
                true
            with :? IOException when File.Exists(pathIn folder) ->
                false

        Callback.create "CsvLogger" (fun run ->
            let folder = LogRows.folder rule.SaveDir rule.Name rule.Version claim
            let path = pathIn folder
            let mutable names = snd (found path)

            LogRows.watch folder rule.LogEveryNSteps run (fun row ->
                let values = Map.ofList row.Values

                let fresh =
                    [
                        for name in values.Keys do
                            if not (List.contains name names) then name
                    ]

                // A new column is one of all rows.
                if not fresh.IsEmpty then
                    let before = fst (found path)
                    names <- names @ fresh
                    let text = HistoryCsv.writeWith names before
                    WholeFile.write path (fun file -> file.Write(ReadOnlySpan(Encoding.UTF8.GetBytes text)))

                append path (HistoryCsv.row row.Epoch row.Step names values)))
