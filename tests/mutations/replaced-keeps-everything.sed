# A module replaced from outside goes with all that it brought: here its settings stay.
# Construct/Resolve.fs
s/(if ownHas then own @ added else added)/(if ownHas then own @ added else own @ added)/
