# A module that derives something for what is below it has no twins: here it has.
# Construct/Nodes.fs
s/\&\& said\.Derived\.IsEmpty/\&\& true/
