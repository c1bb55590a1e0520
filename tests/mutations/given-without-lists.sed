# Giving reaches specs in lists: here not.
# Spec/Owners.fs
s/        | List values when List\.exists isFree values -> List(values |> List\.map (give source order))\n//
