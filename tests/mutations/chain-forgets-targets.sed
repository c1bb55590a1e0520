# From the last tree there is, all changes since are constructed: here those of the last step alone.
# Construct/Construct.fs
s/from earlier (more @ targets) (depth + 1)/from earlier (if List.isEmpty targets then more else targets) (depth + 1)/
