# A module takes the named tensors that its map says: here no map is found.
# Construct/Scopes.fs
s/value Aspects\.inputs scopes/value (Aspect "nothing") scopes/
