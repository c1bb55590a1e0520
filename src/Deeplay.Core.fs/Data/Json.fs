namespace Deeplay.Core

open System
open System.Collections.Generic
open System.Globalization
open System.Text.Json

/// A place in a JSON text, written out only where something is wrong there.
[<ReferenceEquality>]
type internal JsonPath =
    | Start of string
    | Field of JsonPath * string
    | Item of JsonPath * int

    /// As it is written: `$.spec.steps[2].targets`.
    member this.Text =
        let rec parts path rest =
            match path with
            | Start text -> text :: rest
            | Field(above, name) -> parts above ("." :: name :: rest)
            | Item(above, place) -> parts above ($"[{place}]" :: rest)

        String.Join("", parts this [])

/// Reading JSON that nobody vouches for: every error names the path, and nothing is passed over in silence.
[<RequireQualifiedAccess>]
module internal Json =
    /// Deep enough for any model, shallow enough for any stack.
    let maxDepth = 256

    /// What is read at most: no spec comes near it.
    let maxBytes = 256 * 1024 * 1024

    let fail (path: JsonPath) expected found = Fail.with' (Malformed(path.Text, expected, found))

    // JSON can spell one half of a surrogate pair, which no text has.
    let private whole path (read: unit -> string) =
        try
            read ()
        with :? InvalidOperationException ->
            fail path "whole characters" "half of a character"

    let private describe (element: JsonElement) =
        match element.ValueKind with
        | JsonValueKind.Object -> "an object"
        | JsonValueKind.Array -> "an array"
        | JsonValueKind.String -> "the text " + element.GetRawText()
        | _ -> element.GetRawText()

    // The fields of an object with their names.
    let private named path (element: JsonElement) =
        if element.ValueKind <> JsonValueKind.Object then fail path "an object" (describe element)

        [
            for field in element.EnumerateObject() do
                whole path (fun () -> field.Name), field.Value
        ]

    /// The fields of an object: those that must be there, those that may. Any other is an error with a suggestion.
    let fields path (needed: string list) (allowed: string list) (element: JsonElement) =
        let found = Dictionary<string, JsonElement>()

        for name, value in named path element do
            if not (List.contains name needed || List.contains name allowed) then
                let known = needed @ allowed
                let expected = "one of the fields " + String.Join(", ", known)
                fail path expected $"the unknown field '{name}'{Nearest.hint name known}"

            if not (found.TryAdd(name, value)) then fail path "every field once" $"'{name}' twice"

        for name in needed do
            if not (found.ContainsKey name) then fail path $"the field '{name}'" "an object without it"

        found

    /// The entries of an object that maps free names.
    let entries path (element: JsonElement) =
        let seen = HashSet<string>()

        [
            for name, value in named path element do
                if not (seen.Add name) then fail path "every name once" $"'{name}' twice"

                name, value
        ]

    let text path (element: JsonElement) =
        if element.ValueKind <> JsonValueKind.String then fail path "a text" (describe element)

        whole path element.GetString

    let int path (element: JsonElement) =
        if element.ValueKind = JsonValueKind.Number && fst (element.TryGetInt32()) then
            element.GetInt32()
        else
            fail path "an int" (describe element)

    /// What `read` makes of each item of an array.
    let items (read: JsonPath -> JsonElement -> 'a) path (element: JsonElement) =
        if element.ValueKind <> JsonValueKind.Array then fail path "an array" (describe element)

        [
            let mutable place = 0

            for item in element.EnumerateArray() do
                read (Item(path, place)) item
                place <- place + 1
        ]

    /// A number as written: with a point or an exponent it is a float, without an int.
    let number path (element: JsonElement) =
        let raw = element.GetRawText()

        if raw.IndexOfAny [| '.'; 'e'; 'E' |] >= 0 then
            Choice2Of2(Double.Parse(raw, NumberStyles.Float, CultureInfo.InvariantCulture))
        else
            match Int64.TryParse(raw, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture) with
            | true, i -> Choice1Of2 i
            | _ -> fail path "an int of at most 64 bits" raw

    /// Parses a text, within the limits.
    let parse (json: string) (read: JsonElement -> 'a) : 'a =
        if json.Length > maxBytes then fail (Start "$") $"at most {maxBytes} characters" $"{json.Length}"

        let options = JsonDocumentOptions(MaxDepth = maxDepth)

        let document =
            try
                JsonDocument.Parse(json, options)
            with
            | :? JsonException as error -> fail (Start "$") "JSON" $"something else: {error.Message}"
            // The text itself, as it stands in memory.
            | :? ArgumentException -> fail (Start "$") "whole characters" "half of a character"

        use document = document
        read document.RootElement
