# Observing sees a child with what was said of it so far: here without.
# Construct/NodeBuilder.fs
s/constructEntry (allScopes ()) entries\.Aliases/constructEntry scopes entries.Aliases/
