# What is given to a hook belongs to whoever registered it: here to nobody.
# Construct/Resolve.fs
s/|> Map\.map (fun _ value -> Value\.claim source (stamp @ \[ 0 \]) value)/|> Map.map (fun _ value -> if source = Detached then Value.claim source stamp value else value)/
