# A change under a second name touches the module: here reconstruction passes it over.
# Construct.fs
s/let at = withoutAliases node\.Aliases at/let at = withoutAliases [] at/
