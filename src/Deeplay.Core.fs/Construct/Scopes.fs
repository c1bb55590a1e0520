namespace Deeplay.Core

/// What is said about one module, from everywhere it can be said, and who wins.
[<RequireQualifiedAccess>]
module internal Scopes =
    /// Everything that is set for one key, in the order it was added.
    let candidates key (scopes: Scope list) =
        scopes |> List.collect (fun scope -> Config.items key scope.Config |> List.map (Owners.owned scope))

    /// Whether anything is set for a key.
    let rec says key (scopes: Scope list) =
        match scopes with
        | [] -> false
        | scope :: others -> not (scope.Config.Latest key).IsEmpty || says key others

    /// The item that wins for one key.
    let winner key (scopes: Scope list) =
        let mutable best = ValueNone

        for scope in scopes do
            // The newest stands first, so that among equals the first one met stays.
            let mutable rest = scope.Config.Latest key
            let mutable top = ValueNone

            while not rest.IsEmpty do
                let item = Owners.owned scope rest.Head
                rest <- rest.Tail

                match top with
                | ValueSome t when ConfigItem.beats t item -> ()
                | _ -> top <- ValueSome item

            match struct (best, top) with
            | ValueSome b, ValueSome t when not (ConfigItem.beats t b) -> ()
            | _, ValueNone -> ()
            | _ -> best <- top

        best

    /// The value that wins for one key.
    let value key (scopes: Scope list) =
        match winner key scopes with
        | ValueSome { Value = Set value } -> Some value
        | _ -> None

    /// What is said about the child with this name.
    let rec below name (scopes: Scope list) : Scope list =
        match scopes with
        | [] -> []
        | scope :: others ->
            match scope.Config.Below.TryFind name with
            | ValueSome config -> { scope with Config = config } :: below name others
            | ValueNone -> below name others

    /// What was said from outside about the child under `name`, for a module with these scopes and aliases: what is said
    /// under any of its names is said about it.
    let outerOf (scopes: Scope list) (aliases: (string * Tag) list) name =
        let direct = below name scopes

        if aliases.IsEmpty then
            direct
        else
            direct
            @ [
                for alias, target: Tag in aliases do
                    match target.Names with
                    | first :: rest when first = name ->
                        for scope in below alias scopes do
                            { scope with Config = Config.prefix (Tag.ofNames rest) scope.Config }
                    | _ -> ()
            ]

    /// Whether both say the same because they are the same.
    let internal same (a: Scope list) (b: Scope list) =
        a.Length = b.Length
        && List.forall2
            (fun (x: Scope) (y: Scope) ->
                obj.ReferenceEquals(x.Config, y.Config)
                && obj.ReferenceEquals(x.Owners, y.Owners)
                && x.Order = y.Order
                && x.Source = y.Source)
            a
            b

    /// Whether both say the same but for which named tensors the module takes and gives.
    let internal sameButMaps (a: Scope list) (b: Scope list) =
        let saysMore (scope: Scope) =
            let isOther aspect _ = not (Aspect aspect = Aspects.inputs || Aspect aspect = Aspects.outputs)
            let config = scope.Config
            config.Below.Count > 0 || not config.Parameters.IsEmpty || Map.exists isOther config.Aspects

        same (List.filter saysMore a) (List.filter saysMore b)

    /// A hook as registered by somebody: what its arguments bring is theirs, and came before anything that the hook does.
    let internal given source order (hook: Hook) =
        { hook with
            Arguments = hook.Arguments |> Map.map (fun _ value -> Owners.give source (Order.within order) value)
        }

    /// The hooks of a module, each with the setting that registered it: its ancestors' from the nearest to the root, then the
    /// user's; each one's in the order they were registered.
    let hooks (scopes: Scope list) : (Hook * ConfigItem<Setting>) list =
        if not (says Aspects.hooks scopes) then
            []
        else
            candidates Aspects.hooks scopes
            |> ConfigItem.ranked
            // One step for several tags of a shared module is still one hook of one module.
            |> List.distinctBy (fun item -> item.Source, item.Order)
            |> List.rev
            |> List.choose (fun item ->
                match item.Value with
                | Run hook -> Some(given item.Source item.Order hook, item)
                | Set _ -> None)

    /// The hooks of the stages after construction.
    let laterHooks scopes =
        match hooks scopes with
        | [] -> []
        | hooks -> hooks |> List.choose (fun (hook, _) -> if Stages.isAfterInit hook then None else Some hook)

    /// Which named tensors a module takes, by the setting that wins.
    let inputs scopes = value Aspects.inputs scopes |> Option.map TensorMaps.inputs

    /// Which named tensors a module gives, by the setting that wins.
    let outputs scopes = value Aspects.outputs scopes |> Option.map TensorMaps.outputs
