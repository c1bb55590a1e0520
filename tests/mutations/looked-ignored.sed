# A module that looked is constructed again when what it saw changes: here it is not.
# Construct.fs
s/\n            || (not node\.Looked\.IsEmpty[^\n]*//
