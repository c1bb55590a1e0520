# A module that looked at its tag has no twins when it is made again: here it has.
# Construct/Nodes.fs
s/\&\& not said\.KnowsTag/\&\& true/
