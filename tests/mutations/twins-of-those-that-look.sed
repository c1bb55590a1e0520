# A module that observed what is below it has no twins: here it has.
# Construct/Nodes.fs
s/\&\& said\.Observed\.IsEmpty/\&\& true/
