# A module is the twin of one of which the same is said: here of any from the same spec.
# Construct/NodeBuilder.fs
s/Scopes\.same twin\.Own\.Particulars\.Outer (Scopes\.outerOf all aliases entry\.Name)/true/
