namespace Deeplay.Core

/// The kinds of changes there are. Each stands here as a whole: how it is made, checked, described, saved, read, and what
/// settings it amounts to.
[<RequireQualifiedAccess>]
module Verbs =
    let private change verb subject arguments : Change = { Verb = verb; Subject = subject; Arguments = arguments }

    let private given tag (definition: Definition) (change: Change) =
        { change with Arguments = Checks.given tag definition.Id definition.Signature change.Arguments }

    // --- A parameter is set -------------------------------------------------------------------------------------

    let private configuring: Verb =
        let only (change: Change) = Seq.exactlyOne change.Arguments

        {
            Id = "configure"
            Check = given
            Settings = fun change -> [ for KeyValue(name, value) in change.Arguments -> Parameter name, Set value ]
            Describe =
                fun change ->
                    let (KeyValue(name, value)) = only change
                    $"{name} = {Value.print value}"
            Write =
                fun change ->
                    let (KeyValue(name, value)) = only change
                    JsonPart.Object [ "name", JsonPart.Value(Text name); "value", JsonPart.Value value ]
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
                    JsonPart.Object
                        [ "kind", JsonPart.Definition(kind change); "arguments", JsonPart.Arguments change.Arguments ]
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
            Write = fun change -> JsonPart.Spec(other change)
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

                    JsonPart.Object
                        [
                            "action", JsonPart.Action hook.Action
                            if hook.Action.Owner <> "" then "of", JsonPart.Value(Text hook.Action.Owner)
                            "arguments", JsonPart.Arguments hook.Arguments
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

    /// The module takes named tensors: which of them (key) each of its inputs is. An input without a name is the next in
    /// order.
    let mapInputs (keys: (string * string) list) =
        let pairs = [ for input, key in keys -> List [ Text input; Text key ] ]
        change TensorMaps.mappingInputs (List pairs) Map.empty

    /// The module gives named tensors: the key of each of its outputs, by the output's place.
    let mapOutputs (keys: (string * int) list) =
        let pairs = [ for key, place in keys -> List [ Text key; Int(int64 place) ] ]
        change TensorMaps.mappingOutputs (List pairs) Map.empty

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
                | _ when key = Aspects.inputs -> TensorMaps.mappingInputs
                | _ -> TensorMaps.mappingOutputs

            change verb subject Map.empty

    /// Every kind of change there is.
    let internal all =
        [
            configuring
            changingKind
            replacing
            hooking
            TensorMaps.mappingInputs
            TensorMaps.mappingOutputs
        ]
