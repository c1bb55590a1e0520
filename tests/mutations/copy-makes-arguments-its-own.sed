# What came in through an argument stays its giver's in a copy: here it is whoever's attaches the copy.
# Construct/Copy.fs
s/Map\.map (fun _ value -> Owners\.give source (Order\.within order) value)/Map.map (fun _ value -> if source = Detached then Owners.give source order value else value)/
