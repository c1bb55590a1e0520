namespace Deeplay.Core

/// The spec that `Builder.Copy` gives.
[<RequireQualifiedAccess>]
module internal Copy =
    /// What is said from outside about a module's parameters, `isParameter`, and about what it holds, as far as that is
    /// there, `isThere`, and was said before the hook of `source` at `stamp`: of each name what wins, and every hook.
    let settings isParameter isThere (source: Source) (stamp: Stamp) (layers: Layer list) =
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
                        isThere tag && isEarlier item

                if isKept then Some item else None)

        layers
        |> List.fold (fun all layer -> Config.union all (heard layer)) Config.empty
        |> Config.toList
        |> List.groupBy (fun (tag, key, _) -> tag, key)
        |> List.collect (fun ((tag, key), items) ->
            let ranked = items |> List.map (fun (_, _, item) -> item) |> ConfigItem.ranked
            let kept = if key = Spec.HooksKey then List.rev ranked else [ ranked.Head ]
            kept |> List.map (fun item -> tag, key, item))

    /// A spec that brings these settings, each still of whoever made it, as steps of its own.
    let spec definition arguments (settings: (Tag * string * ConfigItem<Setting>) list) : ModuleSpec =
        // The last part of a setting's stamp is the number of the step that made it.
        let numbered =
            settings
            |> List.mapi (fun i (tag, key, item) ->
                tag,
                key,
                { item with
                    Stamp = item.Stamp @ [ i + 1 ]
                })

        let step (tag, key, item) =
            {
                Targets = [ tag ]
                Change = Spec.changeOf key item.Value
                Group = None
                Location = item.Location
            }

        { Spec.create definition arguments with
            Config =
                numbered
                |> List.fold (fun config (tag, key, item) -> Config.add tag key item config) Config.empty
            Steps = numbered |> List.rev |> List.map step
            IsClaimed = true
        }
