# A module gives the named tensors that its map says: here no map is found.
# Construct/Resolve.fs
s/valueOf Spec\.OutputsKey layers/valueOf (Spec.OutputsKey + Spec.OutputsKey) layers/
