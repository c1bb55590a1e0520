# The user beats everything: here nothing beats less.
# Config/Source.fs
s/User -> -1/User -> 1000/
