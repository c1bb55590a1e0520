# What was observed is made again where more was said since: here it is kept.
# Construct/NodeBuilder.fs
s/ || not (Scopes\.same entry\.Node\.Particulars\.Outer outer) then/ then/
