# What contains itself without end is an error: here only where the stack ends, at another depth on every thread.
# Construct/Construct.fs
s/tag\.Depth > Nesting\.maxDepth ||/tag.Depth > 1000 * Nesting.maxDepth ||/
