# Hooks run in the order of registration, ancestors first: here the other way round.
# Construct/Scopes.fs
s/            |> List\.distinctBy (fun item -> item\.Source, item\.Order)\n            |> List\.rev/            |> List.distinctBy (fun item -> item.Source, item.Order)/
