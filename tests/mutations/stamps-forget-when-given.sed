# A setting that travels inside a spec counts as made when the spec was given: here when it was made.
# Construct/Resolve.fs
s/                Source = layer\.Owner\n                Stamp = layer\.Given @ item\.Stamp/                Source = layer.Owner\n                Stamp = item.Stamp/
