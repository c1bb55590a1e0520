# A hook for two names of one module is one hook, in a copy too: here it is two.
# Construct/Copy.fs
s/List\.groupBy (fun (_, key, item: ConfigItem<Setting>) -> key, item\.Source, item\.Stamp)/List.groupBy (fun (tag, key, item: ConfigItem<Setting>) -> (tag, key), item.Source, item.Stamp)\n            |> List.map (fun (((_, key), source, stamp), same) -> (key, source, stamp), same)/
