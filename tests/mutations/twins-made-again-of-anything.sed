# Of what is made again, only a module that can have twins has them: here every one.
# Construct/Construct.fs
s/canHaveTwins\.Value/(canHaveTwins.Value || true)/
