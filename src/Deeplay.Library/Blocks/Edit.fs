namespace Deeplay.FSharp

open Deeplay.Core
open Deeplay.Library

/// The structural edits of modules whose children run in order. An edit runs after `init`, each time the module is
/// constructed, on behalf of whoever asked for it.
[<RequireQualifiedAccess>]
module Edit =
    let internal layer = Param.spec "layer" |> Param.withDocumentation "The module to put in."

    let internal name =
        Param.text "name"
        |> Key.optional
            "The name of the child; where not given, that of its kind in lower case, or in a list the next number."

    let internal requiredName = Param.text "name" |> Param.withDocumentation "The name of the child."

    let internal after = Param.text "after" |> Param.withDocumentation "The child after which the new one runs."

    let internal optionalAfter = after |> Key.optional "The child after which the new one runs, where it is inserted."

    let internal allowMissing = Key.flag "allow_missing" false "Whether it is fine that there is no such child."

    let internal p = Key.probability "The probability of an element to be zeroed."

    let internal dropoutName =
        Param.text "name"
        |> Param.withDefault "dropout"
        |> Param.withDocumentation "The name of the dropout."

    /// In a list the number after all that were given, so that none is given a second time: what was set for the one
    /// that had it is not meant for another.
    let private nextNumber (builder: Builder) =
        builder.NamesGiven
        |> Seq.choose Number.tryInt
        |> Seq.fold (fun next number -> max next (number + 1)) 0

    /// A list numbers its children, a block names them.
    let private defaultName (builder: Builder) (spec: ModuleSpec) =
        let signature = builder.Definition.Signature

        if signature.Has "layers" && not (signature.Has "order") then
            string (nextNumber builder)
        else
            // Of the kind that it has in the end: another may have been put in its place.
            let struct (definition, _, _) =
                Resolve.identify [] { Spec = spec; Source = Derived Tag.root; Order = Order.start }

            definition.Id.ToLowerInvariant()

    let internal order =
        Param.list (Param.text "order")
        |> Key.optional
            "The names of the children in the order they run; null for the usual order. A child that comes later goes to its place; one of the block's own that is not named is left out."

    /// The names that the `order` of a block says; none where it has no such parameter.
    let internal orderOf (builder: Builder) =
        if builder.Arguments.Signature.Has order.Name then
            builder.Arguments.Get order |> Option.defaultValue []
        else
            []

    /// Where the child `name` goes: where the block's `order` names it, as `order` says, else where the edit says.
    let internal place (builder: Builder) name (otherwise: Position) : Position =
        let order = orderOf builder

        match List.tryFindIndex ((=) name) order with
        | None -> otherwise
        | Some i ->
            match order |> List.take i |> List.tryFindBack builder.Has with
            | Some before -> After before
            | None ->
                match order |> List.skip (i + 1) |> List.tryFind builder.Has with
                | Some next -> Before next
                | None -> otherwise

    /// Attaches a spec under a name, or under the default one.
    let internal put (builder: Builder) (name: string option) (spec: ModuleSpec) position =
        let name = name |> Option.defaultWith (fun () -> defaultName builder spec)
        builder.Attach(name, spec, place builder name position)

    /// A method of the module's kind as a change of something below it that is of that kind, too, or of itself.
    let internal call (builder: Builder) (target: Tag) name (arguments: (string * Value) list) =
        builder.Change(target, Verbs.act builder.Definition.Methods[name] (Map.ofList arguments), false)

    let internal unknown (builder: Builder) name =
        Fail.with' (UnknownName(builder.Tag, builder.Definition.Id, "child", name, builder.Children))

    // A block whose parameter of that name was set since stays as it was set.
    let private removeChild (builder: Builder) name missing =
        if builder.IsSetSince name then ()
        elif builder.Has name then builder.Remove name
        elif not missing then unknown builder name

    /// Stops where there is not one name for each of the layers.
    let internal checkNames (arguments: Arguments) key (names: string list) (layers: ModuleSpec list) =
        if names.Length <> layers.Length then
            let expected = $"one name for each of the {layers.Length} layers"
            Fail.with' (WrongValue(arguments.Tag, arguments.Kind, key, expected, $"{names.Length} names"))

    let private dropoutOf (arguments: Arguments) =
        Spec.create Dropout.definition (Map.ofList [ Dropout.p => arguments.Get p ])

    /// An edit that puts a module in, under the name that is given or the default one.
    let private putting id parameters documentation (position: Arguments -> Position) =
        Action.afterInit id (layer :: parameters @ [ name ]) (fun arguments builder ->
            put builder (arguments.Get name) (arguments.Get layer) (position arguments))
        |> Action.withDocumentation documentation

    /// `append(layer, name)`.
    let append = putting "append" [] "Puts in a child that runs after all others." (fun _ -> Last)

    /// `prepend(layer, name)`.
    let prepend = putting "prepend" [] "Puts in a child that runs before all others." (fun _ -> First)

    /// `insert(layer, after, name)`.
    let insert = putting "insert" [ after ] "Puts in a child that runs after another." (fun a -> After(a.Get after))

    let private removing id (name: Param<string>) documentation =
        Action.afterInit id [ name; allowMissing ] (fun arguments builder ->
            removeChild builder (arguments.Get name) (arguments.Get allowMissing))
        |> Action.withDocumentation documentation

    /// `remove(name, allow_missing)`.
    let remove = removing "remove" requiredName "Takes a child away."

    /// An edit that puts a dropout in.
    let private dropping id parameters documentation (position: Arguments -> Position) =
        Action.afterInit id (p :: parameters @ [ dropoutName ]) (fun arguments builder ->
            put builder (Some(arguments.Get dropoutName)) (dropoutOf arguments) (position arguments))
        |> Action.withDocumentation documentation

    /// `append_dropout(p, name)`.
    let appendDropout = dropping "append_dropout" [] "Puts in a dropout that runs after all others." (fun _ -> Last)

    /// `prepend_dropout(p, name)`.
    let prependDropout =
        dropping "prepend_dropout" [] "Puts in a dropout that runs before all others." (fun _ -> First)

    /// `insert_dropout(p, after, name)`.
    let insertDropout =
        dropping "insert_dropout" [ after ] "Puts in a dropout that runs after another child." (fun a ->
            After(a.Get after))

    /// `remove_dropout(name, allow_missing)`.
    let removeDropout = removing "remove_dropout" dropoutName "Takes the dropout away."

    let private onMissing =
        Key.choice
            [ "append"; "prepend"; "insert" ]
            "on_missing"
            "append"
            "Where a dropout is put in where there is none."

    /// Where `mode` puts a child.
    let internal position (arguments: Arguments) mode =
        match mode, arguments.Get optionalAfter with
        | "prepend", _ -> First
        | "insert", Some after -> After after
        | "insert", None ->
            let hint = "Say after which child it is to be inserted."
            Fail.with' (Missing(arguments.Tag, arguments.Kind, "after", hint))
        | _ -> Last

    /// `set_dropout(p, name, on_missing, after)`: the probability of the dropout there is; a new one where there is
    /// none.
    let setDropout =
        Action.afterInit "set_dropout" [ p; dropoutName; onMissing; optionalAfter ] (fun arguments builder ->
            let name = arguments.Get dropoutName

            if builder.IsSetSince name then
                ()
            elif builder.Has name then
                builder.Change(
                    Tag.ofNames [ name ],
                    Verbs.configure Dropout.p.Name (Dropout.p.ToValue(arguments.Get p)),
                    false
                )
            else
                put builder (Some name) (dropoutOf arguments) (position arguments (arguments.Get onMissing)))
        |> Action.withDocumentation "Sets the probability of the dropout, and puts one in where there is none."

    /// The edits that lists and blocks share.
    let all =
        [
            append
            prepend
            insert
            remove
            appendDropout
            prependDropout
            insertDropout
            removeDropout
            setDropout
        ]
