# What is given to a hook belongs to whoever registered it: here to nobody.
# Construct/Scopes.fs
s/|> Map\.map (fun _ value -> Owners\.give source (Order\.within order) value)/|> Map.map (fun _ value -> if source = Detached then Owners.give source order value else value)/
