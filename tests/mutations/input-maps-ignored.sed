# A module takes the named tensors that its map says: here no map is found.
# Resolve.fs
s/|> pairs Spec\.InputsKey/|> pairs (Spec.InputsKey + Spec.InputsKey)/
