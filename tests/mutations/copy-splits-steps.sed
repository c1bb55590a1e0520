# A hook for two names of one module is one hook, in a copy too: here it is two.
# Construct/Copy.fs
s/List\.groupBy (fun (_, key, item: ConfigItem<Setting>) -> key, item\.Source, item\.Order)/List.groupBy (fun (tag, key, item: ConfigItem<Setting>) -> (tag, key), item.Source, item.Order)\n            |> List.map (fun (((_, key), source, order), same) -> (key, source, order), same)/
