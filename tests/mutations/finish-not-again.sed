# A module with a `finish` is constructed again when something below changes: here it is not.
# Construct.fs
s/\n            || node\.Definition\.Finish\.IsSome//;s/\n        || node\.Definition\.Finish\.IsSome//
