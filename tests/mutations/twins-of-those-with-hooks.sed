# What is owned by something in a hook belongs to one module alone: here its twins have it too.
# Construct/Nodes.fs
s/\&\& not (List\.exists isOwned said\.Hooks)//
