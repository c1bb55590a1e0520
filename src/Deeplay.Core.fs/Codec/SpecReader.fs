namespace Deeplay.Core

open System
open System.Text.Json

/// Specs and steps from JSON, by the ids of a registry and nothing else.
[<RequireQualifiedAccess>]
module internal SpecReader =
    let private find path what (known: Map<string, 'a>) (id: string) =
        match Map.tryFind id known with
        | Some found -> found
        | None ->
            let near = Nearest.names id (Map.keys known)

            let hint =
                if near.IsEmpty then
                    ""
                else
                    " (near it: " + String.Join(", ", near) + ")"

            Json.fail path $"a {what} of the registry" $"'{id}'{hint}"

    let private checkNames path (signature: Signature) kind (arguments: (string * 'a) list) =
        for name, _ in arguments do
            if not (signature.Has name) then
                let near = Nearest.names name signature.Names

                let hint =
                    if near.IsEmpty then
                        ""
                    else
                        " (near it: " + String.Join(", ", near) + ")"

                Json.fail path $"a parameter of {kind}" $"'{name}'{hint}"

    let rec private readValue (registry: Registry) path (element: JsonElement) : Value =
        match element.ValueKind with
        | JsonValueKind.Null -> Null
        | JsonValueKind.True -> Bool true
        | JsonValueKind.False -> Bool false
        | JsonValueKind.Number -> Json.number path element
        | JsonValueKind.String -> Text(Json.text path element)
        | JsonValueKind.Array -> Json.items (readValue registry) path element |> List
        | _ ->
            match Json.entries path element with
            | [ "unset", value ] when value.ValueKind = JsonValueKind.True -> Unset
            | [ "float", value ] ->
                match Json.text path value with
                | "NaN" -> Float nan
                | "Infinity" -> Float infinity
                | "-Infinity" -> Float -infinity
                | other -> Json.fail path "NaN, Infinity or -Infinity" other
            | [ "kind", value ] -> Kind(find path "definition" registry.Definitions (Json.text path value))
            | [ "function", value ] ->
                Function(find path "function" registry.Functions (Json.text path value))
            | [ "module", value ] -> Module(readSpec registry (Field(path, "module")) value)
            | _ -> Json.fail path "a value: one of unset, float, kind, function, module" "another object"

    and private readArguments registry path (element: JsonElement) =
        Json.entries path element
        |> List.map (fun (name, value) -> name, readValue registry (Field(path, name)) value)

    and private readHook registry path element : Hook =
        let fields = Json.fields path [ "action"; "arguments" ] [ "of" ] element
        let id = Json.text (Field(path, "action")) fields["action"]

        let action =
            match fields.TryGetValue "of" with
            | true, owner ->
                let owner =
                    find
                        (Field(path, "of"))
                        "definition"
                        registry.Definitions
                        (Json.text (Field(path, "of")) owner)

                match owner.Methods.TryFind id, owner.Styles.TryFind id with
                | Some action, _
                | None, Some action -> action
                | None, None -> find (Field(path, "action")) $"method or style of {owner.Id}" owner.Methods id
            | _ -> find (Field(path, "action")) "action" registry.Actions id

        let arguments =
            readArguments registry (Field(path, "arguments")) fields["arguments"]

        checkNames (Field(path, "arguments")) action.Signature action.Id arguments

        {
            Action = action
            Arguments = Map.ofList arguments
        }

    and readStep registry path element : Step =
        let kinds = [ "configure"; "become"; "replace"; "hook"; "inputs"; "outputs" ]

        let fields =
            Json.fields path [ "targets" ] (kinds @ [ "group"; "file"; "line" ]) element

        let change =
            match kinds |> List.filter fields.ContainsKey with
            | [ "configure" ] ->
                let path = Field(path, "configure")
                let fields = Json.fields path [ "name"; "value" ] [] fields["configure"]

                Configure(
                    Json.text (Field(path, "name")) fields["name"],
                    readValue registry (Field(path, "value")) fields["value"]
                )
            | [ "become" ] ->
                let path = Field(path, "become")
                let fields = Json.fields path [ "kind"; "arguments" ] [] fields["become"]

                let kind =
                    find
                        (Field(path, "kind"))
                        "definition"
                        registry.Definitions
                        (Json.text (Field(path, "kind")) fields["kind"])

                let arguments =
                    readArguments registry (Field(path, "arguments")) fields["arguments"]

                checkNames (Field(path, "arguments")) kind.Signature kind.Id arguments
                Become(kind, Map.ofList arguments)
            | [ "replace" ] -> Replace(readSpec registry (Field(path, "replace")) fields["replace"])
            | [ "inputs" ] ->
                let readInput path item =
                    let entry = Json.fields path [ "input"; "key" ] [] item

                    Json.text (Field(path, "input")) entry["input"],
                    Json.text (Field(path, "key")) entry["key"]

                MapInputs(Json.items readInput (Field(path, "inputs")) fields["inputs"])
            | [ "outputs" ] ->
                let readOutput path item =
                    let entry = Json.fields path [ "key"; "output" ] [] item

                    Json.text (Field(path, "key")) entry["key"],
                    Json.int (Field(path, "output")) entry["output"]

                MapOutputs(Json.items readOutput (Field(path, "outputs")) fields["outputs"])
            | [ "hook" ] -> Hooked(readHook registry (Field(path, "hook")) fields["hook"])
            | _ -> Json.fail path ("one of " + String.Join(", ", kinds)) "none or several"

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
            Location =
                match fields.TryGetValue "file", fields.TryGetValue "line" with
                | (true, file), (true, line) ->
                    Some
                        {
                            File = Json.text (Field(path, "file")) file
                            Line = Json.int (Field(path, "line")) line
                        }
                | (false, _), (false, _) -> None
                | _ -> Json.fail path "a file and a line" "one of them"
        }

    and readSpec registry path element : ModuleSpec =
        let fields = Json.fields path [ "definition"; "arguments" ] [ "steps" ] element

        let definition =
            find
                (Field(path, "definition"))
                "definition"
                registry.Definitions
                (Json.text (Field(path, "definition")) fields["definition"])

        let arguments =
            readArguments registry (Field(path, "arguments")) fields["arguments"]

        // A name that is no parameter's may be one that `prepare` knows.
        if arguments |> List.exists (fun (name, _) -> not (definition.Signature.Has name)) then
            definition.Prepare(Map.ofList arguments)
            |> Map.toList
            |> checkNames (Field(path, "arguments")) definition.Signature definition.Id

        let steps =
            match fields.TryGetValue "steps" with
            | true, steps -> Json.items (readStep registry) (Field(path, "steps")) steps
            | _ -> []

        steps
        |> List.fold (fun spec step -> Spec.record step spec) (Spec.create definition (Map.ofList arguments))
