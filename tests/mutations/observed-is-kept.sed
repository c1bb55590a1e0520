# What was observed is made again where more was said since: here it is kept.
# Construct/NodeBuilder.fs
s/ValueSome node when Scopes\.same entry\.Outer outer ->/ValueSome node when Scopes.same entry.Outer outer || outer.Length >= 0 ->/
