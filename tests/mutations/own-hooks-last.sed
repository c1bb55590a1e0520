# A constructor's own hooks come before its ancestors': here its later ones come after.
# Construct/NodeBuilder.fs
s/Hooks = own @ said\.Hooks/Hooks = said.Hooks @ own/
