namespace Deeplay.Core

open System
open System.Text.Json

/// What of a module settings may be about, besides its parameters.
[<RequireQualifiedAccess>]
module Aspects =
    /// Another kind of module, or another module, in its place.
    let kind = Aspect "kind"

    /// Actions that run at a stage of its life.
    let hooks = Aspect "hooks"

    /// Which named tensors it takes.
    let inputs = Aspect "inputs"

    /// Which named tensors it gives.
    let outputs = Aspect "outputs"

/// The kinds of changes there are. Each stands here as a whole: how it is made, checked, described, saved, read, and what
/// settings it amounts to.
[<RequireQualifiedAccess>]
module Verbs =
    let private change verb subject arguments : Change =
        { Verb = verb; Subject = subject; Arguments = arguments }

    let private given tag (definition: Definition) (change: Change) =
        { change with Arguments = Checks.given tag definition.Id definition.Signature change.Arguments }

    // --- A parameter is set -------------------------------------------------------------------------------------

    let private configuring: Verb =
        let only (change: Change) = Seq.exactlyOne change.Arguments

        {
            Id = "configure"
            Check = given
            Settings =
                fun change -> [ for KeyValue(name, value) in change.Arguments -> Parameter name, Set value ]
            Describe =
                fun change ->
                    let (KeyValue(name, value)) = only change
                    $"{name} = {Value.print value}"
            Write =
                fun change ->
                    let (KeyValue(name, value)) = only change
                    JsonObject [ "name", JsonValue(Text name); "value", JsonValue value ]
            Read =
                fun json path element ->
                    let fields = Json.fields path [ "name"; "value" ] [] element
                    let name = Json.text (Field(path, "name")) fields["name"]
                    Unset, Map.ofList [ name, json.Value(Field(path, "value"), fields["value"]) ]
        }

    /// A parameter is set.
    let configure (name: string) (value: Value) = change configuring Unset (Map.ofList [ name, value ])

    // --- Another kind of module, or another module, takes the place ---------------------------------------------

    let private changingKind: Verb =
        let kind (change: Change) =
            match change.Subject with
            | Kind definition -> definition
            | _ -> invalidOp "A change of kind holds a kind."

        {
            Id = "become"
            Check = fun tag _ change -> given tag (kind change) change
            Settings =
                fun change ->
                    (Aspects.kind, Set change.Subject)
                    :: [ for KeyValue(name, value) in change.Arguments -> Parameter name, Set value ]
            Describe = fun change -> $"become {(kind change).Id}({Value.printArguments change.Arguments})"
            Write =
                fun change ->
                    JsonObject
                        [ "kind", JsonDefinition(kind change); "arguments", JsonArguments change.Arguments ]
            Read =
                fun json path element ->
                    let fields = Json.fields path [ "kind"; "arguments" ] [] element
                    let kind = json.Definition(Field(path, "kind"), fields["kind"])
                    let at = Field(path, "arguments")
                    Kind kind, json.Arguments(at, kind.Id, kind.Signature, fields["arguments"])
        }

    /// Another kind of module takes the place; settings that the new kind has are kept.
    let changeKind (kind: Definition) arguments = change changingKind (Kind kind) arguments

    let private replacing: Verb =
        let other (change: Change) =
            match change.Subject with
            | Module spec -> spec
            | _ -> invalidOp "A replacement holds a module."

        {
            Id = "replace"
            Check = fun _ _ change -> change
            Settings = fun change -> [ Aspects.kind, Set change.Subject ]
            Describe = fun change -> $"replace by {Value.printSpec (other change)}"
            Write = fun change -> JsonSpec(other change)
            Read = fun json path element -> Module(json.Spec(path, element)), Map.empty
        }

    /// Another module takes the place.
    let replace (other: ModuleSpec) = change replacing (Module other) Map.empty

    // --- An action is registered --------------------------------------------------------------------------------

    let private hookOf (change: Change) : Hook =
        match change.Subject with
        | Value.Action action -> { Action = action; Arguments = change.Arguments }
        | _ -> invalidOp "A hook holds an action."

    let private hooking: Verb =
        {
            Id = "hook"
            Check =
                fun tag _ change ->
                    Checks.hook tag (hookOf change) |> ignore
                    change
            Settings = fun change -> [ Aspects.hooks, Run(hookOf change) ]
            Describe = fun change -> $"{Value.print change.Subject}({Value.printArguments change.Arguments})"
            Write =
                fun change ->
                    let hook = hookOf change

                    JsonObject
                        [
                            "action", JsonAction hook.Action
                            if hook.Action.Owner <> "" then "of", JsonValue(Text hook.Action.Owner)
                            "arguments", JsonArguments hook.Arguments
                        ]
            Read =
                fun json path element ->
                    let fields = Json.fields path [ "action"; "arguments" ] [ "of" ] element

                    let owner =
                        match fields.TryGetValue "of" with
                        | true, owner -> Some(json.Definition(Field(path, "of"), owner))
                        | _ -> None

                    let action = json.Action(Field(path, "action"), owner, fields["action"])
                    let at = Field(path, "arguments")
                    Value.Action action, json.Arguments(at, action.Id, action.Signature, fields["arguments"])
        }

    /// An action is registered: it runs at its stage.
    let hook (hook: Hook) = change hooking (Value.Action hook.Action) hook.Arguments

    /// The same, from the action and its arguments.
    let act action arguments = hook { Action = action; Arguments = arguments }

    // --- Named tensors -------------------------------------------------------------------------------------------

    let private pairs (read: Value list -> 'a option) value =
        match value with
        | List items ->
            items
            |> List.choose (fun item ->
                match item with
                | List pair -> read pair
                | _ -> None)
        | _ -> []

    /// Which named tensor each input is: the input's name (or "") and the key.
    let inputPairs =
        pairs (fun pair ->
            match pair with
            | [ Text input; Text key ] -> Some(input, key)
            | _ -> None)

    /// Which named tensor each output is: the key and the output's place.
    let outputPairs =
        pairs (fun pair ->
            match pair with
            | [ Text key; Int place ] -> Some(key, int place)
            | _ -> None)

    /// One input of a map as people write it.
    let inputKey (input, key) = if input = "" then key else $"{input}={key}"

    /// One output of a map as people write it.
    let outputKey (key, place: int) = $"{key}={place}"

    let private textField path element = Text(Json.text path element)
    let private placeField path element = Int(int64 (Json.int path element))

    // A map is a list of pairs; `fields` are the names of their items in JSON, and how each is read.
    let private mapping
        id
        key
        words
        (fields: (string * (JsonPath -> JsonElement -> Value)) list)
        printed
        fault
        =
        {
            Id = id
            Check =
                fun tag definition change ->
                    match fault change.Subject with
                    | None -> change
                    | Some(expected, found) ->
                        Fail.with' (WrongValue(tag, definition.Id, id, expected, found))
            Settings = fun change -> [ key, Set change.Subject ]
            Describe = fun change -> words + " " + String.Join(", ", (printed change.Subject: string list))
            Write =
                fun change ->
                    let entry = List.map2 (fun (name, _) value -> name, JsonValue value) fields
                    JsonList(change.Subject |> pairs (entry >> JsonObject >> Some))
            Read =
                fun _ path element ->
                    let read path item =
                        let entry = Json.fields path (List.map fst fields) [] item
                        List [ for name, read in fields -> read (Field(path, name)) entry[name] ]

                    List(Json.items read path element), Map.empty
        }

    let private mappingInputs =
        mapping
            "inputs"
            Aspects.inputs
            "inputs from"
            [ "input", textField; "key", textField ]
            (inputPairs >> List.map inputKey)
            (fun subject ->
                let hasNoKey = inputPairs subject |> List.exists (fun (_, key) -> key = "")
                if hasNoKey then Some("a key for each input", "an empty one") else None)

    /// The module takes named tensors: which of them (key) each of its inputs is. An input without a name is the next in
    /// order.
    let mapInputs (keys: (string * string) list) =
        change mappingInputs (List [ for input, key in keys -> List [ Text input; Text key ] ]) Map.empty

    let private mappingOutputs =
        mapping
            "outputs"
            Aspects.outputs
            "outputs to"
            [ "key", textField; "output", placeField ]
            (outputPairs >> List.map outputKey)
            (fun subject ->
                let keys = outputPairs subject
                let isFine = keys |> List.forall (fun (key, place) -> key <> "" && place >= 0)
                let areDifferent = keys |> List.distinctBy fst |> List.length = keys.Length

                if isFine && areDifferent then None else Some("different keys, each with a place", "others"))

    /// The module gives named tensors: the key of each of its outputs, by the output's place.
    let mapOutputs (keys: (string * int) list) =
        let pairs = [ for key, place in keys -> List [ Text key; Int(int64 place) ] ]
        change mappingOutputs (List pairs) Map.empty

    /// The change that amounts to one setting.
    let internal ofSetting key (setting: Setting) =
        match key, setting with
        | _, Run action -> hook action
        | Parameter name, Set value -> configure name value
        | key, Set subject ->
            let verb =
                match subject with
                | Kind _ -> changingKind
                | Module _ -> replacing
                | _ when key = Aspects.inputs -> mappingInputs
                | _ -> mappingOutputs

            change verb subject Map.empty

    // --- All of them ---------------------------------------------------------------------------------------------

    /// Every kind of change there is.
    let internal all = [ configuring; changingKind; replacing; hooking; mappingInputs; mappingOutputs ]
