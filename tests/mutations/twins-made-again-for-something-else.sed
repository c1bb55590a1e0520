# Of what is made again, a module is the twin of one of which the same is said: here of any from the same spec.
# Construct/Construct.fs
s/Scopes\.same first\.Own\.Particulars\.Outer outer/true/
