# A module that observed is constructed again when what it saw changes: here it is not.
# Construct/Construct.fs
s/| first :: _ -> node\.Observed\.Contains first)/| first :: _ -> first = "" \&\& node.Observed.Contains first)/
