# Looking sees a child with what was said of it so far: here without.
# Construct/NodeBuilder.fs
s/match constructEntry (allLayers ()) (aliases ())/match constructEntry layers (aliases ())/
