# A module gives the named tensors that its map says: here no map is found.
# Resolve.fs
s/|> pairs Spec\.OutputsKey/|> pairs (Spec.OutputsKey + Spec.OutputsKey)/
