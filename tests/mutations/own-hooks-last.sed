# A constructor's own hooks come before its parents': here its later ones come after.
# Construct/NodeBuilder.fs
s/Hooks = own @ Resolve\.laterHooks layers/Hooks = Resolve.laterHooks layers @ own/
