# One step for several tags of a shared module is one hook: here one for each tag.
# Construct/Scopes.fs
s/            |> List\.distinctBy (fun item -> item\.Source, item\.Order)\n//
