# A spec that is a default belongs to the module with the default: here to nobody.
# Construct/Resolve.fs
s/Value\.claim (Derived tag) \[ 0 \] parameter\.Default/(if gift.Stamp.Length < 0 then Value.claim (Derived tag) [ 0 ] parameter.Default else parameter.Default)/
