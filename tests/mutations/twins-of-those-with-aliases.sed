# A module with aliases has no twins: here it has.
# Construct/Nodes.fs
s/\&\& said\.Aliases\.IsEmpty/\&\& true/
