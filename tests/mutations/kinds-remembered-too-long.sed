# What a selection found holds while the tree is the same: here it holds for the next change too.
# Change/Change.fs
s/Some focus, Some(Ok tree) when\(.*\)&& Object\.ReferenceEquals(focus\.Tree, tree)/Some focus, _ when\1/
