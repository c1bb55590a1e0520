# What was said on a spec since it was given is the next owner's: here the first one's.
# Spec/Owners.fs
s/owner :: earlier when number <= owner\.Steps ->/owner :: earlier when number <= owner.Steps + 1000 ->/
