# A module replaced from outside goes with all that it brought: here its settings stay.
# Construct/Resolve.fs
s/(if isOwn then own @ added else added)/(if isOwn then own @ added else own @ added)/
