namespace Deeplay.Torch

open System
open System.Collections.Generic
open System.IO
open System.Text
open System.Text.Encodings.Web
open System.Text.Json
open Deeplay.Core

/// Rules of names, one after another: each takes what the one before it gave. As JSON they can be kept in a file:
/// `[{"prefix": "module.", "becomes": ""}, {"name": "a", "becomes": "b"}, {"pattern": "*.gamma", "becomes": "*.weight"},
/// {"regex": "…", "becomes": "$1"}, {"drop": "head.*"}, {"drop_if_any": "*.mask"}, {"transpose": "*.c_fc.weight"},
/// {"unsqueeze": "wpe.weight", "dim": 0}, {"split": "*.qkv", "dim": 0, "becomes": ["*.q", "*.k", "*.v"]}]`.
[<RequireQualifiedAccess>]
module NameMap =
    /// No name becomes another.
    let empty: NameRule list = []

    let private options = JsonWriterOptions(Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping)

    /// The rules as a JSON text.
    let toJson (rules: NameRule list) : string =
        use stream = new MemoryStream()

        using (new Utf8JsonWriter(stream, options)) (fun writer ->
            writer.WriteStartArray()

            for rule in rules do
                writer.WriteStartObject()

                let write (key: string) (text: string) (becomes: string) =
                    writer.WriteString(key, text)
                    writer.WriteString("becomes", becomes)

                match rule with
                | Rename(name, becomes) -> write "name" name becomes
                | ReplacePrefix(prefix, becomes) -> write "prefix" prefix becomes
                | ReplacePattern(pattern, becomes) -> write "pattern" pattern becomes
                | ReplaceRegex(expression, becomes) -> write "regex" expression becomes
                | DropNames pattern -> writer.WriteString("drop", pattern)
                | DropNamesIfAny pattern -> writer.WriteString("drop_if_any", pattern)
                | TransposePattern pattern -> writer.WriteString("transpose", pattern)
                | UnsqueezePattern(pattern, dim) ->
                    writer.WriteString("unsqueeze", pattern)
                    writer.WriteNumber("dim", dim)
                | SplitPattern(pattern, dim, becomes) ->
                    writer.WriteString("split", pattern)
                    writer.WriteNumber("dim", dim)
                    writer.WriteStartArray "becomes"
                    List.iter (fun (part: string) -> writer.WriteStringValue part) becomes
                    writer.WriteEndArray()

                writer.WriteEndObject()

            writer.WriteEndArray())

        Encoding.UTF8.GetString(stream.ToArray())

    let private readRule where (element: JsonElement) : NameRule =
        let wrong () =
            let expected =
                "a rule: name, prefix, pattern or regex with becomes; split with dim and becomes; unsqueeze with dim; drop, drop_if_any or transpose alone"

            Fail.with' (Malformed(where, expected, element.GetRawText()))

        if element.ValueKind <> JsonValueKind.Object then wrong ()
        let fields = [ for field in element.EnumerateObject() -> field.Name, field.Value ]

        let text (value: JsonElement) =
            if value.ValueKind <> JsonValueKind.String then wrong ()
            value.GetString()

        let whole (value: JsonElement) =
            match value.ValueKind = JsonValueKind.Number && value.TryGetInt32() |> fst, value with
            | true, value -> value.GetInt32()
            | _ -> wrong ()

        let texts (value: JsonElement) =
            if value.ValueKind <> JsonValueKind.Array then wrong ()
            [ for part in value.EnumerateArray() -> text part ]

        match List.sortBy (fun (name, _) -> name = "becomes", name = "dim") fields with
        | [ "name", name; "becomes", becomes ] -> Rename(text name, text becomes)
        | [ "prefix", prefix; "becomes", becomes ] -> ReplacePrefix(text prefix, text becomes)
        | [ "pattern", pattern; "becomes", becomes ] -> ReplacePattern(text pattern, text becomes)
        | [ "regex", expression; "becomes", becomes ] -> ReplaceRegex(text expression, text becomes)
        | [ "drop", pattern ] -> DropNames(text pattern)
        | [ "drop_if_any", pattern ] -> DropNamesIfAny(text pattern)
        | [ "transpose", pattern ] -> TransposePattern(text pattern)
        | [ "unsqueeze", pattern; "dim", dim ] -> UnsqueezePattern(text pattern, whole dim)
        | [ "split", pattern; "dim", dim; "becomes", becomes ] -> SplitPattern(text pattern, whole dim, texts becomes)
        | _ -> wrong ()

    let private read (where: string) (json: string) : NameRule list =
        try
            use document = JsonDocument.Parse(json, JsonDocumentOptions(MaxDepth = 8))

            if document.RootElement.ValueKind <> JsonValueKind.Array then
                Fail.with' (Malformed(where, "a list of rules", document.RootElement.GetRawText()))

            [
                for i, element in Seq.indexed (document.RootElement.EnumerateArray()) ->
                    readRule $"{where}, {i}" element
            ]
        with
        | :? JsonException as error -> Fail.with' (Malformed(where, "JSON", error.Message))
        | :? InvalidOperationException -> Fail.with' (Malformed(where, "whole characters", "half of a character"))

    /// The rules that a JSON text describes.
    let ofJson (json: string) : NameRule list =
        if isNull json then Fail.with' (Malformed("names", "JSON", "null"))
        read "names" json

    /// Writes the rules to a file of JSON, which appears whole or not at all.
    let save (path: string) (rules: NameRule list) : unit =
        WholeFile.write path (fun file -> file.Write(ReadOnlySpan(Encoding.UTF8.GetBytes(toJson rules))))

    /// Reads the rules of a file of JSON.
    let load (path: string) : NameRule list =
        use file = Safetensors.opened path
        use reader = new StreamReader(file)
        read path (reader.ReadToEnd())

    /// What becomes of names and their tensors, in their order, without those that are left out; and the rules that spoke of none. Two
    /// that become one are an error of `where`.
    let internal apply
        (where: string)
        (rules: NameRule list)
        (names: string list)
        : (string * (string * TensorChange list)) list * NameRule list =
        let compiled = rules |> List.map NameRule.compile |> List.indexed
        let used = HashSet<int>()

        let become name =
            let step current (i, rule) =
                [
                    for name, changes in current do
                        match rule name with
                        | Some becomes ->
                            used.Add i |> ignore

                            for name, more in becomes do
                                name, changes @ more
                        | None -> name, changes
                ]

            List.fold step [ name, [] ] compiled

        let changed = names |> List.collect (fun name -> become name |> List.map (fun changed -> name, changed))

        let problems =
            [
                for changed, group in List.groupBy (snd >> fst) changed do
                    if group.Length > 1 then
                        let names = Error.list [ for name, _ in group -> $"'{name}'" ]
                        Malformed($"{where}, names", $"one tensor for '{changed}'", names)
            ]

        if not problems.IsEmpty then Fail.withAll problems

        changed,
        [
            for i, rule in List.indexed rules do
                if not (used.Contains i || rule.IsDropNamesIfAny) then rule
        ]
