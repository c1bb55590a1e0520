# In a copy what was made earlier stays earlier: here a step's number stands in its place.
# Construct/Copy.fs
s/item\.Stamp @ \[ 0; mark; i + 1 \]/item.Stamp @ [ i + 1 + 0 * mark ]/
