# Observing sees a child with what was said of it so far: here without.
# Construct/NodeBuilder.fs
s|Scopes\.outerOf (allScopes ()) entries\.Aliases led\.Head|Scopes.outerOf scopes entries.Aliases led.Head|
