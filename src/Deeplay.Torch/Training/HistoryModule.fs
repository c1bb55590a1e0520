namespace Deeplay.Torch

open System
open System.IO
open System.Text
open Deeplay.Core

/// Histories as data: texts and files.
[<RequireQualifiedAccess; CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module History =
    /// Nothing happened yet.
    let empty = { Epochs = [] }

    /// The history with one more epoch.
    let add epoch history = { Epochs = history.Epochs @ [ epoch ] }

    let private given (text: string) = if isNull text then Fail.with' (Malformed("history", "a text", "none")) else text

    /// The history as CSV (RFC 4180): epoch, step, and a column for each metric. A cell of what an epoch did not measure is empty;
    /// `NaN`, `Infinity` and `-Infinity` are written so.
    let toCsv (history: History) : string = HistoryCsv.write history

    /// The history that such a CSV text holds.
    let ofCsv (text: string) : History = HistoryCsv.read "history" (given text)

    /// The history as JSON: a list of `{"epoch": 0, "step": 45, "metrics": {"train_loss": 0.5}}`. What an epoch did not measure is
    /// not among its metrics; numbers that are not finite are the texts `"NaN"`, `"Infinity"` and `"-Infinity"`.
    let toJson (history: History) : string = HistoryJson.write history

    /// The history that such a JSON text holds.
    let ofJson (text: string) : History = HistoryJson.read "history" (given text)

    let private write (path: string) (text: string) =
        WholeFile.write path (fun file -> file.Write(ReadOnlySpan(Encoding.UTF8.GetBytes text)))

    let private load (read: string -> string -> History) (path: string) =
        let text =
            try
                File.ReadAllText path
            with
            | :? IOException
            | :? ArgumentException
            | :? UnauthorizedAccessException as error ->
                Fail.with' (Malformed(path, "a file that can be read", error.Message))

        read path text

    /// Writes the history as a CSV file, which appears whole or not at all.
    let saveCsv (path: string) (history: History) : unit = write path (toCsv history)

    /// Writes the history as a JSON file, which appears whole or not at all.
    let saveJson (path: string) (history: History) : unit = write path (toJson history)

    /// Reads what `saveCsv` wrote. What is wrong with the file is an error that tells the line.
    let loadCsv (path: string) : History = load HistoryCsv.read path

    /// Reads what `saveJson` wrote.
    let loadJson (path: string) : History = load HistoryJson.read path
