# Claiming reaches specs in lists: here not.
# Spec/Value.fs
s/List(values |> List\.map (claim source stamp))/value/
