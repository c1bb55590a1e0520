# A module with a `finish` is constructed again when something below changes: here it is not.
# Construct/Construct.fs
s/if node\.Definition\.Finish\.IsSome || List/if List/
