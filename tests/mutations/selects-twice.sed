# A selector gives each tag once: here as often as it is found.
# Selector.fs
s/ |> List\.distinctBy fst//
