# A module that observed is constructed again when what it saw changes: here it is not.
# Construct/Construct.fs
s/names\.IsEmpty || node\.Observed\.Contains names\.Head/names.IsEmpty || (names.Head = "" \&\& node.Observed.Contains names.Head)/
