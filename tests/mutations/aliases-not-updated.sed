# A change under a alias touches the module: here reconstruction passes it over.
# Construct/Construct.fs
s/touched |> List\.map (ownNames node\.Particulars\.Aliases)/touched |> List.map (ownNames [])/
