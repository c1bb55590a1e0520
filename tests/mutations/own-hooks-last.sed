# A constructor's own hooks come before its ancestors': here its later ones come after.
# Construct/NodeBuilder.fs
s/Hooks = own @ Scopes\.laterHooks scopes/Hooks = Scopes.laterHooks scopes @ own/
