namespace Deeplay.Torch

open System.IO
open System.Text
open System.Text.Json
open Deeplay.Core

/// The shapes of an application's inputs in a checkpoint: of one input its sizes with commas between them, under `input_shape`;
/// of several, or of named ones, a JSON array of objects with `name` and `shape`, under `input_shapes`.
module internal InputShapeText =
    let private oneKey = "deeplay.input_shape"
    let private severalKey = "deeplay.input_shapes"

    let private readOne path (text: string) : InputShape list =
        let sizes = if text = "" then [] else text.Split ',' |> List.ofArray |> List.map (PositionText.tryNumber 1L)

        if List.contains None sizes then
            Fail.with' (Malformed($"{path}, {oneKey}", "positive sizes", $"'{text}'"))

        [ InputShape.create "" (List.choose id sizes) ]

    let private size path (element: JsonElement) =
        match element.ValueKind, lazy Json.number path element with
        | JsonValueKind.Number, Lazy(Choice1Of2 size) when size >= 1L -> size
        | _ -> Json.fail path "a positive size" (element.GetRawText())

    let private input path (element: JsonElement) : InputShape =
        let fields = Json.fields path [ "name"; "shape" ] [] element

        InputShape.create
            (Json.text (Field(path, "name")) fields["name"])
            (Json.items size (Field(path, "shape")) fields["shape"])

    let private readSeveral path (text: string) : InputShape list =
        match Fail.catch (fun () -> Json.parse text (Json.items input (Start "$"))) with
        | Ok(_ :: _ as inputs) -> inputs
        | Ok [] -> Fail.with' (Malformed($"{path}, {severalKey}", "at least one input", "none"))
        | Error errors ->
            let found = errors |> List.map Error.describe |> String.concat " "
            Fail.with' (Malformed($"{path}, {severalKey}", "inputs with names and shapes", found))

    let private write (inputs: InputShape list) : string =
        use bytes = new MemoryStream()

        using (new Utf8JsonWriter(bytes)) (fun json ->
            json.WriteStartArray()

            for input in inputs do
                json.WriteStartObject()
                json.WriteString("name", input.Name)
                json.WriteStartArray "shape"
                input.Shape |> List.iter json.WriteNumberValue
                json.WriteEndArray()
                json.WriteEndObject()

            json.WriteEndArray())

        Encoding.UTF8.GetString(bytes.ToArray())

    /// The entry of these inputs, which a forward pass takes by keys where `isKeyed`.
    let entry (isKeyed: bool) (inputs: InputShape list) : string * string =
        match inputs with
        | [ only ] when not isKeyed -> oneKey, only.Shape |> List.map string |> String.concat ","
        | several -> severalKey, write several

    /// The inputs in a checkpoint's texts.
    let read path (metadata: Map<string, string>) : InputShape list =
        match metadata.TryFind oneKey, metadata.TryFind severalKey with
        | Some text, None -> readOne path text
        | None, Some text -> readSeveral path text
        | None, None -> Fail.with' (Malformed(path, $"the entry '{oneKey}' of a checkpoint", "a file without it"))
        | Some _, Some _ -> Fail.with' (Malformed(path, $"'{oneKey}' or '{severalKey}'", "both"))
