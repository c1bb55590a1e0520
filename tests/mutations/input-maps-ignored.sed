# A module takes the named tensors that its map says: here no map is found.
# Construct/Resolve.fs
s/valueOf Spec\.InputsKey layers/valueOf (Spec.InputsKey + Spec.InputsKey) layers/
