namespace Deeplay.Torch

open System
open System.IO
open System.Text
open Deeplay.Core
open nietras.SeparatedValues

/// How a text file of separated values is read.
type CsvOptions =
    {
        /// What stands between the fields of a line.
        Separator: char
        /// Whether the first line holds the names of the columns. Where it does not, they are called "0", "1" and so on.
        HasHeader: bool
        /// The texts that say that a value is missing.
        MissingValues: string list
    }

/// Reading text files of separated values (RFC 4180), in UTF-8, gzipped where the name ends in `.gz`.
[<RequireQualifiedAccess>]
module Csv =
    /// Commas between fields, a header, and as missing what pandas takes for that.
    let defaults: CsvOptions =
        {
            Separator = ','
            HasHeader = true
            // Source: pandas docs, read_csv, "na_values".
            MissingValues =
                ""
                :: List.ofArray (
                    "#N/A,#N/A N/A,#NA,-1.#IND,-1.#QNAN,-NaN,-nan,1.#IND,1.#QNAN,<NA>,N/A,NA,NULL,NaN,None,n/a,nan,null"
                        .Split
                        ','
                )
        }

    let private opened (options: CsvOptions) (stream: Stream) : SepReader =
        if options.Separator < ' ' && options.Separator <> '\t' || options.Separator = '"' then
            let found = $"the character {string (int options.Separator)}"
            DataFile.fail "Separator" "a character that can stand between fields" found

        // The header too comes as a row, so that what is wrong with it is one of our errors.
        let reader =
            SepReaderOptions(
                Nullable(Sep options.Separator),
                HasHeader = false,
                DisableColCountCheck = true,
                Unescape = true,
                Trim = SepTrim.Outer
            )

        // A broken character is an error, and not another one.
        reader.From(new StreamReader(stream, UTF8Encoding(false, true), true))

    let private isBlank (row: SepReader.Row) =
        let text = row.Span
        text.IsWhiteSpace()

    // Sep says 2 for the first row, wherever that ends.
    let private lineOf (row: SepReader.Row) =
        if row.LineNumberFrom = row.LineNumberToExcl then 1 else row.LineNumberFrom

    // A quote that nothing closes takes all of the rest for one field.
    let private checkQuotes path (row: SepReader.Row) =
        let text = row.Span

        if text.Count '"' % 2 <> 0 then
            DataFile.fail $"{path}, line {string (lineOf row)}" "quotes that are closed" "an odd number of them"

    // To the next line that is not empty.
    let private moveNext (reader: SepReader) =
        let mutable found = false
        let mutable ended = false

        while not found && not ended do
            if not (reader.MoveNext()) then ended <- true
            elif not (isBlank reader.Current) then found <- true

        found

    // The names of the columns; the first line is the reader's current one.
    let private namesOf (options: CsvOptions) path (reader: SepReader) : string list =
        let row = reader.Current
        checkQuotes path row
        let line = lineOf row
        let names = Array.zeroCreate row.ColCount

        for i in 0 .. names.Length - 1 do
            let name = row[i]
            names[i] <- if options.HasHeader then name.ToString() else string i

        let where = $"{path}, line {string line}"

        match names |> Array.countBy id |> Array.tryFind (fun (_, n) -> n > 1) with
        | Some(name, _) -> DataFile.fail where "every name of a column once" $"'{name}' twice"
        | None -> List.ofArray names

    let private reading options path (work: SepReader -> string list -> 'a) : 'a =
        DataFile.read path (fun content ->
            use reader = opened options content.Stream
            if not (moveNext reader) then DataFile.fail path "a header or a row" "empty lines alone"
            work reader (namesOf options path reader))

    /// The names of the columns of a file.
    let names (options: CsvOptions) (path: string) : string list = reading options path (fun _ names -> names)

    let private placesOf path (names: string list) (columns: Column list) : int[] =
        if columns.IsEmpty then DataFile.fail path "at least one column that is to be read" "none"

        match columns |> List.countBy _.Name |> List.tryFind (fun (_, n) -> n > 1) with
        | Some(name, _) -> DataFile.fail path "every column once" $"'{name}' twice"
        | None -> ()

        [|
            for column in columns do
                match List.tryFindIndex ((=) column.Name) names with
                | Some place -> place
                | None ->
                    let expected = $"one of its columns ({Error.list names})"
                    DataFile.fail path expected ($"'{column.Name}'" + Nearest.hint column.Name names)
        |]

    // Whether the row is left out for a missing value.
    let private isDropped (readers: ColumnReader[]) (places: int[]) (row: SepReader.Row) =
        let mutable drop = false

        for i in 0 .. readers.Length - 1 do
            let field = row[places[i]]
            if readers[i].DropsRows && readers[i].IsMissing field.Span then drop <- true

        drop

    let private addRow path (width: int) (readers: ColumnReader[]) (places: int[]) (row: SepReader.Row) : bool =
        checkQuotes path row
        let line = lineOf row

        if row.ColCount <> width then
            let where = $"{path}, line {string line}"
            DataFile.fail where $"{string width} fields, as in the first line" (string row.ColCount)

        let isKept = not (isDropped readers places row)

        if isKept then
            for i in 0 .. readers.Length - 1 do
                let field = row[places[i]]
                let text = field.Span
                readers[i].Add(line, text)

        isKept

    /// Reads some columns of a file, whole. Blanks around fields don't count, nor do empty lines. Numbers are held as float32.
    /// What is wrong is an error with file, line and column: a column that is not there, a line with more or fewer
    /// fields, what is no finite number, a missing value that nobody said what becomes of, a category that is none of those
    /// given.
    let read (options: CsvOptions) (columns: Column list) (path: string) : Table =
        reading options path (fun reader names ->
            let places = placesOf path names columns
            let missing = Array.ofList options.MissingValues
            let readers = [| for column in columns -> ColumnReader(path, column, missing) |]
            let mutable count = 0
            // Without a header the first line is a row.
            let mutable more = if options.HasHeader then moveNext reader else true

            while more do
                if addRow path names.Length readers places reader.Current then count <- count + 1
                more <- moveNext reader

            if count = 0 then DataFile.fail path "at least one row" "none"
            Table(path, count, [ for reader in readers -> reader.Result() ]))
