namespace Deeplay.Torch

open System
open Deeplay.Core
open TorchSharp

/// A column that was read: as it is to be read elsewhere, with all that was learned from it, and its values.
type internal TableColumn =
    {
        Column: Column
        /// The names of its features: its own, or `name=category` for each category of one-hot numbers.
        Features: string list
        /// Numbers, or those of categories, one for each row.
        Numbers: float32[]
        Indices: int64[]
    }

/// A table that was read: columns by name, all of one length.
[<Sealed>]
type Table internal (path: string, count: int, columns: TableColumn list) =
    /// The file that it was read from.
    member _.Path = path

    /// The number of rows.
    member _.Count = count

    /// The columns, with what was learned from the file: categories, and the numbers that were filled in. By these another file,
    /// such as the test set, is read alike.
    member _.Columns: Column list = columns |> List.map _.Column

    member internal _.Find(name: string) : TableColumn =
        let names = columns |> List.map _.Column.Name

        match columns |> List.tryFind (fun column -> column.Column.Name = name) with
        | Some column -> column
        | None ->
            let expected = $"one of the columns that were read ({Error.list names})"
            Fail.with' (Malformed(path, expected, $"'{name}'" + Nearest.hint name names))

/// Tables as tensors.
[<RequireQualifiedAccess; CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module Table =
    let private chosen (names: string seq) (table: Table) =
        let columns = names |> Seq.map table.Find |> List.ofSeq
        if columns.IsEmpty then Fail.with' (Malformed(table.Path, "at least one column", "none"))

        match columns |> List.countBy _.Column.Name |> List.tryFind (fun (_, n) -> n > 1) with
        | Some(name, _) -> Fail.with' (Malformed(table.Path, "every column once", $"'{name}' twice"))
        | None -> columns

    /// The columns, with what was learned from the file.
    let columns (table: Table) : Column list = table.Columns

    /// The names of the features of some columns, in order: that of each column of numbers or indices, and `name=category`
    /// for each category of a one-hot column.
    let features (names: string seq) (table: Table) : string list = chosen names table |> List.collect _.Features

    /// The categories of a column, whose places are the numbers that stand for them.
    let categories (name: string) (table: Table) : Categories =
        match (table.Find name).Column.Values with
        | Indices(Some categories)
        | OneHot(Some categories) -> categories
        | _ -> Fail.with' (Malformed(table.Path, "a column of categories", $"'{name}', a column of numbers"))

    let private areIndices (columns: TableColumn list) =
        columns
        |> List.forall (fun column ->
            match column.Column.Values with
            | Indices _ -> true
            | _ -> false)

    // Row by row, so that the tensor is dense.
    let private numbersOf count (columns: TableColumn list) =
        let width = columns |> List.sumBy _.Features.Length
        let values: float32[] = Array.zeroCreate (count * width)

        let fill start (column: TableColumn) =
            for row in 0 .. count - 1 do
                let at = row * width + start

                match column.Column.Values with
                | Numbers -> values[at] <- column.Numbers[row]
                | Indices _ -> values[at] <- float32 column.Indices[row]
                | OneHot _ -> values[at + int column.Indices[row]] <- 1f

            start + column.Features.Length

        columns |> List.fold fill 0 |> ignore
        values, width

    /// Some columns as a tensor (N, features): int64 where all of them are indices, else float32.
    let tensor (names: string seq) (table: Table) : torch.Tensor =
        Native.load ()
        let columns = chosen names table

        if areIndices columns then
            let values =
                [|
                    for row in 0 .. table.Count - 1 do
                        for column in columns -> column.Indices[row]
                |]

            use flat = torch.tensor values
            flat.reshape (int64 table.Count, int64 columns.Length)
        else
            let values, width = numbersOf table.Count columns
            use flat = torch.tensor values
            flat.reshape (int64 table.Count, int64 width)

    // As losses take them.
    let private targetsOf (names: string seq) (table: Table) : torch.Tensor =
        let y = tensor names table
        let isClasses = y.shape[1] = 1L && y.dtype = torch.ScalarType.Int64
        if isClasses then y.squeeze 1L else y

    /// A dataset: some columns as inputs (N, features), others as targets. One column of indices makes targets (N,) of
    /// int64, as a classifier takes them; others make (N, features).
    let dataset (inputs: string seq) (targets: string seq) (table: Table) : Dataset =
        use _scope = torch.NewDisposeScope()
        new Dataset(tensor inputs table, targetsOf targets table)

    /// The same for a model of several inputs, by its names for them: each of some columns (N, features).
    let datasetNamed (inputs: (string * string list) list) (targets: string seq) (table: Table) : Dataset =
        use _scope = torch.NewDisposeScope()
        let tensors = [ for name, columns in inputs -> name, tensor columns table ]
        Dataset.OfInputs(Inputs.named tensors, targetsOf targets table)
