namespace Deeplay.Core

open System
open System.Globalization
open System.Text
open System.Text.Json

/// Specs and steps as JSON.
[<RequireQualifiedAccess>]
module internal SpecWriter =
    let private writeFloat (writer: Utf8JsonWriter) (number: float) =
        if Double.IsFinite number then
            let text = number.ToString("R", CultureInfo.InvariantCulture)
            let isFloat = text.IndexOfAny [| '.'; 'E'; 'e' |] >= 0
            writer.WriteRawValue((if isFloat then text else text + ".0"), true)
        else
            writer.WriteStartObject()
            writer.WriteString("float", number.ToString(CultureInfo.InvariantCulture))
            writer.WriteEndObject()

    let writeObject (writer: Utf8JsonWriter) (content: unit -> unit) =
        writer.WriteStartObject()
        content ()
        writer.WriteEndObject()

    // Half of a surrogate pair has no UTF-8: a writer would put something else in its place.
    let private checkText at (text: string) =
        try
            UTF8Encoding(false, true).GetByteCount text |> ignore
        with :? EncoderFallbackException ->
            Fail.with' (NotSaveable(at, "it holds a text with half of a character."))

    let rec private writeValue (writer: Utf8JsonWriter) (at: Tag) (value: Value) =
        match value with
        | Unset -> writeObject writer (fun () -> writer.WriteBoolean("unset", true))
        | Null -> writer.WriteNullValue()
        | Bool b -> writer.WriteBooleanValue b
        | Int i -> writer.WriteNumberValue i
        | Float f -> writeFloat writer f
        | Text t ->
            checkText at t
            writer.WriteStringValue t
        | List values ->
            writer.WriteStartArray()
            values |> List.iter (writeValue writer at)
            writer.WriteEndArray()
        | Kind definition -> writeObject writer (fun () -> writer.WriteString("kind", definition.Id))
        | Function f -> writeObject writer (fun () -> writer.WriteString("function", f.Id))
        | Module spec ->
            writeObject writer (fun () ->
                writer.WritePropertyName "module"
                writeSpec writer at spec)
        | Opaque o ->
            let kind = if isNull o then "null" else o.GetType().Name
            Fail.with' (NotSaveable(at, $"it holds a .NET object ({kind}) that no registry knows."))

    and private writeArguments (writer: Utf8JsonWriter) (name: string) at (arguments: Map<string, Value>) =
        writer.WritePropertyName name

        writeObject writer (fun () ->
            for KeyValue(name, value) in arguments do
                writer.WritePropertyName name
                writeValue writer at value)

    and private writeChange (writer: Utf8JsonWriter) at change =
        match change with
        | Configure(name, value) ->
            writer.WritePropertyName "configure"

            writeObject writer (fun () ->
                writer.WriteString("name", name)
                writer.WritePropertyName "value"
                writeValue writer at value)
        | Become(kind, arguments) ->
            writer.WritePropertyName "become"

            writeObject writer (fun () ->
                writer.WriteString("kind", kind.Id)
                writeArguments writer "arguments" at arguments)
        | Replace spec ->
            writer.WritePropertyName "replace"
            writeSpec writer at spec
        | MapInputs keys ->
            writer.WriteStartArray "inputs"

            for input, key in keys do
                writeObject writer (fun () ->
                    writer.WriteString("input", input)
                    writer.WriteString("key", key))

            writer.WriteEndArray()
        | MapOutputs keys ->
            writer.WriteStartArray "outputs"

            for key, place in keys do
                writeObject writer (fun () ->
                    writer.WriteString("key", key)
                    writer.WriteNumber("output", place))

            writer.WriteEndArray()
        | Hooked hook ->
            if not hook.Action.Saveable then
                Fail.with' (
                    NotSaveable(at, $"its hook '{hook.Action.Id}' is a function that no registry knows.")
                )

            writer.WritePropertyName "hook"

            writeObject writer (fun () ->
                writer.WriteString("action", hook.Action.Id)

                if hook.Action.Owner <> "" then
                    writer.WriteString("of", hook.Action.Owner)

                writeArguments writer "arguments" at hook.Arguments)

    and writeStep (writer: Utf8JsonWriter) (step: Step) =
        writeObject writer (fun () ->
            writer.WriteStartArray "targets"
            step.Targets |> List.iter (fun tag -> writer.WriteStringValue(string tag))
            writer.WriteEndArray()
            writeChange writer (step.Targets |> List.tryHead |> Option.defaultValue Tag.root) step.Change

            step.Group
            |> Option.iter (fun group ->
                checkText Tag.root group
                writer.WriteString("group", group))

            step.Location
            |> Option.iter (fun at ->
                writer.WriteString("file", at.File)
                writer.WriteNumber("line", at.Line)))

    and writeSpec (writer: Utf8JsonWriter) at (spec: ModuleSpec) =
        writeObject writer (fun () ->
            writer.WriteString("definition", spec.Definition.Id)
            writeArguments writer "arguments" at spec.Arguments

            if not spec.Steps.IsEmpty then
                writer.WriteStartArray "steps"
                spec.Steps |> List.rev |> List.iter (writeStep writer)
                writer.WriteEndArray())
