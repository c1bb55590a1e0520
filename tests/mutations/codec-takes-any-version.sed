# Another version of the schema is an error: here it is read.
# Codec/Codec.fs
s/version when version = schema ->/version when version = schema || version > 0 ->/
