namespace Deeplay.Core

open System
open System.Text.Json

/// Specs and steps from JSON, by the ids of a registry and nothing else.
[<RequireQualifiedAccess>]
module internal SpecReader =
    let private find path what (known: Map<string, 'a>) (id: string) =
        match Map.tryFind id known with
        | Some found -> found
        | None -> Json.fail path $"a {what} of the registry" $"'{id}'{Nearest.hint id (Map.keys known)}"

    let private checkNames path (signature: Signature) kind (names: string seq) =
        for name in names do
            if not (signature.Has name) then
                Json.fail path $"a parameter of {kind}" $"'{name}'{Nearest.hint name signature.Names}"

    /// Reads from JSON, by the ids of a registry.
    [<Sealed>]
    type Reader(registry: Registry) =
        member private this.Value(path, element: JsonElement) : Value =
            match element.ValueKind with
            | JsonValueKind.Null -> Null
            | JsonValueKind.True -> Bool true
            | JsonValueKind.False -> Bool false
            | JsonValueKind.Number ->
                match Json.number path element with
                | Choice1Of2 number -> Int number
                | Choice2Of2 number -> Float number
            | JsonValueKind.String -> Text(Json.text path element)
            | JsonValueKind.Array -> Json.items (fun path item -> this.Value(path, item)) path element |> List
            | _ ->
                match Json.entries path element with
                | [ "unset", value ] when value.ValueKind = JsonValueKind.True -> Unset
                | [ "float", value ] ->
                    match Json.text path value with
                    | "NaN" -> Float nan
                    | "Infinity" -> Float infinity
                    | "-Infinity" -> Float -infinity
                    | other -> Json.fail path "NaN, Infinity or -Infinity" other
                | [ "kind", value ] -> Kind(this.Definition(path, value))
                | [ "function", value ] -> Function(find path "function" registry.Functions (Json.text path value))
                | [ "module", value ] -> Module(this.Spec(Field(path, "module"), value))
                | _ -> Json.fail path "a value: one of unset, float, kind, function, module" "another object"

        member private _.Definition(path, element: JsonElement) =
            find path "definition" registry.Definitions (Json.text path element)

        member private this.Arguments(path, element: JsonElement) =
            Json.entries path element
            |> List.map (fun (name, value) -> name, this.Value(Field(path, name), value))
            |> Map.ofList

        interface IReadJson with
            member this.Value(path, element) = this.Value(path, element)
            member this.Definition(path, element) = this.Definition(path, element)
            member this.Spec(path, element) = this.Spec(path, element)

            member this.Arguments(path, id, signature, element) =
                let arguments = this.Arguments(path, element)
                checkNames path signature id arguments.Keys
                arguments

            member _.Action(path, owner, element) =
                let id = Json.text path element

                match owner with
                | None -> find path "action" registry.Actions id
                | Some owner ->
                    match owner.Methods.TryFind id, owner.Styles.TryFind id with
                    | Some action, _
                    | None, Some action -> action
                    | None, None -> find path $"method or style of {owner.Id}" owner.Methods id

        /// The step that an object describes.
        member this.Step(path, element: JsonElement) : Step =
            let ids = Verbs.all |> List.map (fun verb -> verb.Id)

            let fields = Json.fields path [ "targets" ] (ids @ [ "group"; "continues"; "file"; "line" ]) element

            let change =
                match Verbs.all |> List.filter (fun verb -> fields.ContainsKey verb.Id) with
                | [ verb ] ->
                    let subject, arguments = verb.Read this (Field(path, verb.Id)) fields[verb.Id]
                    { Verb = verb; Subject = subject; Arguments = arguments }
                | _ -> Json.fail path ("one of " + String.Join(", ", ids)) "none or several"

            {
                Targets =
                    Json.items
                        (fun path item -> Tag.parse (Json.text path item))
                        (Field(path, "targets"))
                        fields["targets"]
                Change = change
                Group =
                    match fields.TryGetValue "group" with
                    | true, group -> Some(Json.text (Field(path, "group")) group)
                    | _ -> None
                Continues =
                    match fields.TryGetValue "continues" with
                    | true, value when value.ValueKind = JsonValueKind.True -> true
                    | true, _ -> Json.fail (Field(path, "continues")) "true" "another value"
                    | _ -> false
                Location =
                    match fields.TryGetValue "file", fields.TryGetValue "line" with
                    | (true, file), (true, line) ->
                        Some { File = Json.text (Field(path, "file")) file; Line = Json.int (Field(path, "line")) line }
                    | (false, _), (false, _) -> None
                    | _ -> Json.fail path "a file and a line" "one of them"
            }

        /// The spec that an object describes.
        member this.Spec(path, element: JsonElement) : ModuleSpec =
            let fields = Json.fields path [ "definition"; "arguments" ] [ "steps" ] element

            let definition = this.Definition(Field(path, "definition"), fields["definition"])
            let arguments = this.Arguments(Field(path, "arguments"), fields["arguments"])

            // A name that is no parameter's may be one that `prepare` knows.
            if arguments.Keys |> Seq.exists (definition.Signature.Has >> not) then
                checkNames
                    (Field(path, "arguments"))
                    definition.Signature
                    definition.Id
                    (definition.Prepare arguments).Keys

            let steps =
                match fields.TryGetValue "steps" with
                | true, steps -> Json.items (fun path item -> this.Step(path, item)) (Field(path, "steps")) steps
                | _ -> []

            steps |> List.fold (fun spec step -> Spec.record step spec) (Spec.create definition arguments)
