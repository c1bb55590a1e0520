namespace Deeplay.Torch

open System
open System.Globalization
open System.IO
open Deeplay.Core
open nietras.SeparatedValues

/// Tables of numbers as CSV (RFC 4180) and back. A cell of what was not measured is empty.
[<RequireQualifiedAccess>]
module internal HistoryCsv =
    let private quoted (text: string) =
        if text.IndexOfAny [| ','; '"'; '\n'; '\r' |] < 0 then
            text
        else
            "\"" + text.Replace("\"", "\"\"") + "\""

    let private number (value: float) = value.ToString("R", CultureInfo.InvariantCulture)

    /// A line of it: these cells.
    let line (cells: string list) = String.Join(",", List.map quoted cells) + "\n"

    /// A line of numbers below columns of these names.
    let row epoch (step: int64) (names: string list) (values: Map<string, float>) =
        let cell name = values.TryFind name |> Option.map number |> Option.defaultValue ""
        line (string (epoch: int) :: string step :: List.map cell names)

    /// The columns of each table.
    let fixedColumns = [ "epoch"; "step" ]

    /// The history as CSV, with a column for each of these metrics.
    let writeWith names (history: History) =
        line (fixedColumns @ names)
        :: [ for epoch in history.Epochs -> row epoch.Epoch epoch.Step names epoch.Metrics ]
        |> String.Concat

    /// The history as CSV.
    let write (history: History) =
        let names = history.Epochs |> List.collect (fun epoch -> List.ofSeq epoch.Metrics.Keys) |> List.distinct
        writeWith names history

    // The cells of a text by lines. Sep refuses lines that are longer or shorter than the first.
    let private cells path (text: string) : string[] list =
        let options = SepReaderOptions(Sep = Nullable(Sep ','), Unescape = true, HasHeader = false)

        try
            use reader = options.FromText text
            let lines = ResizeArray()

            while reader.MoveNext() do
                let row = reader.Current
                let cells = Array.zeroCreate row.ColCount

                for i in 0 .. row.ColCount - 1 do
                    let mutable cell = row[i]
                    cells[i] <- cell.ToString()

                lines.Add cells

            List.ofSeq lines
        with :? InvalidDataException as error ->
            Fail.with' (Malformed(path, "lines with as many cells as the first", error.Message))

    // The columns of a table, and its rows.
    let private table path (text: string) =
        let fail expected found = Fail.with' (Malformed(path, expected, found))

        match cells path text with
        | [] -> fail "a table with a header" "an empty text"
        | header :: rows ->
            let names = List.ofArray header

            if List.truncate 2 names <> fixedColumns then
                fail "columns that begin with epoch, step" (Error.list names)

            match names |> List.countBy id |> List.tryFind (fun (_, count) -> count > 1) with
            | Some(name, _) -> fail "columns of different names" $"'{name}' twice"
            | None -> names, rows

    /// The columns of metrics that a CSV text has.
    let metrics path (text: string) : string list = fst (table path text) |> List.skip fixedColumns.Length

    /// The history that a CSV text holds: columns `epoch` and `step`, then one for each metric.
    let read path (text: string) : History =
        let fail expected found = Fail.with' (Malformed(path, expected, found))
        let names, rows = table path text

        let parsed what at (cell: string) (parse: string * NumberStyles * IFormatProvider -> bool * 'n) style : 'n =
            match parse (cell, style, CultureInfo.InvariantCulture) with
            | true, value -> value
            | _ -> fail what $"'{cell}' in line {string at}"

        let epoch index (row: string[]) =
            let at = index + 2

            {
                Epoch = parsed "a whole number as epoch" at row[0] Int32.TryParse NumberStyles.None
                Step = parsed "a whole number as step" at row[1] Int64.TryParse NumberStyles.None
                Metrics =
                    Map.ofList
                        [
                            for i in 2 .. row.Length - 1 do
                                if row[i] <> "" then
                                    names[i],
                                    parsed $"a number as {names[i]}" at row[i] Double.TryParse NumberStyles.Float
                        ]
            }

        { Epochs = List.mapi epoch rows }
