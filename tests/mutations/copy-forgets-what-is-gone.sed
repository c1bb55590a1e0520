# A copy hears what was said of a child that was looked at and taken away: here it does not.
# Construct/Nodes.fs
s/-1 -> node\.Looked\.Contains name/-1 -> false/
