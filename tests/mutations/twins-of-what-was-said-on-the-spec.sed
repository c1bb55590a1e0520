# A module of which its own spec says something has no twins, for whose that is: here it has.
# Construct/Nodes.fs
s/said\.Scopes\.Length = said\.Outer\.Length/true/
