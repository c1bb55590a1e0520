# What came in through an argument stays its giver's in a copy: here it is whoever's attaches the copy.
# Construct/Copy.fs
s/Value\.claim origin\.Owner (origin\.Stamp @ \[ 0 \]) value/value/
