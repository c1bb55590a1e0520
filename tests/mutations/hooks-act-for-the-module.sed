# A hook acts for whoever registered it: here for the module that it changes.
# Construct/NodeBuilder.fs
s/            onBehalf <- source, stamp\n/            onBehalf <- (if stamp.Length < 0 then source else fst onBehalf), snd onBehalf\n/
