# A spec that was taken out of a tree is nobody's again: here it stays the module's that had it.
# Construct/Construct.fs
s/(asRoot (Spec\.release spec))/(asRoot spec)/
