# Each module that is made can have twins or not: here as the one before it could.
# Construct/Twins.fs
s/        canHaveTwins <- ValueNone\n//
