# A hook acts for whoever registered it: here for the module that it changes.
# Construct/NodeBuilder.fs
s/            onBehalf <- struct (item\.Source, item\.Order)\n/            if item.Source = Detached then onBehalf <- struct (item.Source, item.Order)\n/
