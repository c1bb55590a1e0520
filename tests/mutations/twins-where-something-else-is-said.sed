# A module is the twin of one of which the same is said: here of any from the same spec.
# Construct/Twins.fs
s|Scopes\.same last\.Particulars\.Outer outer|(Scopes.same last.Particulars.Outer outer \|\| true)|
