# One step for several tags of a shared module is one hook: here one for each tag.
# Construct/Resolve.fs
s/            |> List\.distinctBy (fun item -> item\.Source, item\.Stamp)\n//
