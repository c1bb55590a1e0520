# Observing sees a child with what was said of it so far: here without.
# Construct/NodeBuilder.fs
s/match constructEntry (allScopes ()) (aliases ())/match constructEntry scopes (aliases ())/
