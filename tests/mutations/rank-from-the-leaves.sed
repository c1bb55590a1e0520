# The source closest to the root wins: here the farthest does.
# Config/Source.fs
s/Derived tag -> tag\.Depth/Derived tag -> 1000 - tag.Depth/
