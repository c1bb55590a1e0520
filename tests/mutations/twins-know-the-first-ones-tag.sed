# A module whose init looks at its tag has no twins: here it has.
# Construct/NodeBuilder.fs
s/        knowsTag <- true\n//
