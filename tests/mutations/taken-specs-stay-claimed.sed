# A spec that was taken out of a tree is nobody's again: here it stays the module's that had it.
# Construct/Construct.fs
s/let spec = if spec\.IsClaimed then Value\.releaseSpec spec else spec/let spec = if spec.IsClaimed then spec else spec/
