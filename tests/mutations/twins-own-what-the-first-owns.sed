# What is owned by something in a module belongs to it alone: here its twins have it too.
# Construct/Nodes.fs
s/memory\.HoldsModules || memory\.HoldsOwned || Array\.exists Owners\.isOwned node\.Values/false/
