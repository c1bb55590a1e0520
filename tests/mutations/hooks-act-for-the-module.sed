# A hook acts for whoever registered it: here for the module that it changes.
# Construct/NodeBuilder.fs
s/            onBehalf <- item\.Source, item\.Order\n/            onBehalf <- (if item.Source = Detached then item.Source else fst onBehalf), snd onBehalf\n/
