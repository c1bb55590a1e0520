# A copy hears what was said of a child that was observed and taken away: here it does not.
# Construct/Nodes.fs
s/            | -1 -> node\.Particulars\.Observed\.Contains name/            | -1 -> false/
