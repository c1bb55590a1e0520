namespace Deeplay.Core

open System

/// Finds the names that a misspelt one was probably meant to be.
[<RequireQualifiedAccess>]
module internal Nearest =
    /// Edits (insert, delete, replace, swap of neighbours) that turn one text into the other:
    /// the optimal string alignment distance, by its recurrence.
    let distance (a: string) (b: string) =
        let d = Array2D.zeroCreate (a.Length + 1) (b.Length + 1)

        for i in 0 .. a.Length do
            d[i, 0] <- i

        for j in 0 .. b.Length do
            d[0, j] <- j

        for i in 1 .. a.Length do
            for j in 1 .. b.Length do
                let cost = if Char.ToLowerInvariant a[i - 1] = Char.ToLowerInvariant b[j - 1] then 0 else 1

                d[i, j] <- min (min (d[i - 1, j] + 1) (d[i, j - 1] + 1)) (d[i - 1, j - 1] + cost)

                if i > 1 && j > 1 && a[i - 1] = b[j - 2] && a[i - 2] = b[j - 1] then
                    d[i, j] <- min d[i, j] (d[i - 2, j - 2] + 1)

        d[a.Length, b.Length]

    /// At most three of `names` that are near `name`, the nearest first; none where nothing is near. Where one is much
    /// nearer than the others, it is the one.
    let names (name: string) (names: string seq) =
        names
        |> Seq.distinct
        |> Seq.map (fun candidate -> distance name candidate, candidate)
        |> Seq.filter (fun (d, candidate) -> d <= max 2 (max name.Length candidate.Length / 3))
        |> Seq.sortBy fst
        |> Seq.truncate 3
        |> List.ofSeq
        |> fun near -> near |> List.takeWhile (fun (d, _) -> d <= 2 * fst near.Head)
        |> List.map snd

    /// What is added to an error of a name: " (near it: bias)"; nothing where nothing is near.
    let hint name known =
        match names name known with
        | [] -> ""
        | near -> " (near it: " + String.Join(", ", near) + ")"
