# The user beats everything: here nothing beats less.
# Config/Config.fs
s/User -> -1/User -> 1000/
