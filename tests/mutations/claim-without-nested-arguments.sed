# Claiming a spec claims the specs in its arguments: here not those.
# Spec/Value.fs
s/            Arguments = spec\.Arguments |> Map\.map (fun _ value -> claim source (stamp @ \[ 0 \]) value)/            Arguments = spec.Arguments/
