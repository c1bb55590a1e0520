namespace Deeplay.Core

open System
open System.Buffers
open System.Text
open System.Text.Json

/// Specs and tapes as JSON and back. What is read refers to definitions, actions and functions by the ids of the
/// registry that is given, and to nothing else: reading runs no code.
[<RequireQualifiedAccess>]
module Codec =
    /// The version of the schema that is written, and the only one that is read.
    let schema = 1

    // Room for these steps: a selection may well have tens of thousands of targets, and a buffer that grows is copied.
    let private room (steps: Step list) = 1024 + (steps |> List.sumBy (fun step -> 128 + 40 * step.Targets.Length))

    let private write (steps: Step list) (content: Utf8JsonWriter -> unit) =
        Fail.catch (fun () ->
            let buffer = ArrayBufferWriter<byte>(room steps)
            use writer = new Utf8JsonWriter(buffer, JsonWriterOptions(MaxDepth = Json.maxDepth))

            let document () =
                SpecWriter.writeObject writer (fun () ->
                    writer.WriteNumber("schema", schema)
                    content writer)

            try
                document ()
            with :? InvalidOperationException when writer.CurrentDepth >= Json.maxDepth ->
                let problem = $"it is nested more than {Json.maxDepth} levels deep, as JSON counts them."

                Fail.with' (NotSaveable(Tag.root, problem))

            writer.Flush()
            Encoding.UTF8.GetString buffer.WrittenSpan)

    /// The spec with its tape as JSON. A spec that holds a function or an object without a name can't be saved: the
    /// error names it.
    let encode (spec: ModuleSpec) : Result<string, Error list> =
        write spec.Steps (fun writer ->
            writer.WritePropertyName "spec"
            SpecWriter.Writer(writer).Spec spec)

    /// A tape as JSON, the oldest step first.
    let encodeTape (steps: Step list) : Result<string, Error list> =
        write steps (fun writer ->
            writer.WriteStartArray "steps"
            steps |> List.iter (SpecWriter.Writer(writer).Step)
            writer.WriteEndArray())

    let private readDocument field json (read: JsonPath -> JsonElement -> 'a) =
        Fail.catch (fun () ->
            Json.parse json (fun root ->
                let fields = Json.fields (Start "$") [ "schema"; field ] [] root

                match Json.int (Start "$.schema") fields["schema"] with
                | version when version = schema -> read (Field(Start "$", field)) fields[field]
                | other -> Json.fail (Start "$.schema") $"schema version {schema}" (string other)))

    /// The spec that a JSON text describes. All ids must be in the registry; unknown ids, fields and versions are
    /// errors that name the path.
    let decode (registry: Registry) (json: string) : Result<ModuleSpec, Error list> =
        readDocument "spec" json (fun path element -> SpecReader.Reader(registry).Spec(path, element))

    /// The tape that a JSON text describes.
    let decodeTape (registry: Registry) (json: string) : Result<Step list, Error list> =
        readDocument "steps" json (Json.items (fun path item -> SpecReader.Reader(registry).Step(path, item)))
