namespace Deeplay.Core

open System

/// The spec that `Builder.Copy` gives.
[<RequireQualifiedAccess>]
module internal Copy =
    /// What is said from outside about a module's parameters, `isParameter`, and about what it holds, as far as that was
    /// heard, `isHeard`, and was said before the hook of `source` at `stamp`: of each name what wins, and every hook.
    let settings isParameter isHeard (source: Source) (stamp: Stamp) (layers: Layer list) =
        let isEarlier (item: ConfigItem<Setting>) =
            item.Source <> source || compare item.Stamp stamp < 0

        let heard layer =
            layer.Config
            |> Config.choose (fun tag key item ->
                let item = Resolve.owned layer item

                let isKept =
                    if tag.Depth = 0 then
                        isParameter key
                    else
                        isHeard tag && isEarlier item

                if isKept then Some item else None)

        layers
        |> List.fold (fun all layer -> Config.union all (heard layer)) Config.empty
        |> Config.toList
        |> List.groupBy (fun (tag, key, _) -> tag, key)
        |> List.collect (fun ((tag, key), items) ->
            let ranked = items |> List.map (fun (_, _, item) -> item) |> ConfigItem.ranked

            // Another kind is that of the module put in before.
            let kept =
                if key = Spec.HooksKey || key = Spec.IdentityKey then
                    List.rev ranked
                else
                    [ ranked.Head ]

            kept |> List.map (fun item -> tag, key, item))

    // Another kind that was put in the place of the one that was given.
    let private exchanged (definition: Definition) (origin: Gift) (layers: Layer list) =
        if Object.ReferenceEquals(definition, origin.Spec.Definition) then
            []
        else
            let source, stamp =
                match Resolve.winner Spec.IdentityKey layers with
                | ValueSome item -> item.Source, item.Stamp
                | ValueNone -> origin.Owner, origin.Stamp

            let item =
                {
                    Source = source
                    Stamp = stamp
                    Location = None
                    Value = Set(Kind definition)
                }

            [ Tag.root, Spec.IdentityKey, item ]

    /// The spec of a module of this kind, whose arguments were given in `origin` but for those `changed`, and that brings
    /// these settings, each still of whoever made it, as steps of its own.
    let spec
        definition
        (origin: Gift)
        layers
        (changed: Map<string, Value>)
        (settings: (Tag * string * ConfigItem<Setting>) list)
        : ModuleSpec =
        let arguments =
            origin.Spec.Arguments
            |> Map.map (fun _ value -> Value.claim origin.Owner (origin.Stamp @ [ 0 ]) value)

        // What was one step stays one: a hook for two names of one module is one hook.
        let steps =
            exchanged definition origin layers @ settings
            |> List.groupBy (fun (_, key, item: ConfigItem<Setting>) -> key, item.Source, item.Stamp)
            |> List.map (fun ((key, _, _), same) ->
                let _, _, item = same.Head
                same |> List.map (fun (tag, _, _) -> tag), key, item)

        // What came with a setting was made at […; 0], what was made next below it at […; 1]: a number of its own comes
        // between them, in front of those that earlier copies gave.
        let mark =
            (Int32.MaxValue, steps)
            ||> List.fold (fun mark (_, _, item) ->
                item.Stamp |> List.filter (fun part -> part > (1 <<< 30)) |> List.fold min mark)
            |> fun mark -> mark - 1

        // The last part of a setting's stamp is the number of the step that made it.
        let add config (i, (tags, key, item: ConfigItem<Setting>)) =
            let item =
                { item with
                    Stamp = item.Stamp @ [ 0; mark; i + 1 ]
                }

            Config.addAll tags [ key, item ] config

        let step (tags, key, item: ConfigItem<Setting>) =
            {
                Targets = tags
                Change = Spec.changeOf key item.Value
                Group = None
                Location = item.Location
            }

        { Spec.create
              origin.Spec.Definition
              (Map.fold (fun all name value -> Map.add name value all) arguments changed) with
            Config = steps |> List.indexed |> List.fold add Config.empty
            Steps = steps |> List.rev |> List.map step
            IsClaimed = true
        }
