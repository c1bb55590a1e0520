# -1 is the last child: here the one before it.
# Change/Slice.fs
s/let value = if value < 0 then value + length else value/let value = if value < 0 then value + length - 1 else value/
