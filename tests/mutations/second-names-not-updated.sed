# A change under a second name touches the module: here reconstruction passes it over.
# Construct.fs
s/let aliases = node\.Aliases/let aliases: (string * Tag) list = []/
