namespace Deeplay.Core

open System

/// Selectors written as text: `encoder|decoder/.../layer#0:2`.
[<RequireQualifiedAccess>]
module SelectorText =
    let private fail text expected found =
        Fail.with' (Malformed($"selector '{text}'", expected, found))

    let private number text (part: string) =
        match part.Trim() with
        | "" -> None
        | part ->
            match Int32.TryParse part with
            | true, n -> Some n
            | _ -> fail text "a whole number" $"'{part}'"

    let private slice text (part: string) =
        match part.Split ':' with
        | [| "" |] -> Slice.all
        | [| one |] ->
            match number text one with
            | Some -1 -> { Slice.all with Start = Some -1 }
            | Some i ->
                { Slice.all with
                    Start = Some i
                    Stop = Some(i + 1)
                }
            | None -> Slice.all
        | [| start; stop |] ->
            { Slice.all with
                Start = number text start
                Stop = number text stop
            }
        | [| start; stop; step |] ->
            match number text step with
            | Some 0 -> fail text "a step other than 0" "0"
            | step ->
                {
                    Start = number text start
                    Stop = number text stop
                    Step = step
                }
        | _ -> fail text "a slice of at most three numbers" $"'{part}'"

    let private pick text (part: string) =
        match part.Trim() with
        | "" -> fail text "a name, a number or a slice" "nothing"
        | part when part.Contains ':' -> Between(slice text part)
        | part when part.StartsWith '-' ->
            match Int32.TryParse part with
            | true, i -> At i
            | _ -> Named part
        | part -> Named part

    let private choice text (part: string) =
        match part.Split '#' with
        | [| names |] ->
            {
                AnyOf = names.Split '|' |> Array.map (pick text) |> List.ofArray
                Which = None
            }
        | [| names; which |] ->
            {
                AnyOf = names.Split '|' |> Array.map (pick text) |> List.ofArray
                Which = Some(slice text (which.Trim()))
            }
        | _ -> fail text "one '#'" $"'{part.Trim()}'"

    /// One segment of a selector.
    let segment (text: string) : Segment =
        match text.Trim() with
        | "..." -> AnyDepth
        | trimmed -> OneFrom(trimmed.Split ',' |> Array.map (choice text) |> List.ofArray)

    /// Reads a selector. Segments stand between slashes; a dot between names separates them too, as in a tag. The
    /// empty text selects the root.
    let parse (text: string) : Selector =
        if isNull text then
            Fail.with' (Malformed("selector", "a text such as 'blocks/0', or \"\" for the module itself", "null"))
        elif String.IsNullOrWhiteSpace text then
            []
        else
            text.Split '/'
            |> Seq.collect (fun part -> if part.Trim() = "..." then [| part |] else part.Split '.')
            |> Seq.map (fun part ->
                if String.IsNullOrWhiteSpace part then
                    fail text "a name, a number, a slice or '...'" "nothing"
                else
                    segment part)
            |> List.ofSeq
