# Only modules of one spec are twins: here any of which the same is said.
# Construct/Twins.fs
s|Object\.ReferenceEquals(last\.Attachment\.Spec, spec)|(Object.ReferenceEquals(last.Attachment.Spec, spec) \|\| true)|
