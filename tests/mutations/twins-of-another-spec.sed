# Of what is made again, only modules of one spec are twins: here any of which the same is said.
# Construct/Construct.fs
s/Object\.ReferenceEquals(first\.Own\.Attachment\.Spec, below\.Attachment\.Spec)/true/
