# What was seen in a look is made again where more was said since: here it is kept.
# Construct/NodeBuilder.fs
s/| Some(seen, node) when Entry\.sameLayers seen outer ->/| Some(seen, node) when Entry.sameLayers seen outer || outer.Length >= 0 ->/
