namespace Deeplay.Core

open System

/// The spec that `Builder.Copy` gives.
[<RequireQualifiedAccess>]
module internal Copy =
    /// What is said from outside about a module's parameters, `isParameter`, and about what it holds, as far as that was
    /// heard, `isHeard`, and was said before the hook of `source` at `order`: of each key what wins, and every hook.
    let settings isParameter isHeard (source: Source) (order: Order) (scopes: Scope list) =
        let isEarlier (item: ConfigItem<Setting>) = item.Source <> source || item.Order.CompareTo order < 0

        let heard (scope: Scope) =
            scope.Config
            |> Config.choose (fun tag key item ->
                let item = Owners.owned scope item

                let isKept = if tag.Depth = 0 then isParameter key else isHeard tag && isEarlier item

                if isKept then Some item else None)

        scopes
        |> List.fold (fun all scope -> Config.union all (heard scope)) Config.empty
        |> Config.toList
        |> List.groupBy (fun (tag, key, _) -> tag, key)
        |> List.collect (fun ((tag, key), items) ->
            let ranked = items |> List.map (fun (_, _, item) -> item) |> ConfigItem.ranked

            // Another kind is that of the module put in before.
            let kept = if key = Aspects.hooks || key = Aspects.kind then List.rev ranked else [ ranked.Head ]

            kept |> List.map (fun item -> tag, key, item))

    // Another kind that was put in the place of the one that was given.
    let private exchanged (definition: Definition) (origin: Attachment) (scopes: Scope list) =
        if Object.ReferenceEquals(definition, origin.Spec.Definition) then
            []
        else
            let source, order =
                match Scopes.winner Aspects.kind scopes with
                | ValueSome item -> item.Source, item.Order
                | ValueNone -> origin.Source, origin.Order

            let item = { Source = source; Order = order; Location = None; Value = Set(Kind definition) }
            [ Tag.root, Aspects.kind, item ]

    /// The spec of a module of this kind, whose arguments were given in `origin` but for those `changed`, and that brings
    /// these settings, each still of whoever made it, as steps of its own.
    let spec definition (origin: Attachment) scopes changed (settings: (Tag * Key * ConfigItem<Setting>) list) =
        let struct (source, order) = Owners.ofArguments origin

        let arguments = origin.Spec.Arguments |> Map.map (fun _ value -> Owners.give source (Order.within order) value)

        // What was one step stays one: a hook for two names of one module is one hook.
        let said =
            exchanged definition origin scopes @ settings
            |> List.groupBy (fun (_, key, item: ConfigItem<Setting>) -> key, item.Source, item.Order)
            |> List.map (fun ((key, _, _), same) ->
                let _, _, item = same.Head
                same |> List.map (fun (tag, _, _) -> tag), key, item)

        let orderOf = Order.ofCopy (said |> List.map (fun (_, _, item) -> item.Order))

        Spec.ofOwned
            origin.Spec.Definition
            (Map.fold (fun all name value -> Map.add name value all) arguments changed)
            [
                for tags, key, item in said do
                    tags, Verbs.ofSetting key item.Value, item.Location, item.Source, orderOf item.Order
            ]
