# What was derived for a child goes with it when it is taken away: here it waits for the next of that name.
# Construct/NodeBuilder.fs
s/derived <- Config\.drop name derived/derived <- (if name = "" then Config.drop name derived else derived)/
