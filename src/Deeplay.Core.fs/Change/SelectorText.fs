namespace Deeplay.Core

open System

/// Selectors written as text: `encoder|decoder/.../layer[has:bias]#0:2`.
[<RequireQualifiedAccess>]
module SelectorText =
    let private fail text expected found = Fail.with' (Malformed($"selector '{text}'", expected, found))

    /// The parts between separators; what stands in brackets is left alone.
    let private split (separators: string) (text: string) =
        let mutable parts = []
        let mutable stop = text.Length
        let mutable inside = false

        for i in text.Length - 1 .. -1 .. 0 do
            match text[i] with
            | ']' -> inside <- true
            | '[' -> inside <- false
            | letter when not inside && separators.Contains letter ->
                parts <- text[i + 1 .. stop - 1].Trim() :: parts
                stop <- i
            | _ -> ()

        text[.. stop - 1].Trim() :: parts

    let private number text (part: string) =
        match part.Trim(), Number.tryInt part with
        | "", _ -> None
        | _, Some number -> Some number
        | part, None -> fail text "a whole number" $"'{part}'"

    let private slice text (part: string) =
        let number = number text

        match split ":" part with
        | [ one ] -> number one |> Option.map Slice.only |> Option.defaultValue Slice.all
        | [ start; stop ] -> { Slice.all with Start = number start; Stop = number stop }
        | [ start; stop; step ] ->
            match number step with
            | Some 0 -> fail text "a step other than 0" "0"
            | step -> { Start = number start; Stop = number stop; Step = step }
        | _ -> fail text "a slice of at most three numbers" $"'{part}'"

    let private pick text (part: string) =
        match part, Number.tryInt part with
        | "*", _ -> Between Slice.all
        | _, Some place when place < 0 -> At place
        | _ when part.Contains ':' -> Between(slice text part)
        | _ when Tag.isName part -> Named part
        | _ ->
            let expected =
                $"a name ({Tag.nameRule}), a place from the end (-1), a slice of places (0:2), '*' for every child or '...' for any depth"

            fail text expected (if part = "" then "nothing" else $"'{part}'")

    let private filter text (part: string) =
        match split ":" part with
        | [ kind ] when kind <> "" -> OfKind kind
        | [ "has"; name ] when name <> "" -> Having name
        | _ -> fail text "a filter, '[Linear]' for a kind or '[has:bias]' for a parameter or method" $"'[{part}]'"

    /// What stands before the filters, and these.
    let private filters text (part: string) =
        match part.IndexOf '[' with
        | -1 -> part, []
        | first when part.EndsWith ']' ->
            let inside = part[first + 1 .. part.Length - 2].Split ']' |> List.ofArray

            let read i (one: string) =
                match one.Trim() with
                | one when i = 0 -> filter text one
                | one when one.StartsWith '[' -> filter text (one.Substring 1)
                | _ -> fail text "filters one after another" $"'{part}'"

            part[.. first - 1].Trim(), List.mapi read inside
        | _ -> fail text "nothing behind a filter but '#'" $"'{part}'"

    let private choice text (part: string) =
        let picks, which =
            match split "#" part with
            | [ picks ] -> picks, None
            | [ picks; which ] when not (which.Contains '[') -> picks, Some(slice text which)
            | [ _; _ ] -> fail text "a filter before '#'" $"'{part}'"
            | _ -> fail text "one '#'" $"'{part}'"

        let names, filters = filters text picks

        {
            AnyOf =
                if names = "" && not filters.IsEmpty then
                    [ Between Slice.all ]
                else
                    split "|" names |> List.map (pick text)
            Only = filters
            Which = which
        }

    let private isAnyDepth (part: string) =
        part.StartsWith("...", StringComparison.Ordinal) || part.StartsWith("**", StringComparison.Ordinal)

    /// One segment of a selector.
    let private segment text (part: string) : Segment =
        if isAnyDepth part then
            match filters text part with
            | ("..." | "**"), filters -> AnyDepth filters
            | _ -> fail text "'/' after '...'" $"'{part}'"
        else
            OneFrom(split "," part |> List.map (choice text))

    /// Reads a selector. Segments stand between slashes; a dot between names separates them too, as in a tag. The
    /// empty text selects the root.
    let parse (text: string) : Selector =
        if isNull text then
            Fail.with' (Malformed("selector", "a text such as 'blocks/0', or \"\" for the module itself", "null"))
        elif String.IsNullOrWhiteSpace text then
            []
        else
            split "/" text
            |> List.collect (fun part -> if isAnyDepth part then [ part ] else split "." part)
            |> List.map (fun part ->
                if part = "" then
                    fail text "a name, a place, a slice, '*' or '...'" "nothing"
                else
                    segment text part)
