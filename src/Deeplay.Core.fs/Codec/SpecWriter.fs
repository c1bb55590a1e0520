namespace Deeplay.Core

open System
open System.Buffers
open System.Collections.Generic
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

    /// Writes to JSON. One id is one definition's: another of the same id would come back as the first.
    [<Sealed>]
    type Writer(json: Utf8JsonWriter) =
        let definitions = Dictionary<string, Definition>()
        let actions = Dictionary<struct (string * string), ActionDefinition>()
        let tagText = ArrayBufferWriter<char>()

        /// The module that is being written, for errors.
        member val At = Tag.root with get, set

        member private this.CheckId (known: Dictionary<'id, 'thing>) (id: 'id) (thing: 'thing) what =
            if not (known.TryAdd(id, thing)) && not (obj.ReferenceEquals(known[id], thing)) then
                let problem = $"it holds two different {what}, which would come back as one."
                Fail.with' (NotSaveable(this.At, problem))

        member private this.WriteDefinition(definition: Definition) =
            this.CheckId definitions definition.Id definition $"definitions with the id '{definition.Id}'"
            json.WriteStringValue definition.Id

        member private this.WriteAction(action: ActionDefinition) =
            if not action.Saveable then
                let problem = $"its hook '{action.Id}' is a function that no registry knows."
                Fail.with' (NotSaveable(this.At, problem))

            let id = struct (action.Owner, action.Id)
            this.CheckId actions id action $"actions with the id '{action.Id}'"
            json.WriteStringValue action.Id

        member private _.Field (name: string) (write: 'a -> unit) value =
            json.WritePropertyName name
            write value

        member private _.Items (write: 'a -> unit) (items: 'a list) =
            json.WriteStartArray()
            List.iter write items
            json.WriteEndArray()

        member private this.Tagged name write value = writeObject json (fun () -> this.Field name write value)

        // A selection may have tens of thousands of targets: no text is made for each.
        member private _.WriteTag(tag: Tag) =
            tagText.ResetWrittenCount()
            tag.WriteTo tagText
            json.WriteStringValue tagText.WrittenSpan

        member private this.WriteValue(value: Value) =
            match value with
            | Unset -> this.Tagged "unset" json.WriteBooleanValue true
            | Null -> json.WriteNullValue()
            | Bool b -> json.WriteBooleanValue b
            | Int i -> json.WriteNumberValue i
            | Float f -> writeFloat json f
            | Text t ->
                checkText this.At t
                json.WriteStringValue t
            | List values -> this.Items this.WriteValue values
            | Kind definition -> this.Tagged "kind" this.WriteDefinition definition
            | Function f -> this.Tagged "function" (fun (id: string) -> json.WriteStringValue id) f.Id
            | Module spec -> this.Tagged "module" this.Spec spec
            | Action action -> Fail.with' (NotSaveable(this.At, $"it holds the action '{action.Id}' as a value."))
            | Opaque o ->
                let kind = if isNull o then "null" else o.GetType().Name
                Fail.with' (NotSaveable(this.At, $"it holds a .NET object ({kind}) that no registry knows."))

        member private this.WriteArguments(arguments: Map<string, Value>) =
            writeObject json (fun () ->
                for KeyValue(name, value) in arguments do
                    this.Field name this.WriteValue value)

        member private this.WritePart(part: JsonPart) =
            match part with
            | JsonPart.Value value -> this.WriteValue value
            | JsonPart.Definition definition -> this.WriteDefinition definition
            | JsonPart.Action action -> this.WriteAction action
            | JsonPart.Arguments arguments -> this.WriteArguments arguments
            | JsonPart.Spec spec -> this.Spec spec
            | JsonPart.List parts -> this.Items this.WritePart parts
            | JsonPart.Object fields ->
                writeObject json (fun () ->
                    for name, part in fields do
                        this.Field name this.WritePart part)

        /// A step as JSON.
        member this.Step(step: Step) =
            let outside = this.At

            // Within an argument, the tags are of another tree: errors name the module that holds the argument.
            if outside.Depth = 0 then this.At <- step.Targets |> List.tryHead |> Option.defaultValue Tag.root

            writeObject json (fun () ->
                step.Targets |> this.Field "targets" (this.Items this.WriteTag)

                this.Field step.Change.Verb.Id this.WritePart (step.Change.Verb.Write step.Change)

                step.Group
                |> Option.iter (fun group ->
                    checkText Tag.root group
                    json.WriteString("group", group))

                if step.Continues then json.WriteBoolean("continues", true)

                step.Location
                |> Option.iter (fun at ->
                    json.WriteString("file", at.File)
                    json.WriteNumber("line", at.Line)))

            this.At <- outside

        /// A spec as JSON, with its tape.
        member this.Spec(spec: ModuleSpec) =
            writeObject json (fun () ->
                this.Field "definition" this.WriteDefinition spec.Definition
                this.Field "arguments" this.WriteArguments spec.Arguments

                if not spec.Steps.IsEmpty then this.Field "steps" (this.Items this.Step) (List.rev spec.Steps))
