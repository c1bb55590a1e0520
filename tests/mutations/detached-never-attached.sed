# Attaching a spec makes its detached settings the attaching module's: here they stay nobody's.
# Construct/Resolve.fs
s/                Source = layer\.Owner\n                Stamp = layer\.Given @ item\.Stamp/                Stamp = layer.Given @ item.Stamp/
