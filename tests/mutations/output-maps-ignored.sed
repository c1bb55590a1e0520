# A module gives the named tensors that its map says: here no map is found.
# Construct/Scopes.fs
s/value Aspects\.outputs scopes/value (Aspect "nothing") scopes/
