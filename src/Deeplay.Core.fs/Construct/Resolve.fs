namespace Deeplay.Core

open System

/// What is said about one module, from everywhere it can be said, and who wins.
[<RequireQualifiedAccess>]
module Resolve =

    // --- What is said about a module -------------------------------------------------------------------------

    /// An item as seen from the whole tree: a `Detached` one belongs to whoever gave the spec that holds it.
    let owned (layer: Layer) (item: ConfigItem<Setting>) =
        match item.Source with
        | Detached ->
            { item with
                Source = layer.Owner
                Stamp = layer.Given @ item.Stamp
            }
        | _ -> item

    /// Everything that is set under one name, in the order it was added.
    let candidates name (layers: Layer list) =
        layers
        |> List.collect (fun layer -> Config.items name layer.Config |> List.map (owned layer))

    /// The item that wins for one name.
    let winner name (layers: Layer list) =
        let mutable best = ValueNone

        for layer in layers do
            match layer.Config.Items.TryGetValue name with
            | true, items ->
                // The newest stands first, so that among equals the first one met stays.
                let mutable rest = items
                let mutable top = ValueNone

                while not rest.IsEmpty do
                    let item = owned layer rest.Head
                    rest <- rest.Tail

                    match top with
                    | ValueSome t when ConfigItem.beats t item -> ()
                    | _ -> top <- ValueSome item

                match best, top with
                | ValueSome b, ValueSome t when not (ConfigItem.beats t b) -> ()
                | _ -> best <- top
            | _ -> ()

        best

    /// What is said about the child with this name.
    let below name (layers: Layer list) =
        layers
        |> List.choose (fun layer ->
            match layer.Config.Below.TryFind name with
            | ValueSome config -> Some { layer with Config = config }
            | ValueNone -> None)

    /// What a spec itself brings.
    let layerOf (gift: Gift) =
        if gift.Spec.Config.IsEmpty then
            []
        else
            [
                {
                    Config = gift.Spec.Config
                    Owner = gift.Owner
                    Given = gift.Stamp
                }
            ]

    /// A module's effective kind, the gift its arguments come from, and the layers that its own spec adds.
    /// Another kind or another module may have been put in its place, by whoever has the priority.
    let rec identify (outer: Layer list) (gift: Gift) : Definition * Gift * Layer list =
        let own = layerOf gift

        let items =
            let isSaid (layer: Layer) =
                layer.Config.Items.ContainsKey Spec.IdentityKey

            if List.exists isSaid outer || List.exists isSaid own then
                candidates Spec.IdentityKey (outer @ own) |> ConfigItem.ranked
            else
                []

        match items with
        | [] -> gift.Spec.Definition, gift, own
        | _ ->
            let isModule (item: ConfigItem<Setting>) =
                match item.Value with
                | Set(Module _) -> true
                | _ -> false

            let kinds = items |> List.takeWhile (isModule >> not)

            let definition, gift, own =
                match List.tryFind isModule items with
                | Some({ Value = Set(Module spec) } as item) ->
                    let ownHas = own |> candidates Spec.IdentityKey |> List.exists (fun i -> i = item)

                    let definition, gift, added =
                        identify
                            []
                            {
                                Spec = spec
                                Owner = item.Source
                                Stamp = item.Stamp
                            }

                    // A spec that was replaced keeps what was said of it as a whole; one that was attached by
                    // somebody and replaced from outside goes with all that it brought.
                    definition, gift, (if ownHas then own @ added else added)
                | _ -> gift.Spec.Definition, gift, own

            match kinds with
            | { Value = Set(Kind kind) } :: _ -> kind, gift, own
            | _ -> definition, gift, own

    // --- Arguments --------------------------------------------------------------------------------------------

    /// Checks values against a signature; every error is reported, not the first alone.
    let arguments tag kind (signature: Signature) (valueOf: Parameter -> Value) =
        let mutable errors = []

        let wrong (parameter: Parameter) expected value =
            errors <- WrongValue(tag, kind, parameter.Name, expected, Value.print value) :: errors
            Unset

        let check (parameter: Parameter) =
            let given = valueOf parameter

            match Value.coerce parameter.Type given with
            | ValueSome Unset -> Unset
            | ValueSome value ->
                match parameter.Check value with
                | Some expected -> wrong parameter expected value
                | None -> value
            | ValueNone -> wrong parameter (Value.describeType parameter.Type) given

        let values = signature.Parameters |> Array.map check

        if not errors.IsEmpty then
            raise (SpecException(List.rev errors))

        Arguments(tag, kind, signature, values)

    /// The arguments of an action: those given, else its defaults.
    let hookArguments tag (hook: Hook) =
        for KeyValue(name, _) in hook.Arguments do
            if not (hook.Action.Signature.Has name) then
                Fail.with' (UnknownName(tag, hook.Action.Id, "parameter", name, hook.Action.Signature.Names))

        arguments tag hook.Action.Id hook.Action.Signature (fun parameter ->
            hook.Arguments.TryFind parameter.Name |> Option.defaultValue parameter.Default)

    /// Step 4 of the resolution: what was given, else the default.
    let private given tag (gift: Gift) (prepared: Map<string, Value>) (parameter: Parameter) =
        match prepared.TryGetValue parameter.Name with
        | true, value when Value.isFree value -> Value.claim gift.Owner (gift.Stamp @ [ 0 ]) value
        | true, value -> value
        | _ when Value.isFree parameter.Default -> Value.claim (Derived tag) [ 0 ] parameter.Default
        | _ -> parameter.Default

    /// The arguments of a module: for each parameter what wins among its settings, else what was given, else
    /// the default.
    let moduleArguments tag (definition: Definition) (gift: Gift) (layers: Layer list) =
        let said = layers |> List.filter (fun layer -> not layer.Config.Items.IsEmpty)
        let origin = gift.Spec.Definition

        let prepared =
            if gift.Spec.Arguments.IsEmpty then
                gift.Spec.Arguments
            else
                origin.Prepare gift.Spec.Arguments

        if Object.ReferenceEquals(origin, definition) then
            for KeyValue(name, _) in prepared do
                if not (definition.Signature.Has name) then
                    Fail.with' (
                        UnknownName(tag, definition.Id, "parameter", name, definition.Signature.Names)
                    )

        let valueOf (parameter: Parameter) =
            match
                (if said.IsEmpty then
                     ValueNone
                 else
                     winner parameter.Name said)
            with
            | ValueSome({ Value = Set value } as item) ->
                if Value.isFree value then
                    Value.claim item.Source item.Stamp value
                else
                    value
            | _ -> given tag gift prepared parameter

        definition.ResolveArguments(arguments tag definition.Id definition.Signature valueOf)

    /// A setting that a definition's author derived for a name that the module never had is a mistake of theirs.
    /// (Where the user has put in another kind, it is merely unused.)
    let rejectMistakes tag (definition: Definition) (gift: Gift) (layers: Layer list) =
        if Object.ReferenceEquals(definition, gift.Spec.Definition) then
            for layer in layers do
                for KeyValue(name, items) in layer.Config.Items do
                    if not (definition.Signature.Has name) && not (name.StartsWith '@') then
                        for item in items do
                            match (owned layer item).Source with
                            | Derived _ ->
                                Fail.with' (
                                    UnknownName(
                                        tag,
                                        definition.Id,
                                        "parameter",
                                        name,
                                        definition.Signature.Names
                                    )
                                )
                            | _ -> ()

    // --- Children and hooks ---------------------------------------------------------------------------------

    /// What was said from outside about the child under `name`, for a module with these layers and aliases:
    /// what is said under any of its names is said about it.
    let outerOf (layers: Layer list) (aliases: (string * Tag) list) name =
        let direct = below name layers

        if aliases.IsEmpty then
            direct
        else
            direct
            @ [
                for alias, target: Tag in aliases do
                    match target.Names with
                    | first :: rest when first = name ->
                        for layer in below alias layers do
                            { layer with
                                Config = Config.prefix (Tag.ofNames rest) layer.Config
                            }
                    | _ -> ()
            ]

    /// The hook as registered by `source` at `stamp`: whatever in its arguments was `Detached` is now theirs, and made
    /// before anything that the hook does.
    let claimHook source stamp (hook: Hook) =
        { hook with
            Arguments =
                hook.Arguments
                |> Map.map (fun _ value -> Value.claim source (stamp @ [ 0 ]) value)
        }

    /// The hooks of a module with who registered them and when: its parents' from the nearest to the root, then the
    /// user's; each one's in the order they were registered.
    let hooksOf (layers: Layer list) : (Hook * Source * Stamp) list =
        if
            layers
            |> List.forall (fun layer -> not (layer.Config.Items.ContainsKey Spec.HooksKey))
        then
            []
        else
            candidates Spec.HooksKey layers
            |> ConfigItem.ranked
            // One step for several tags of a shared module is still one hook of one module.
            |> List.distinctBy (fun item -> item.Source, item.Stamp)
            |> List.rev
            |> List.choose (fun item ->
                match item.Value with
                | Run hook -> Some(claimHook item.Source item.Stamp hook, item.Source, item.Stamp)
                | Set _ -> None)

    /// The hooks of the stages after construction.
    let laterHooks layers =
        hooksOf layers
        |> List.choose (fun (hook, _, _) -> if hook.Action.Stage = AfterInit then None else Some hook)

    // --- Named tensors ----------------------------------------------------------------------------------------

    let private valueOf key (layers: Layer list) =
        match winner key layers with
        | ValueSome { Value = Set value } -> Some value
        | _ -> None

    /// Which named tensors a module takes, by the setting that wins.
    let inputMap layers =
        valueOf Spec.InputsKey layers |> Option.map Spec.inputsOf

    /// Which named tensors a module gives, by the setting that wins.
    let outputMap layers =
        valueOf Spec.OutputsKey layers |> Option.map Spec.outputsOf
