# A module that observed is constructed again when what it saw changes: here it is not.
# Construct/Construct.fs
s/names\.IsEmpty || node\.Particulars\.Observed\.Contains names\.Head/names.IsEmpty || (names.Head = "" \&\& node.Particulars.Observed.Contains names.Head)/
