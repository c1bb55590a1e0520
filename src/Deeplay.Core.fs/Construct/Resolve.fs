namespace Deeplay.Core

open System

/// What a module is in the end: its kind and its arguments.
[<RequireQualifiedAccess>]
module internal Resolve =
    /// A module's effective kind, the attachment its arguments come from, and the scopes that its own spec adds. Another
    /// kind or another module may have been put in its place, by whoever has the priority.
    let rec identify outer attachment : struct (Definition * Attachment * Scope list) =
        let own = Owners.scopeOf attachment

        if not (Scopes.says Aspects.kind outer || Scopes.says Aspects.kind own) then
            struct (attachment.Spec.Definition, attachment, own)
        else
            let items = Scopes.candidates Aspects.kind (outer @ own) |> ConfigItem.ranked

            let isModule (item: ConfigItem<Setting>) =
                match item.Value with
                | Set(Module _) -> true
                | _ -> false

            let kinds = items |> List.takeWhile (isModule >> not)

            let struct (definition, attachment, own) =
                match List.tryFind isModule items with
                | Some({ Value = Set(Module spec) } as item) ->
                    let isOwn =
                        Scopes.candidates Aspects.kind own
                        |> List.exists (fun other -> other.Source = item.Source && other.Order = item.Order)

                    let struct (definition, attachment, added) =
                        identify [] { Spec = spec; Source = item.Source; Order = item.Order }

                    // A spec that was replaced keeps what was said of it as a whole; one that was attached by somebody
                    // and replaced from outside goes with all that it brought.
                    struct (definition, attachment, (if isOwn then own @ added else added))
                | _ -> struct (attachment.Spec.Definition, attachment, own)

            match kinds with
            | { Value = Set(Kind kind) } :: _ -> struct (kind, attachment, own)
            | _ -> struct (definition, attachment, own)

    // Step 4 of the resolution: what was given, else the default.
    let private given tag (attachment: Attachment) (prepared: Map<string, Value>) (parameter: Parameter) =
        match prepared.TryGetValue parameter.Name with
        | true, value when Owners.isFree value ->
            let struct (source, order) = Owners.ofArguments attachment
            Owners.give source (Order.within order) value
        | true, value -> value
        | _ when Owners.isFree parameter.Default ->
            Owners.give (Derived tag) (Order.within Order.start) parameter.Default
        | _ -> parameter.Default

    // For each parameter what wins among its settings, else what was given, else the default.
    let private resolved tag (definition: Definition) (attachment: Attachment) (said: Scope list) =
        let spec = attachment.Spec

        let prepared = if spec.Arguments.IsEmpty then spec.Arguments else spec.Definition.Prepare spec.Arguments

        if Object.ReferenceEquals(spec.Definition, definition) then
            prepared |> Map.iter (fun name _ -> definition.Signature.Find(tag, definition.Id, name) |> ignore)

        let valueFor (parameter: Parameter) =
            match (if said.IsEmpty then ValueNone else Scopes.winner (Parameter parameter.Name) said) with
            | ValueSome { Source = source; Order = order; Value = Set value } -> Owners.give source order value
            | _ -> given tag attachment prepared parameter

        (definition.ResolveArguments(Checks.arguments tag definition.Id definition.Signature valueFor)).Values

    /// The arguments of a module with these scopes. Where they say nothing of a spec's arguments, and nothing in those has
    /// an owner, they are the same in every place, and are resolved once.
    let arguments tag (definition: Definition) (attachment: Attachment) (scopes: Scope list) =
        let said = scopes |> List.filter (fun scope -> not scope.Config.Parameters.IsEmpty)
        let spec = attachment.Spec
        let isAlone = said.IsEmpty && Object.ReferenceEquals(definition, spec.Definition)

        if isAlone && not (isNull spec.Values) then
            spec.Values
        else
            let values = resolved tag definition attachment said
            if isAlone && not (Array.exists Owners.isOwned values) then spec.KeepValues values
            values

    /// A setting that a definition's author derived for a name that the module never had is a mistake of theirs. (Where
    /// another kind, or another module, was put in by somebody who beats them, it is merely unused.) `attached` is what was
    /// attached, `attachment` what is there.
    let rejectMistakes
        tag
        (definition: Definition)
        (attached: Attachment)
        (attachment: Attachment)
        (scopes: Scope list)
        =
        let isReplaced = not (Object.ReferenceEquals(attached.Spec, attachment.Spec))

        if Object.ReferenceEquals(definition, attachment.Spec.Definition) then
            for scope in scopes do
                scope.Config.Parameters
                |> Map.iter (fun name items ->
                    if not (definition.Signature.Has name) then
                        for item in items do
                            match (Owners.owned scope item).Source with
                            | source when isReplaced && Source.rank attachment.Source < Source.rank source -> ()
                            | Derived _ -> definition.Signature.Find(tag, definition.Id, name) |> ignore
                            | _ -> ())
