# Hooks run in the order of registration, parents first: here the other way round.
# Construct/Resolve.fs
s/            |> List\.distinctBy (fun item -> item\.Source, item\.Stamp)\n            |> List\.rev/            |> List.distinctBy (fun item -> item.Source, item.Stamp)/
