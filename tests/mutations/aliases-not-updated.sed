# A change under a alias touches the module: here reconstruction passes it over.
# Construct/Construct.fs
s/touched |> List\.map (ownNames node\.Aliases)/touched |> List.map (ownNames [])/
