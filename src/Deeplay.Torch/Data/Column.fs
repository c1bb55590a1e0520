namespace Deeplay.Torch

open System
open Deeplay.Core

/// As what the values of a column are read.
type ColumnValues =
    /// Finite numbers, written as in every culture alike: `-1.5`, `2e-3`.
    | Numbers
    /// Categories, each as its number. Those that are not given are the ones in the file.
    | Indices of Categories option
    /// Categories, each as as many numbers as there are: 1 at its place, else 0.
    | OneHot of Categories option

/// What becomes of a value that is missing.
type WhenMissing =
    /// An error with file and line.
    | Refuse
    /// The row is left out.
    | DropRow
    /// The mean of the column's other values takes its place.
    | FillMean
    /// The median of the column's other values takes its place.
    | FillMedian
    /// This number takes its place.
    | FillNumber of float
    /// This category takes its place.
    | FillCategory of string

/// One column of a table: its name, how it is read, and what becomes of values that are missing.
type Column = { Name: string; Values: ColumnValues; WhenMissing: WhenMissing }

/// How columns of a table are read.
[<RequireQualifiedAccess; CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module Column =
    let private ofValues values name = { Name = name; Values = values; WhenMissing = Refuse }

    /// A column of numbers.
    let number name : Column = ofValues Numbers name

    /// A column of categories, each as its number: those that are in the file.
    let index name : Column = ofValues (Indices None) name

    /// A column of categories, each as as many numbers as there are: those that are in the file.
    let oneHot name : Column = ofValues (OneHot None) name

    let private fail (column: Column) expected found : 'a =
        Fail.with' (Malformed($"column '{column.Name}'", expected, found))

    /// The same with these categories, in this order. Another one in the file is an error.
    let withCategories (names: string seq) (column: Column) : Column =
        let categories = Some(Categories.ofNames names)

        match column.Values with
        | Indices _ -> { column with Values = Indices categories }
        | OneHot _ -> { column with Values = OneHot categories }
        | Numbers -> fail column "categories" "numbers"

    let private whenMissing ofNumbers (action: WhenMissing) (column: Column) =
        match column.Values with
        | Numbers when not ofNumbers -> fail column "a number for what is missing" "a category"
        | Indices _
        | OneHot _ when ofNumbers -> fail column "a category for what is missing" "a number"
        | _ -> { column with WhenMissing = action }

    /// The same, without the rows in which its value is missing.
    let dropMissing (column: Column) : Column = { column with WhenMissing = DropRow }

    /// The same, the mean of the other values for those that are missing. Fill a test set with what was learned from the
    /// training set: `Table.columns`.
    let fillMean column : Column = whenMissing true FillMean column

    /// The same, the median of the other values for those that are missing.
    let fillMedian column : Column = whenMissing true FillMedian column

    /// The same, this number for values that are missing.
    let fill (value: float) column : Column =
        if not (Single.IsFinite(float32 value)) then
            fail column "a finite number in the range of float32 for what is missing" (string value)

        whenMissing true (FillNumber value) column

    /// The same, this category for values that are missing.
    let fillCategory (name: string) column : Column =
        if String.IsNullOrEmpty name then fail column "a category for what is missing" "an empty text"
        whenMissing false (FillCategory name) column

    /// Columns of numbers, by their names.
    let numbers (names: string seq) : Column list = names |> Seq.map number |> List.ofSeq
