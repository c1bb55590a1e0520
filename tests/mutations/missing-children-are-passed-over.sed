# What an author says of a module that is never there is an error: here it is passed over.
# Construct/NodeBuilder.fs
s/            Nodes\.checkThere tag/            if target.Depth < 0 then Nodes.checkThere tag/
