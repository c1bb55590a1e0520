# What a selection found holds while the spec is the same: here it holds for the next change too.
# Change/Selection.fs
s/Selection(spec, selection\.Tags, None)/Selection(spec, selection.Tags, selection.Found)/
