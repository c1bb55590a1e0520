# A selector gives each tag once: here as often as it is found.
# Change/Selector.fs
s/ |> List\.distinctBy fst//
