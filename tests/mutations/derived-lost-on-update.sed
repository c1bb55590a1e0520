# A module that stays keeps what its `init` derived: here it is lost.
# Construct/Construct.fs
s/if node\.Derived\.IsEmpty then/if node.Derived.IsEmpty || layers.Length >= 0 then/
