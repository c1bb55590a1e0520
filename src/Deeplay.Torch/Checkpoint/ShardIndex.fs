namespace Deeplay.Torch

open System
open System.Collections.Generic
open System.IO
open System.Text
open System.Text.Encodings.Web
open System.Text.Json
open Deeplay.Core

/// Which of several safetensors files each tensor is in. The format is Hugging Face's: `model.safetensors.index.json`, with
/// `metadata.total_size` in bytes and `weight_map`.
type internal ShardIndex =
    {
        /// The bytes of all tensors; None where the file does not tell.
        TotalSize: int64 option
        /// What was saved at once has one, in the index and in each shard; what others wrote has none.
        Save: string option
        /// From the name of a tensor to that of a file beside the index.
        Files: Map<string, string>
    }

module internal ShardIndex =
    /// What follows the path of a single file.
    let extension = ".index.json"

    /// Under which text a file says with which others it was saved.
    let saveKey = "deeplay.save"

    // As long as a header of safetensors may be.
    let private maxLength = 100_000_000L

    let private options = JsonWriterOptions(Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping)

    /// The index as JSON.
    let write (index: ShardIndex) : byte[] =
        use stream = new MemoryStream()

        using (new Utf8JsonWriter(stream, options)) (fun writer ->
            writer.WriteStartObject()
            writer.WriteStartObject "metadata"
            index.Save |> Option.iter (fun save -> writer.WriteString(saveKey, save))
            index.TotalSize |> Option.iter (fun size -> writer.WriteNumber("total_size", size))
            writer.WriteEndObject()
            writer.WriteStartObject "weight_map"
            index.Files |> Map.iter (fun name file -> writer.WriteString(name, file))
            writer.WriteEndObject()
            writer.WriteEndObject())

        stream.ToArray()

    let private fail path expected found = Fail.with' (Malformed(path, expected, found))

    // A file beside the index or below it, and nowhere else on any system.
    let private checkFile path (file: string) =
        let isPart (part: string) = part <> "" && part <> "." && part <> ".."
        let wrong = [| '\\'; ':'; yield! Path.GetInvalidPathChars() |]

        if file.IndexOfAny wrong >= 0 || not (Array.forall isPart (file.Split '/')) then
            fail path "a file within the folder of the index" $"'{file}'"

    let private readText path (element: JsonElement) =
        if element.ValueKind <> JsonValueKind.String then fail path "a text" (element.GetRawText())
        element.GetString()

    // Some wrote it as a number with a fraction of nothing.
    let private readSize path (element: JsonElement) =
        let isNumber, size = if element.ValueKind = JsonValueKind.Number then element.TryGetDecimal() else false, 0m

        if not isNumber || size < 0m || size > decimal Int64.MaxValue || size <> Math.Truncate size then
            fail path "a whole number of at least 0" (element.GetRawText())

        int64 size

    let private parse path (json: byte[]) : ShardIndex =
        // JsonDocument takes invalid UTF-8 in texts until it is read: decode all of it first.
        use document = JsonDocument.Parse(UTF8Encoding(false, true).GetString json, JsonDocumentOptions(MaxDepth = 8))
        let all = SafetensorsHeader.fields path "an object with weight_map" document.RootElement
        let part name = all |> List.tryFind (fst >> (=) name) |> Option.map snd

        let metadata =
            match part "metadata" with
            | Some metadata -> Map.ofList (SafetensorsHeader.fields $"{path}, metadata" "an object" metadata)
            | None -> Map.empty

        let map =
            match part "weight_map" with
            | Some map -> SafetensorsHeader.fields $"{path}, weight_map" "an object of texts" map
            | None -> fail path "an object with weight_map" "one without it"

        {
            TotalSize = metadata.TryFind "total_size" |> Option.map (readSize $"{path}, total_size")
            Save = metadata.TryFind saveKey |> Option.map (readText $"{path}, {saveKey}")
            Files =
                Map.ofList
                    [
                        for name, value in map do
                            let where = $"{path}, {name}"
                            let file = readText where value
                            checkFile where file
                            name, file
                    ]
        }

    /// Reads an index. What is wrong with it is a typed error that names the place in it.
    let read (path: string) : ShardIndex =
        use file = Safetensors.opened path

        if file.Length > maxLength then
            fail path $"an index of at most {maxLength} bytes" $"{file.Length} bytes"

        let json = Array.zeroCreate (int file.Length)
        file.ReadExactly(json, 0, json.Length)

        try
            parse path json
        with
        | :? JsonException as error -> fail path "JSON" error.Message
        | :? DecoderFallbackException -> fail path "UTF-8" "bytes that are none"
        | :? InvalidOperationException -> fail path "whole characters" "half of a character"
