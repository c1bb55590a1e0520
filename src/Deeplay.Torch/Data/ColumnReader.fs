namespace Deeplay.Torch

open System
open System.Collections.Generic
open System.Globalization

/// The values of one column, as the rows come.
[<Sealed>]
type internal ColumnReader(path: string, column: Column, missing: string[]) =
    let numbers = ResizeArray<float32>()
    let indices = ResizeArray<int64>()
    let labels = ResizeArray<string>()
    let known = Dictionary<string, int64>(StringComparer.Ordinal)
    // The places of the values that are to be filled in when all others are known.
    let gaps = ResizeArray<int>()

    // Asked for every field.
    let isNumbers = column.Values.IsNumbers

    let given =
        match column.Values with
        | Indices(Some categories)
        | OneHot(Some categories) -> Some categories
        | _ -> None

    let lookup = given |> Option.map Categories.lookup
    let place line = $"{path}, line {string (line: int)}, column '{column.Name}'"

    let addLabel line (label: string) =
        match lookup with
        | Some find ->
            match find label with
            | ValueSome index -> indices.Add index
            | ValueNone -> Categories.unknown given.Value (place line) label
        | None ->
            match known.TryGetValue label with
            | true, index -> indices.Add index
            | _ ->
                known[label] <- int64 labels.Count
                indices.Add(int64 labels.Count)
                labels.Add label

    let addMissing line =
        match column.WhenMissing with
        | FillMean
        | FillMedian ->
            gaps.Add numbers.Count
            numbers.Add 0f
        | FillNumber value -> numbers.Add(float32 value)
        | FillCategory name -> addLabel line name
        | Refuse
        | DropRow ->
            let expected = "a value (or a column that says what becomes of missing ones)"
            DataFile.fail (place line) expected "none"

    // Into the column, where it is a finite number.
    let tryAddNumber (field: ReadOnlySpan<char>) =
        match Double.TryParse(field, NumberStyles.Float, CultureInfo.InvariantCulture) with
        | true, value when Single.IsFinite(float32 value) ->
            numbers.Add(float32 value)
            true
        | _ -> false

    let failNumber line (text: string) =
        match Double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture) with
        | true, _ -> DataFile.fail (place line) "a finite number in the range of float32" $"'{text}'"
        | _ -> DataFile.fail (place line) "a number" $"'{text}'"

    // Most fields are numbers, and then nothing else is looked for, unless a number stands for what is missing.
    let numbersFirst =
        isNumbers
        && missing
           |> Array.forall (fun text ->
               match Double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture) with
               | true, value -> not (Double.IsFinite value)
               | _ -> true)

    let fillGaps () =
        if gaps.Count = 0 then
            column.WhenMissing
        else
            let isGap = HashSet gaps

            let rest =
                [|
                    for i in 0 .. numbers.Count - 1 do
                        if not (isGap.Contains i) then float numbers[i]
                |]

            let where = $"{path}, column '{column.Name}'"
            if rest.Length = 0 then DataFile.fail where "at least one value, to fill in missing ones" "none"

            let value =
                if column.WhenMissing = FillMean then
                    Array.average rest
                else
                    let sorted = Array.sort rest
                    let middle = sorted.Length / 2
                    if sorted.Length % 2 = 1 then sorted[middle] else (sorted[middle - 1] + sorted[middle]) / 2.0

            for gap in gaps do
                numbers[gap] <- float32 value

            FillNumber value

    /// Whether rows are left out in which the value is missing.
    member val DropsRows = column.WhenMissing.IsDropRow

    member _.IsMissing(field: ReadOnlySpan<char>) =
        let mutable found = false

        for text in missing do
            if field.SequenceEqual(text.AsSpan()) then found <- true

        found

    member this.Add(line: int, field: ReadOnlySpan<char>) : unit =
        if not (numbersFirst && tryAddNumber field) then
            if this.IsMissing field then addMissing line
            elif not isNumbers then addLabel line (field.ToString())
            elif not (tryAddNumber field) then failNumber line (field.ToString())

    /// The whole column, when the last row was added.
    member _.Result() : TableColumn =
        match column.Values with
        | Numbers ->
            {
                // What a later file is filled with is what this one was.
                Column = { column with WhenMissing = fillGaps () }
                Features = [ column.Name ]
                Numbers = numbers.ToArray()
                Indices = [||]
            }
        | Indices _
        | OneHot _ ->
            let categories = given |> Option.defaultWith (fun () -> Categories.learn labels)
            let find = Categories.lookup categories
            let isOneHot = column.Values.IsOneHot

            // In the order of their first rows until now.
            let order = [| for label in labels -> ValueOption.get (find label) |]
            let indices = if given.IsSome then indices.ToArray() else [| for i in indices -> order[int i] |]

            {
                Column =
                    { column with Values = (if isOneHot then OneHot(Some categories) else Indices(Some categories)) }
                Features =
                    if isOneHot then [ for name in categories.Names -> $"{column.Name}={name}" ] else [ column.Name ]
                Numbers = [||]
                Indices = indices
            }
