# A module with a `finish` is constructed again when something below changes: here it is not.
# Construct/Construct.fs
s/            node\.Definition\.Finish\.IsSome\n            || touched/            touched/
