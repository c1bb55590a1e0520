# Observing sees a child with what was said of it so far: here without.
# Construct/NodeBuilder.fs
s/constructEntry this (allScopes ()) entries\.Aliases/constructEntry this scopes entries.Aliases/
