# A module that looked is constructed again when what it saw changes: here it is not.
# Construct/Construct.fs
s/| first :: _ -> node\.Looked\.Contains first/| first :: _ -> first = "" \&\& node.Looked.Contains first/
